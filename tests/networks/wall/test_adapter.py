"""The adapter of the wall keeps the contract, against the real process."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from networks.content import Json, Prepared, Published, ReplyTo, Segment
from networks.errors import ReconnectError, RefusedError
from networks.wall.adapter import WallAdapter
from tests.networks import samples
from tests.networks.contract import SCENARIOS, AdapterContract, Keeper, MakeAdapter, Seen, Server, long_ago
from tests.wall_process import Wall, start_wall

TOKEN = "wall-token-of-the-contract"
SEND_SECONDS = 3.0
"""Long enough for a post to reach the disk of a busy machine; each hanging answer costs a test this long."""
KINDS = {
    "refused": "refuse",
    "token_dead": "token",
    "rate_limited": "limit",
    "server_error_before": "error_before",
    "server_error_after_accept": "error_after",
    "hang_after_accept": "hang_after",
    "drop_after_accept": "drop_after",
    "drip_after_accept": "drip_after",
    "half_answer": "half",
    "huge_answer": "huge_after",
}
"""What the contract calls a scenario, where the wall has another word for it."""


def adapter(url: str, *, network: str = "mastodon", **changed: str) -> WallAdapter:
    credentials = {"account": "apav", "author": "APAV", "token": TOKEN, **changed}
    return WallAdapter(url, credentials, network, send_seconds=SEND_SECONDS)


class WallServer:
    """The running wall, in the contract's words."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.url = wall.url

    def posts(self) -> Sequence[Seen]:
        return [seen(post) for post in self.wall.posts()]

    def next_answer(self, scenario: str) -> None:
        self.wall.fault(KINDS.get(scenario, scenario))


def seen(post: dict[str, Any]) -> Seen:
    alts = tuple(picture["alt"] for picture in post["pictures"])
    return Seen(post["id"], post["text"], post["language"], alts, post["reply_to"] or "")


class TestWallAdapter(AdapterContract):
    scenarios = SCENARIOS - {"duplicate", "scope_missing", "error_inside"}  # the wall knows tokens and statuses alone
    armed_by_method = False
    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[WallServer]:
        wall = start_wall(tmp_path / "wall")
        yield WallServer(wall)
        wall.stop()

    @pytest.fixture
    def make_adapter(self) -> MakeAdapter:
        return adapter

    def test_a_lost_lease_passes_through_prepare(
        self, server: Server, make_adapter: MakeAdapter, segment: Segment
    ) -> None:
        pictured = replace(segment, pictures=(samples.picture("A hand"),))
        super().test_a_lost_lease_passes_through_prepare(server, make_adapter, pictured)


def publish(url: str, segment: Segment, reply_to: ReplyTo | None = None) -> Published:
    return adapter(url).publish(segment, Prepared(), reply_to)


def test_progress_is_kept_after_each_picture(wall: Wall):
    pictures = (samples.picture("A hand"), samples.picture("A telephone"))
    kept: list[int] = []

    def keep(progress: Mapping[str, Json], *, repeat_key: str = "") -> None:
        kept.append(len(progress["pictures"]))

    adapter(wall.url).prepare(Segment("Text", "en", pictures), {}, keep, None)
    assert kept == [1, 2]


def test_a_picture_that_was_kept_is_not_read_again(wall: Wall):
    def read() -> bytes:
        raise AssertionError

    picture = replace(samples.picture("A hand"), read=read)
    kept = {"pictures": [picture.digest]}
    assert adapter(wall.url).prepare(Segment("Text", "en", (picture,)), kept, Keeper(), None).kept == kept


def test_the_token_of_another_organisation_must_reconnect(wall: Wall):
    adapter(wall.url).whoami()
    stranger = adapter(wall.url, token="another")
    with pytest.raises(ReconnectError):
        stranger.whoami()
    with pytest.raises(ReconnectError):
        stranger.publish(Segment("Text", "en"), Prepared(), None)
    with pytest.raises(ReconnectError):
        stranger.find(Segment("Text", "en"), Prepared(), long_ago(), None, frozenset())


def test_a_text_over_the_networks_limit_is_refused_with_the_count(wall: Wall):
    with pytest.raises(RefusedError, match=r"501.*500"):
        publish(wall.url, Segment("a" * 501, "en"))


def test_whoami_gives_the_address_where_the_account_is_seen(wall: Wall):
    account = adapter(wall.url, account="a&b c").whoami()
    assert account.url == f"{wall.url}/?network=mastodon&account=a%26b%20c"


def test_find_takes_the_part_that_answers_the_given_parent(wall: Wall):
    root = publish(wall.url, Segment("Root", "en"))
    publish(wall.url, Segment("Same", "en"))
    answer = publish(wall.url, Segment("Same", "en"), ReplyTo(root, root))
    found = adapter(wall.url).find(Segment("Same", "en"), Prepared(), long_ago(), root, frozenset())
    assert found == answer


def test_find_leaves_out_what_is_ours_and_takes_the_next(wall: Wall):
    first = publish(wall.url, Segment("Same", "en"))
    second = publish(wall.url, Segment("Same", "en"))
    ours = frozenset({first.remote_id})
    assert adapter(wall.url).find(Segment("Same", "en"), Prepared(), long_ago(), None, ours) == second


def test_another_accounts_post_is_not_taken_for_ours(wall: Wall):
    publish(wall.url, Segment("Same", "en"))
    other = adapter(wall.url, account="other")
    assert other.find(Segment("Same", "en"), Prepared(), long_ago(), None, frozenset()) is None


def test_a_repeat_is_never_called_harmless(wall: Wall):
    now = datetime.now(UTC)
    assert not adapter(wall.url).repeat_is_harmless(now, now)
