"""What every network and every adapter must keep to: two test classes to inherit from, and the server's protocol.

A network's test file says `class TestX(NetworkContract): network = X()`. An adapter's test file inherits from
`AdapterContract` and gives the fixtures `server` and `make_adapter`.
"""

import json
import socket
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

import pytest

from networks.base import SEND_TIMEOUT, Adapter
from networks.content import CANNOT_TELL, Json, Prepared, Published, ReplyTo, Segment
from networks.errors import (
    DuplicateError,
    LaterError,
    NetworkError,
    ReconnectError,
    RefusedError,
    UnclearError,
)
from tests.networks import samples
from tests.networks.rules_contract import NetworkContract
from tests.networks.trouble_contract import INSIDE, TroubleContract

__all__ = ["SCENARIOS", "AdapterContract", "Keeper", "MakeAdapter", "NetworkContract", "Seen", "Send", "Server"]

DEFINITE: Mapping[str, type[NetworkError]] = {
    "refused": RefusedError,
    "duplicate": DuplicateError,
    "token_dead": ReconnectError,
    "scope_missing": ReconnectError,
    "rate_limited": LaterError,
}
"""Answers that say for certain that nothing was posted."""

ACCEPTED: tuple[str, ...] = (
    "server_error_after_accept",
    "hang_after_accept",
    "drop_after_accept",
    "drip_after_accept",
    "half_answer",
    "huge_answer",
)
"""The post is out and the adapter cannot know it."""

NOT_ACCEPTED: tuple[str, ...] = ("server_error_before", "html", "redirect")
"""The post is not out, and the answer does not prove it."""

SCENARIOS = frozenset((*DEFINITE, *ACCEPTED, *NOT_ACCEPTED, INSIDE))


@dataclass(frozen=True)
class Seen:
    """A post as the server holds it. `parent` and `root` are remote ids, empty where it answers nothing."""

    remote_id: str
    text: str
    language: str = ""
    alts: tuple[str, ...] = ()
    parent: str = ""
    root: str = ""


class Server(Protocol):
    """A server that can be told how to answer. It runs on 127.0.0.1 and keeps what it accepts.

    `next_answer(scenario)` concerns the next irreversible call alone; every other call, and every later one, is
    answered well. What a scenario does:

    refused                    the network's own answer to a text that it will not have
    duplicate                  the network's own answer to a text that it has already
    token_dead                 the network's own answer to a dead credential, which it repeats in its message
    scope_missing              the network's own answer to a credential that lacks the right to post
    rate_limited               the network's own answer to too many calls, with the time to wait in its usual header
    server_error_before        500, nothing kept
    html                       200 with a page of HTML, nothing kept
    error_inside               200 with an error of the network inside, nothing kept
    redirect                   307 to the same address: whoever follows it, posts
    server_error_after_accept  kept, then 500
    hang_after_accept          kept, then no answer until the adapter gives up
    drip_after_accept          kept, then a good answer so slow, byte by byte, that no single read ever times out
    drop_after_accept          kept, then the connection is closed without an answer
    half_answer                kept, then half of the announced body and the connection is closed
    huge_answer                kept, then a body of 50 MB or more
    """

    url: str

    def posts(self) -> Sequence[Seen]:
        """What stands on the server, oldest first."""

    def next_answer(self, scenario: str) -> None:
        """Arms one of SCENARIOS."""


class MakeAdapter(Protocol):
    """Makes a new adapter for the same account at `base_url`, whose `publish` ends within `send_seconds`."""

    def __call__(self, base_url: str) -> Adapter: ...


class Keeper:
    """A `Keep` that replaces what was kept before, after a journey through JSON like the real one."""

    def __init__(self) -> None:
        self.kept: Mapping[str, Json] = {}
        self.repeat_key = ""

    def __call__(self, kept: Mapping[str, Json], *, repeat_key: str = "") -> None:
        self.kept = json.loads(json.dumps(dict(kept)))
        self.repeat_key = repeat_key or self.repeat_key


class LeaseLost(Exception):  # noqa: N818 - it stands for whatever the scheduler raises, not for an error of networks
    """Raised by a `Keep` whose lease is over."""


def lost(kept: Mapping[str, Json], *, repeat_key: str = "") -> None:
    """A `Keep` that always finds its lease lost."""
    raise LeaseLost


