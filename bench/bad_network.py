"""A network in trouble: `python -m bench.bad_network limit|hang` writes its address on one line.

«limit» answers everything with 429 and a minute's wait; «hang» takes a request and never answers.
"""

import asyncio
import sys

LIMIT = b"HTTP/1.1 429 -\r\nRetry-After: 60\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


async def limit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one refusal, and the end of the connection."""
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(LIMIT)
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads on until the client goes away."""
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass
    writer.close()


async def main(way: str) -> None:
    """Serves on a free port of this machine until it is ended."""
    server = await asyncio.start_server({"limit": limit, "hang": hang}[way], "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
