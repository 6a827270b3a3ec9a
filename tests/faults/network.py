"""The recording network: the wall, as its own process with its own durable store, doing wrong by a seeded die.

Accounts named `keyed-…` are known to it by the client's key: the same key again within KEY_LIVES gives the same post.
"""

import argparse
import random
import signal
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from networks.wall import server
from networks.wall.exchange import ProblemError, Reply, as_json
from networks.wall.faults import Fault, Faults
from networks.wall.server import Handler, WallServer
from networks.wall.store import NewPost, Store, stamp

KEY_LIVES = timedelta(seconds=60)
"""How long a key is remembered, as Mastodon remembers it for an hour."""
ODDS: dict[str, float] = {
    "error_after": 0.03, "hang_after": 0.02, "drop_after": 0.02, "reset_after": 0.02, "half": 0.02,
    "error_before": 0.02, "reset_before": 0.01, "html": 0.005, "accept_slowly": 0.01, "refuse": 0.005, "limit": 0.01,
}  # fmt: skip
"""How often each fault befalls a post; the rest goes well."""
LIMIT = "2"
"""Seconds that a limited account is told to wait."""


@dataclass(frozen=True)
class NetworkFault(Fault):
    """The wall's own faults, with a short limit, and connections that are reset, before or after accepting."""

    def instead(self, path: str, token: str) -> Reply | None:
        """As the wall's."""
        if self.kind == "limit":
            raise ProblemError(429, "Too many.", {"Retry-After": LIMIT})
        if self.kind == "reset_before":
            return as_json({"error": "reset"}, 599)
        return super().instead(path, token)

    def after(self, accepted: Reply) -> Reply:
        """As the wall's."""
        return as_json({"error": "reset"}, 599) if self.kind == "reset_after" else super().after(accepted)


class Dice(Faults):
    """A fault for a post now and then, by its own seeded random numbers; `odds` 0 does nothing wrong."""

    def __init__(self, seed: int, odds: float) -> None:
        super().__init__()
        self._dice, self._odds = random.Random(seed), odds

    def take(self, network: str, account: str) -> Fault | None:
        """What befalls this post."""
        with self._lock:
            thrown, slow = self._dice.random() / (self._odds or 1e-9), self._dice.choice([1.0, 2.0, 5.5])
        for kind, odds in ODDS.items():
            thrown -= odds
            if thrown < 0:
                return NetworkFault(kind, seconds=slow if kind == "accept_slowly" else 0.0)
        return None


class KeyedStore(Store):
    """A store that knows a key again for a while."""

    def add(self, new: NewPost) -> int:
        """As the wall's, except that a known key gives the post that it was first given for."""
        if not new.key:
            return super().add(new)
        with self._lock:
            since = stamp(datetime.now(UTC) - KEY_LIVES)
            where = "network = ? AND account = ? AND key = ? AND at >= ?"
            known = self._rows(f"SELECT id FROM post WHERE {where}", (new.network, new.account, new.key, since))  # noqa: S608
            return int(known[0]["id"]) if known else super().add(new)


class ResettingHandler(Handler):
    """Sends what it must, or tears the connection down hard."""

    def _send(self, reply: Reply) -> None:
        if reply.status != 599:
            super()._send(reply)
            return
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def main(words: list[str] | None = None) -> int:
    """Serves until it is told to end."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.network")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--odds", type=float, default=1.0, help="0 does nothing wrong, 1 is as ODDS says")
    options = parser.parse_args(words)
    vars(server)["Handler"] = ResettingHandler
    with KeyedStore(options.data) as store:
        wall = WallServer("127.0.0.1", options.port, store, Dice(options.seed, options.odds))
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=wall.shutdown, daemon=True).start())
        with wall:
            wall.serve_forever(poll_interval=0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