def long_ago() -> datetime:
    """A moment before every post of a test."""
    return datetime.now(UTC) - timedelta(hours=1)


class AdapterContract(TroubleContract):
    """Fixtures of the subclass: `server` and `make_adapter`. The class attributes say what the adapter cannot do."""

    scenarios: ClassVar[frozenset[str]] = SCENARIOS
    """What the server can play; take away what the network does not have (a network without duplicates)."""
    secrets: ClassVar[tuple[str, ...]] = ()
    """Every secret that `make_adapter` gives its adapters."""
    send_seconds: ClassVar[float] = 2.0
    """How long `publish` may last with the adapters of `make_adapter`; never more than SEND_TIMEOUT."""
    text: ClassVar[str] = "Victims of crime have rights: https://victim-support.eu/help #116006 — € “”\n\nναι 👩‍👩‍👧"
    threads: ClassVar[bool] = True
    pictures: ClassVar[bool] = True
    languages: ClassVar[bool] = True
    """Whether the network is told the language of a post."""
    finds_by_key: ClassVar[bool] = False
    """Whether `find` asks by the repeat key, so that `since` has no part in it."""
    prepares: ClassVar[bool] = True
    """Whether `prepare` keeps anything."""

    @pytest.fixture
    def server(self) -> Iterator[Server]:
        raise pytest.UsageError("An adapter's test class gives the fixture `server`.")

    @pytest.fixture
    def make_adapter(self) -> MakeAdapter:
        raise pytest.UsageError("An adapter's test class gives the fixture `make_adapter`.")

    @pytest.fixture
    def closed_url(self) -> Iterator[str]:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{held.getsockname()[1]}"

    @pytest.fixture
    def segment(self) -> Segment:
        return Segment(text=self.text, language="el")

    @pytest.fixture
    def send(self, server: Server, make_adapter: MakeAdapter) -> "Send":
        return Send(server, make_adapter)

    def play(self, send: "Send", segment: Segment, scenario: str) -> NetworkError:
        """The error that `publish` raises when the server plays `scenario`; skips what the server cannot play."""
        if scenario not in self.scenarios:
            pytest.skip(f"this network has no answer «{scenario}»")
        prepared = send.prepare(segment)
        send.server.next_answer(scenario)
        with pytest.raises(NetworkError) as caught:
            send.publish(segment, prepared)
        return caught.value

    def test_whoami_names_the_account(self, server: Server, make_adapter: MakeAdapter) -> None:
        account = make_adapter(server.url).whoami()
        assert account.remote_id
        assert account.name

    def test_publish_makes_exactly_one_post_with_the_exact_text(self, send: "Send", segment: Segment) -> None:
        published = send(segment)
        assert [(seen.remote_id, seen.text) for seen in send.server.posts()] == [(published.remote_id, self.text)]

    def test_the_answer_names_a_public_address_and_survives_json(self, send: "Send", segment: Segment) -> None:
        published = send(segment)
        assert published.url.startswith(("https://", "http://127.0.0.1"))
        assert json.loads(json.dumps(dict(published.ref))) == dict(published.ref)

    def test_the_language_goes_along(self, send: "Send", segment: Segment) -> None:
        if not self.languages:
            pytest.skip("this network is not told a language")
        send(segment)
        assert send.server.posts()[0].language == "el"

    def test_pictures_go_along_in_order_with_their_alt_texts(self, send: "Send", segment: Segment) -> None:
        if not self.pictures:
            pytest.skip("this adapter sends no pictures")
        send(replace(segment, pictures=(samples.picture("A hand"), samples.picture("A telephone, “116 006”"))))
        assert send.server.posts()[0].alts == ("A hand", "A telephone, “116 006”")

    def test_prepare_alone_posts_nothing(self, send: "Send", segment: Segment) -> None:
        send.prepare(segment)
        assert list(send.server.posts()) == []

    def test_prepare_can_be_repeated_from_what_was_kept(self, send: "Send", segment: Segment) -> None:
        pictured = replace(segment, pictures=(samples.picture("A hand"),)) if self.pictures else segment
        first = send.prepare(pictured)
        again = send.prepare(pictured)
        assert again.repeat_key == first.repeat_key == send.keeper.repeat_key
        send.publish(pictured, again)
        assert len(send.server.posts()) == 1

    def test_prepare_can_begin_again_where_nothing_was_kept(self, send: "Send", segment: Segment) -> None:
        send.prepare(segment)
        send.keeper = Keeper()
        send.publish(segment, send.prepare(segment))
        assert len(send.server.posts()) == 1

    def test_what_is_prepared_survives_json(self, send: "Send", segment: Segment) -> None:
        prepared = send.prepare(segment)
        assert json.loads(json.dumps(dict(prepared.kept))) == dict(prepared.kept)

    def test_a_lost_lease_passes_through_prepare(
        self, server: Server, make_adapter: MakeAdapter, segment: Segment
    ) -> None:
        if not self.prepares:
            pytest.skip("this adapter keeps nothing")
        with pytest.raises(LeaseLost):
            make_adapter(server.url).prepare(segment, {}, lost, None)

    @pytest.mark.parametrize("scenario", DEFINITE)
    def test_a_definite_no_ends_in_its_own_error(self, send: "Send", segment: Segment, scenario: str) -> None:
        assert type(self.play(send, segment, scenario)) is DEFINITE[scenario]
        assert list(send.server.posts()) == []

    def test_too_many_calls_make_the_whole_channel_wait(self, send: "Send", segment: Segment) -> None:
        error = self.play(send, segment, "rate_limited")
        assert isinstance(error, LaterError)
        assert (error.of, error.wait is not None and error.wait > 0) == ("channel", True)

    @pytest.mark.parametrize("scenario", NOT_ACCEPTED)
    def test_an_answer_that_proves_nothing_is_unclear(self, send: "Send", segment: Segment, scenario: str) -> None:
        assert type(self.play(send, segment, scenario)) is UnclearError
        assert list(send.server.posts()) == []

    @pytest.mark.parametrize("scenario", ACCEPTED)
    def test_what_was_accepted_unseen_is_unclear_and_there_once(
        self, send: "Send", segment: Segment, scenario: str
    ) -> None:
        began = time.monotonic()
        assert type(self.play(send, segment, scenario)) is UnclearError
        assert time.monotonic() - began < self.send_seconds + 1.5
        assert len(send.server.posts()) == 1

    @pytest.mark.parametrize("scenario", ACCEPTED)
    def test_what_was_accepted_unseen_is_found(self, send: "Send", segment: Segment, scenario: str) -> None:
        self.play(send, segment, scenario)
        found = send.find(segment)
        if not send.adapter().reads_back:
            assert found is CANNOT_TELL
            return
        assert isinstance(found, Published)
        assert found.remote_id == send.server.posts()[0].remote_id

    @pytest.mark.parametrize("scenario", sorted(SCENARIOS))
    def test_no_secret_stands_in_an_error(self, send: "Send", segment: Segment, scenario: str) -> None:
        error = self.play(send, segment, scenario)
        told = "".join([error.message, error.code, repr(error), *traceback.format_exception(error)])
        assert [secret for secret in self.secrets if secret in told] == []

    def test_the_adapter_ends_within_the_time_for_sending(self) -> None:
        assert 0 < self.send_seconds <= SEND_TIMEOUT

    def test_a_closed_port_means_later(self, send: "Send", segment: Segment, closed_url: str) -> None:
        prepared = send.prepare(segment)
        with pytest.raises(LaterError):
            send.make_adapter(closed_url).publish(segment, prepared, None)
        assert list(send.server.posts()) == []

    def test_a_closed_port_while_looking_means_later(self, send: "Send", segment: Segment, closed_url: str) -> None:
        adapter = send.make_adapter(closed_url)
        if not adapter.reads_back:
            pytest.skip("this network cannot be read back")
        with pytest.raises(LaterError):
            adapter.find(segment, send.prepare(segment), long_ago(), None, frozenset())

    def test_a_closed_port_while_uploading_means_later(
        self, make_adapter: MakeAdapter, segment: Segment, closed_url: str
    ) -> None:
        if not self.pictures:
            pytest.skip("this adapter sends no pictures")
        pictured = replace(segment, pictures=(samples.picture("A hand"),))
        with pytest.raises(LaterError):
            make_adapter(closed_url).prepare(pictured, {}, Keeper(), None)

    def test_nothing_is_found_where_nothing_was_posted(self, send: "Send", segment: Segment) -> None:
        send.prepare(segment)
        assert send.find(segment) is (None if send.adapter().reads_back else CANNOT_TELL)

    def test_a_post_with_another_text_is_not_taken_for_it(self, send: "Send", segment: Segment) -> None:
        send(replace(segment, text=f"{segment.text} and more"))
        send.keeper = Keeper()
        send.prepare(segment)
        assert not isinstance(send.find(segment), Published)

    def test_a_post_that_is_ours_already_is_not_taken_for_it(self, send: "Send", segment: Segment) -> None:
        published = send(segment)
        send.keeper = Keeper()
        send.prepare(segment)
        assert not isinstance(send.find(segment, exclude=frozenset({published.remote_id})), Published)

    def test_a_post_from_before_is_not_taken_for_it(self, send: "Send", segment: Segment) -> None:
        if self.finds_by_key:
            pytest.skip("this adapter asks by its own key")
        send(segment)
        assert not isinstance(send.find(segment, since=datetime.now(UTC) + timedelta(hours=1)), Published)

    def test_a_repeat_that_is_called_harmless_makes_no_second_post(self, send: "Send", segment: Segment) -> None:
        now = datetime.now(UTC)
        if not send.adapter().repeat_is_harmless(now, now + timedelta(seconds=SEND_TIMEOUT)):
            pytest.skip("this network has no harmless repeat")
        prepared = send.prepare(segment)
        first = send.publish(segment, prepared)
        assert send.publish(segment, prepared).remote_id == first.remote_id
        assert len(send.server.posts()) == 1

    def test_each_part_of_a_thread_answers_the_part_before(self, send: "Send", segment: Segment) -> None:
        if not self.threads:
            pytest.skip("this network has no threads")
        root = send(replace(segment, of=3))
        second = send(replace(segment, text="Second.", position=1, of=3), ReplyTo(root, root))
        third = send(replace(segment, text="Third.", position=2, of=3), ReplyTo(root, second))
        parents = [(seen.remote_id, seen.parent) for seen in send.server.posts()]
        assert parents == [
            (root.remote_id, ""),
            (second.remote_id, root.remote_id),
            (third.remote_id, second.remote_id),
        ]
        assert [seen.root for seen in send.server.posts()] in (
            ["", root.remote_id, root.remote_id],
            ["", "", ""],  # a network that keeps only the parent (X, Mastodon)
        )

    def test_a_part_of_a_thread_is_found_by_its_parent(self, send: "Send", segment: Segment) -> None:
        if not self.threads or not send.adapter().reads_back:
            pytest.skip("this network has no threads, or cannot be read back")
        root = send(replace(segment, of=2))
        second = replace(segment, text="Second.", position=1, of=2)
        published = send(second, ReplyTo(root, root))
        found = send.find(second, parent=root, exclude=frozenset({root.remote_id}))
        assert isinstance(found, Published)
        assert found.remote_id == published.remote_id


class Send:
    """Prepares and publishes through a new adapter each time, as a worker does."""

    def __init__(self, server: Server, make_adapter: MakeAdapter) -> None:
        self.server = server
        self.make_adapter = make_adapter
        self.keeper = Keeper()

    def __call__(self, segment: Segment, reply_to: ReplyTo | None = None) -> Published:
        self.keeper = Keeper()
        return self.publish(segment, self.prepare(segment, reply_to), reply_to)

    def adapter(self) -> Adapter:
        return self.make_adapter(self.server.url)

    def prepare(self, segment: Segment, reply_to: ReplyTo | None = None) -> Prepared:
        return self.adapter().prepare(segment, self.keeper.kept, self.keeper, reply_to)

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None = None) -> Published:
        return self.adapter().publish(segment, prepared, reply_to)

    def find(
        self,
        segment: Segment,
        *,
        since: datetime | None = None,
        parent: Published | None = None,
        exclude: frozenset[str] = frozenset(),
    ) -> object:
        prepared = Prepared(self.keeper.kept, self.keeper.repeat_key)
        return self.adapter().find(segment, prepared, since or long_ago(), parent, exclude)
