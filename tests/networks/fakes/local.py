"""The local servers of `make demo NETWORKS=local`: one of each network, on ports in a row, in one process.

A network's server joins by one line in SERVERS. They keep what is posted until they end, and show it on their first
page. Everything here is for trying; nothing of it is part of what is installed on a server.
"""

import argparse
import html
import os
import signal
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.networks.contract import Seen
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.consent import CLIENT_ID, CLIENT_SECRET
from tests.networks.fakes.meta import APP_ID, APP_SECRET
from tests.networks.fakes.telegram import TOKEN, USERNAME


@dataclass(frozen=True)
class Local:
    """`server` is `module:Class` of a FakeServer. `client_id` and `client_secret` are the app that it knows, for a
    network whose app the operator puts in; `hint` says what to type, for a network that is connected by a form."""

    server: str
    client_id: str = ""
    client_secret: str = ""
    hint: str = ""


SERVERS: dict[str, Local] = {
    "x": Local("tests.networks.fakes.x:FakeX", CLIENT_ID, CLIENT_SECRET),
    "facebook": Local("tests.networks.fakes.facebook:FakeFacebook", APP_ID, APP_SECRET),
    "instagram": Local("tests.networks.fakes.instagram:FakeInstagram", APP_ID, APP_SECRET),
    "linkedin": Local("tests.networks.fakes.linkedin:FakeLinkedIn", CLIENT_ID, CLIENT_SECRET),
    "telegram": Local("tests.networks.fakes.telegram:FakeTelegram", hint=f"bot token {TOKEN}, channel @{USERNAME}"),
    "mastodon": Local("tests.networks.fakes.mastodon:FakeMastodon"),
    "bluesky": Local(
        "tests.networks.fakes.bluesky:FakePds", hint="handle chorus.test, app password abcd-efgh-ijkl-mnop"
    ),
}
"""Slug → server. The first listens on the port that is given, each other one on the next."""


def addresses(port: int) -> dict[str, str]:
    """Where each network's server listens, if the first one has `port`."""
    return {slug: f"http://127.0.0.1:{port + number}" for number, slug in enumerate(SERVERS)}


def shown(slug: str, server: type[FakeServer], port: int) -> FakeServer:
    """A server on `port` that shows a page to whoever opens it in a browser."""

    class Shown(server):  # type: ignore[misc,valid-type]  # the class is found by its name
        def answer(self, request: Request) -> Reply:
            if request.path == "/favicon.ico":  # every browser asks for it
                return Reply(204)
            reply: Reply = super().answer(request)
            opened = request.method == "GET" and "text/html" in (request.headers["Accept"] or "")
            return page(slug, self.posts()) if opened and (request.path == "/" or reply.status >= 404) else reply

    Shown.port = port
    if hasattr(server, "redirects"):  # Meta's apps name the addresses that they send people back to
        Shown.redirects = (f"{os.environ['CHORUS_PUBLIC_URL'].rstrip('/')}/channels/consented/",)
    made: FakeServer = Shown()
    return made


def page(slug: str, posts: Sequence[Seen]) -> Reply:
    """What stands on the server, newest first."""
    rows = "".join(
        f'<article lang="{html.escape(one.language)}"><p>{html.escape(one.text)}</p></article><hr>'
        for one in reversed(posts)
    )
    said = html.escape(SERVERS[slug].hint)
    body = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Local {slug}</title><h1>Local {slug}</h1>"
        f"<p>A server of Chorus' tests. {said}</p>{rows or '<p>Nothing has been posted here yet.</p>'}</html>"
    )
    return Reply(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})


def main() -> None:
    """Runs all of them until the process is told to end."""
    parser = argparse.ArgumentParser(description="Runs a local server of each network.")
    parser.add_argument("--port", type=int, required=True, help="of the first server; the others follow")
    port = parser.parse_args().port
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with ExitStack() as stack:
        for at, (slug, local) in enumerate(SERVERS.items()):
            module, _, name = local.server.partition(":")
            found: Any = getattr(import_module(module), name)
            stack.enter_context(shown(slug, found, port + at))
        ended.wait()


if __name__ == "__main__":
    main()
