"""A line between a worker and its database that can be cut: SIGUSR1 cuts it, SIGUSR2 mends it.

Cut means: every connection is reset at once, and a new one is refused in the same way.
"""

import asyncio
import signal
import sys
from contextlib import suppress


class Line:
    """Passes bytes both ways, or nothing at all."""

    def __init__(self, target: int) -> None:
        self._target, self._cut = target, False
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Tears everything down."""
        self._cut = True
        for writer in list(self._open):
            writer.transport.abort()

    def mend(self) -> None:
        """From now on connections go through again."""
        self._cut = False

    async def serve(self, port: int) -> None:
        """Runs for ever."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self.cut)
        loop.add_signal_handler(signal.SIGUSR2, self.mend)
        async with await asyncio.start_server(self._connected, "127.0.0.1", port) as server:
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(OSError):
            while (piece := await reader.read(65536)) and not self._cut:
                writer.write(piece)
                await writer.drain()
        self._open.discard(writer)
        with suppress(OSError):
            writer.close()


if __name__ == "__main__":
    asyncio.run(Line(int(sys.argv[2])).serve(int(sys.argv[1])))
