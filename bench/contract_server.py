"""A contract server of the tests in a process of its own, which answers after a given time and can begin anew.

Beginning anew puts everything that the server keeps back to where it was once the account was connected, so that the
very same requests can be sent a second time: a network would call them duplicates otherwise.
"""

import copy
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from networks.content import Picture
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.local import SERVERS

UNCOUNTED = frozenset({"requests", "connections", "ended", "url"})
"""What a server knows of its own running, and not of what it keeps."""


@dataclass(frozen=True)
class Running:
    """A server as its client sees it. `pictures` is where its picture can be fetched."""

    url: str
    credentials: dict[str, str]
    pictures: str
    _ask: Connection

    def begin_anew(self) -> None:
        """Forgets what was posted."""
        self._told("anew")

    def seen(self) -> tuple[int, int, int]:
        """Requests and connections since it began anew, and the posts that stand there."""
        told: tuple[int, int, int] = self._told("seen")
        return told

    def _told(self, word: str) -> Any:  # noqa: ANN401 - what the other end sends
        self._ask.send(word)
        return self._ask.recv()


@contextmanager
def running(slug: str, latency: float, picture: Picture) -> Iterator[Running]:
    """The contract server of a network, which answers after `latency` seconds, for the length of the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(slug, latency, picture.read(), theirs), daemon=True)
    process.start()
    try:
        url, credentials, pictures = ours.recv()
        yield Running(url, credentials, pictures, ours)
    finally:
        ours.send("end")
        process.join(10)


def _serve(slug: str, latency: float, picture: bytes, asked: Connection) -> None:
    from networks import public_hosts

    public_hosts.allow(["127.0.0.1"])
    with _slow(slug, latency) as server, _Pictures(picture) as pictures:
        asked.send((server.url, _credentials(slug, server), pictures.url))
        kept = _kept(server)
        while (word := asked.recv()) != "end":
            if word == "anew":
                vars(server).update(copy.deepcopy(kept))
                server.requests, server.connections = [], 0
            asked.send((len(server.requests), server.connections, len(server.posts())))  # type: ignore[attr-defined]


def _slow(slug: str, latency: float) -> FakeServer:
    module, _, name = SERVERS[slug].server.partition(":")
    fake: Any = getattr(import_module(module), name)

    class Slow(fake):  # type: ignore[misc]  # found by its name
        def take(self, request: Request) -> tuple[str, Reply]:
            time.sleep(latency)
            answer: tuple[str, Reply] = super().take(request)
            return answer

    made: FakeServer = Slow()
    return made


def _credentials(slug: str, server: Any) -> dict[str, str]:  # noqa: ANN401 - each server has its own ways
    """What a channel would hold once its account was connected."""
    if slug == "bluesky":
        from networks.bluesky import connect
        from tests.networks.fakes.bluesky import APP_PASSWORD, HANDLE

        return dict(connect(server.url, HANDLE, APP_PASSWORD)[0])
    if slug == "mastodon":
        from tests.networks.fakes.mastodon import ACCOUNT_ID

        own = {"account_id": ACCOUNT_ID, "version": "4.4.3", "keeps_keys": "yes"}
        return {"access_token": server.new_token(), **own}
    if slug == "telegram":
        from tests.networks.fakes.telegram import CHAT_ID, TOKEN, USERNAME

        return {"token": TOKEN, "chat_id": str(CHAT_ID), "username": USERNAME}
    return dict(server.credentials())


def _kept(server: FakeServer) -> dict[str, Any]:
    """A copy of what the server keeps."""
    state = {name: value for name, value in vars(server).items() if name not in UNCOUNTED}
    return copy.deepcopy({name: value for name, value in state.items() if name not in ("_lock", "_server")})


class _Pictures(FakeServer):
    """Serves one picture under every address."""

    def __init__(self, picture: bytes) -> None:
        super().__init__()
        self._picture = picture

    def answer(self, request: Request) -> Reply:
        return Reply(200, self._picture, {"Content-Type": "image/jpeg"})
