"""Starts the wall: `python -m networks.wall --data DIR --port 8001`."""

import argparse
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from networks.wall.faults import Faults
from networks.wall.server import WallServer
from networks.wall.store import Store


def main(words: list[str] | None = None) -> int:
    """Serves until it is told to end. Returns the exit code: 2 where the port or the folder cannot be had."""
    options = _options(words)
    try:
        with Store(options.data) as store:
            return _serve(options, store)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        return _fail(f"The wall cannot keep its posts in {options.data}: {why}. Choose another folder with --data.")


def _serve(options: argparse.Namespace, store: Store) -> int:
    try:
        server = WallServer(options.host, options.port, store, Faults() if options.faults else None, options.url)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        place = f"port {options.port} on {options.host}"
        return _fail(f"The wall cannot have {place}: {why}. Choose another one with --port.")
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread, because `shutdown` waits for the loop that this very signal interrupts.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    sys.stdout.write(f"The wall stands at {server.wall.url}\n")
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.05)
    return 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m networks.wall", description="A sandbox network, and its page.")
    parser.add_argument("--data", type=Path, required=True, help="the folder that keeps the posts")
    parser.add_argument("--port", type=int, default=8001, help="0 takes any that is free (default: 8001)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--url", default="", help="the public address, where it is another than host and port")
    parser.add_argument("--faults", action="store_true", help="may be told to do wrong, for tests and rehearsals")
    return parser.parse_args(words)


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
