"""A channel that publishes by an adapter whose repeat is harmless for an hour only."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from scheduler import clock
from scheduler.models import ScheduledItem, Transport
from scheduler.services import look
from scheduler.states import State
from tests.factories import World, make_world
from tests.networks.fakes.mastodon import FakeMastodon
from tests.scheduler.core.steps import make_due, on_mastodon, planned, published


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon() as server:
        yield server


@pytest.fixture
def world(db: None, server: FakeMastodon) -> World:
    return on_mastodon(make_world("mastodon", Transport.API, base_url=server.url), server)


def sent(server: FakeMastodon) -> list[str | None]:
    """The key of each status that was sent, whatever became of it."""
    return [
        request.headers["Idempotency-Key"]
        for request in server.requests
        if (request.method, request.path) == ("POST", "/api/v1/statuses")
    ]


def unclear_then_free(world: World, server: FakeMastodon) -> ScheduledItem:
    """An item whose sending was unclear, looked for, not found, and scheduled for its harmless repeat."""
    server.next_answer("server_error_before")
    item = published(planned(world))
    assert item.state == State.UNCERTAIN
    with clock.shifted(timedelta(seconds=31)):
        look.look_at_due()
    item.refresh_from_db()
    assert item.state == State.SCHEDULED
    return item


def test_a_post_goes_out_on_mastodon_with_its_address(world: World, server: FakeMastodon) -> None:
    item = published(planned(world))
    assert (item.state, item.segments.get().url.startswith(server.url)) == (State.PUBLISHED, True)


def test_a_repeat_within_the_hour_goes_out_under_the_same_key(world: World, server: FakeMastodon) -> None:
    item = unclear_then_free(world, server)
    make_due(item)
    assert published(item).state == State.PUBLISHED
    assert len(sent(server)) == 2
    assert len(set(sent(server))) == 1
    assert len(server.posts()) == 1


@pytest.mark.parametrize("minutes", [54, 61, 300])
def test_a_mastodon_repeat_delayed_past_its_hour_is_not_sent(world: World, server: FakeMastodon, minutes: int) -> None:
    """Freed for a repeat while that was harmless, claimed when it may no longer arrive in time."""
    item = unclear_then_free(world, server)
    with clock.shifted(timedelta(minutes=minutes)):
        make_due(item)
        assert published(item).state == State.UNCERTAIN
    assert len(sent(server)) == 1
    assert list(server.posts()) == []


def test_what_was_accepted_unseen_is_found_and_never_repeated(world: World, server: FakeMastodon) -> None:
    server.next_answer("drop_after_accept")
    item = published(planned(world))
    with clock.shifted(timedelta(seconds=31)):
        look.look_at_due()
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert len(sent(server)) == len(server.posts()) == 1
