"""A recording network: takes posts as the wall does, keeps them in memory, and answers after a given time.

`python -m bench.network LATENCY` (milliseconds) writes its address on one line. asyncio and almost no parsing, so that
on a machine of two cores the network is not what is measured.
"""

import asyncio
import json
import sys
import time


class Recorder:
    """What was accepted: (account, text) → the moments (Unix time) at which it came."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.connections = 0
        self.accepted: dict[tuple[str, str], list[float]] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept for as many requests as the client likes."""
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                answer = await self._answer(head, body)
                writer.write(_http(*answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, head: bytes, body: bytes) -> tuple[int, object]:
        if head.startswith(b"POST /api/posts "):
            return await self._accept(json.loads(body))
        if head.startswith(b"GET /recorded "):
            return 200, self._recorded()
        return 404, {"error": "This network takes posts only."}

    async def _accept(self, post: dict[str, str]) -> tuple[int, object]:
        moments = self.accepted.setdefault((post["account"], post["text"]), [])
        moments.append(time.time())
        if self.latency:
            await asyncio.sleep(self.latency)
        name = f"{post['account']}-{len(self.accepted)}"
        return 201, {"id": name, "url": f"https://network.example.org/{name}"}

    def _recorded(self) -> object:
        posts = [[account, text, moments] for (account, text), moments in self.accepted.items()]
        self.accepted = {}
        connections, self.connections = self.connections, 0
        return {"posts": posts, "connections": connections}


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


def _http(status: int, fields: object) -> bytes:
    body = json.dumps(fields).encode()
    return b"HTTP/1.1 %d -\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


async def main(latency: float) -> None:
    """Serves on a free port of this machine until it is ended."""
    server = await asyncio.start_server(Recorder(latency).serve, "127.0.0.1", 0, backlog=512)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) / 1000))
