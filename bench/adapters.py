"""Posts per second through each adapter, beside the same HTTP calls made bare: `python -m bench.adapters --json`.

Each adapter publishes against the contract server of its network, which runs in a process of its own and answers after
20 ms. What the adapter sent is written down (method, address, headers, body); then the server forgets what was posted,
and the very same requests go out again through one kept-alive `requests.Session` with nothing around it. The two take
turns, so that a busy machine is busy for both.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from typing import Any

import requests

from bench import contract_server
from bench.contract_server import Running
from networks import public_hosts, registry
from networks.base import Adapter
from networks.content import Json, Picture, Segment
from networks.transport import Transport
from tests.networks import samples

BAR = 0.8
"""Posts per second through the adapter, over those of the bare calls."""
TEXT = "Victims of crime have rights, and somebody listens: https://victim-support.eu/help #116006 (post {number})"


@dataclass
class Row:
    """One network. Rates are posts per second, processor times milliseconds of this process for one post."""

    network: str
    calls: float
    """Requests for one post."""
    ours: float
    bare: float
    ratio: float
    cpu_ours: float
    cpu_bare: float
    connections_ours: int
    connections_bare: int


@dataclass
class Turn:
    """One turn of one side."""

    seconds: float
    cpu: float
    connections: int


@dataclass
class Recorder:
    """What left an adapter."""

    sent: list[requests.PreparedRequest] = field(default_factory=list)

    def __enter__(self) -> "Recorder":
        self._send = Transport.send

        def send(transport: Transport, request: requests.PreparedRequest, **rest: Any) -> requests.Response:  # noqa: ANN401
            self.sent.append(request.copy())
            return self._send(transport, request, **rest)

        Transport.send = send  # type: ignore[assignment, method-assign]  # for the length of the block
        return self

    def __exit__(self, *_error: object) -> None:
        Transport.send = self._send  # type: ignore[method-assign]


def main(words: Sequence[str] | None = None) -> int:
    """Measures each network; returns 1 where one is below the bar."""
    options = _options(words)
    public_hosts.allow(["127.0.0.1"])
    rows = [_measure(slug, options) for slug in options.networks]
    missed = [f"{row.network}: {row.ratio} < {BAR}" for row in rows if row.ratio < BAR]
    for word in missed:
        print(f"missed: {word}")
    if options.json:
        print(json.dumps({"bench": "adapters", "rows": [asdict(row) for row in rows], "missed": missed}))
    return 1 if missed else 0


def _measure(slug: str, options: argparse.Namespace) -> Row:
    picture = samples.picture("A hand on a telephone")
    with contract_server.running(slug, options.latency / 1000, picture) as server:
        ours, bare, calls = [], [], 0.0
        # One more than is counted: the first opens connections and imports libraries.
        for turn in range(options.turns + 1):
            posts = _posts(slug, server, picture, turn, options.posts)
            with Recorder() as recorder:
                ours.append(_timed(server, posts, slug))
            calls = len(recorder.sent) / len(posts)
            with requests.Session() as session:
                bare.append(_replayed(server, session, recorder.sent, len(posts)))
    row = _row(slug, calls, ours[1:], bare[1:], options.posts)
    print(row)
    return row


def _row(slug: str, calls: float, ours: list[Turn], bare: list[Turn], posts: int) -> Row:
    seconds = [statistics.median(turn.seconds for turn in turns) for turns in (ours, bare)]
    cpu = [statistics.median(turn.cpu for turn in turns) * 1000 / posts for turns in (ours, bare)]
    ratio = statistics.median(theirs.seconds / mine.seconds for mine, theirs in zip(ours, bare, strict=True))
    return Row(
        slug, calls, round(posts / seconds[0], 2), round(posts / seconds[1], 2), round(ratio, 3),
        round(cpu[0], 2), round(cpu[1], 2),
        sum(turn.connections for turn in ours), sum(turn.connections for turn in bare),
    )  # fmt: skip


def _posts(slug: str, server: Running, picture: Picture, turn: int, count: int) -> list[Segment]:
    """The posts of one turn; with a picture where the network takes none without."""
    needed = registry.get(slug).limits.picture_required
    hosted = replace(picture, public_url=lambda width, height: f"{server.pictures}/{width}x{height}")
    texts = [TEXT.format(number=turn * count + number) for number in range(count)]
    return [Segment(text, "en", pictures=(hosted,) if needed else ()) for text in texts]


def _timed(server: Running, posts: list[Segment], slug: str) -> Turn:
    """A new adapter for each post, as a worker makes one. Raises what the adapter raises."""
    server.begin_anew()
    began, cpu = time.perf_counter(), time.process_time()
    for post in posts:
        adapter = _adapter(slug, server)
        adapter.publish(post, adapter.prepare(post, {}, _keep, None), None)
    return _turn(server, began, cpu, len(posts))


def _replayed(server: Running, session: requests.Session, sent: list[requests.PreparedRequest], posts: int) -> Turn:
    """The same requests, and the same posts there afterwards."""
    server.begin_anew()
    began, cpu = time.perf_counter(), time.process_time()
    for one in sent:
        answer = session.request(
            one.method or "", one.url or "", headers=one.headers, data=one.body, allow_redirects=False
        )
        answer.raise_for_status()
    return _turn(server, began, cpu, posts)


def _turn(server: Running, began: float, cpu: float, posts: int) -> Turn:
    turn = Turn(time.perf_counter() - began, time.process_time() - cpu, 0)
    _requests, turn.connections, stand = server.seen()
    assert stand == posts, f"{stand} posts stand there, {posts} were sent"  # noqa: S101
    return turn


def _adapter(slug: str, server: Running) -> Adapter:
    module, _, name = registry.get(slug).adapter.partition(":")
    made: Adapter = getattr(import_module(module), name)(server.url, server.credentials)
    return made


def _keep(kept: Json, *, repeat_key: str = "") -> None:
    """Nothing is stored: what keeping costs is bench/publishing.py's matter."""


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.adapters", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--networks", nargs="+", default=list(registry.NETWORKS))
    parser.add_argument("--latency", type=int, default=20, help="milliseconds before each answer")
    parser.add_argument("--posts", type=int, default=25, help="posts in one turn")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
