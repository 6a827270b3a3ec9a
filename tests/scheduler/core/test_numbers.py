"""What networks count of posts is read back: when, how often, and what happens where it cannot be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from accounts.crypto import encrypt
from networks.mastodon import MastodonAdapter
from scheduler import clock
from scheduler.models import Channel, Health, ScheduledItem, SegmentNumbers, Transport
from scheduler.services import numbers
from scheduler.services.numbers import next_reading
from scheduler.tasks import read_numbers
from tests import factories
from tests.factories import World, make_world
from tests.networks.fakes.mastodon import FakeMastodon
from tests.networks.fakes.x import FakeX
from tests.scheduler.core.steps import on_mastodon, planned, published

NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1, minutes=1)


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon() as server:
        yield server


@pytest.fixture
def world(db: None, server: FakeMastodon) -> World:
    return on_mastodon(make_world("mastodon", Transport.API, base_url=server.url), server)


def many(world: World, count: int) -> list[ScheduledItem]:
    """So many posts that are out."""
    items = []
    for number in range(count):
        post = factories.post(world.campaign)
        factories.translation(post, world.organisation, full=f"Post {number}: 116 006. {{hashtags}}")
        items.append(published(factories.item(post, world.channel, due=clock.now() - timedelta(seconds=1))))
    return items


def asked(server: FakeMastodon) -> int:
    """How often the numbers of a post were asked for."""
    return sum(request.method == "GET" and request.path.startswith("/api/v1/statuses/") for request in server.requests)


def of(item: ScheduledItem) -> SegmentNumbers:
    return SegmentNumbers.objects.get(segment__item=item)


@pytest.mark.parametrize(
    ("age", "again"),
    [
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(hours=47), timedelta(hours=1)),
        (timedelta(hours=48), timedelta(days=1)),
        (timedelta(days=15), timedelta(days=1)),
        (timedelta(days=15, minutes=1), None),
        (timedelta(days=90), None),
    ],
)
def test_it_is_read_hourly_for_two_days_then_daily_for_a_fortnight(age: timedelta, again: timedelta | None) -> None:
    assert next_reading(NOON, NOON + age) == (NOON + age + again if again else None)


def test_an_hour_after_a_post_is_out_its_numbers_are_read_and_stored_with_their_moment(
    world: World, server: FakeMastodon
) -> None:
    item = published(planned(world))
    assert (numbers.read_due(), asked(server)) == (0, 0)
    with clock.shifted(AN_HOUR):
        read_numbers()
        now = clock.now()
        assert (numbers.read_due(), asked(server)) == (0, 1)
    found = of(item)
    assert (found.likes, found.shares, found.replies, found.views) == (3, 2, 1, None)
    assert found.read_at is not None
    assert found.next_read_at is not None
    assert abs(found.read_at - now) < timedelta(seconds=20)
    assert abs(found.next_read_at - now - timedelta(hours=1)) < timedelta(seconds=20)


def test_of_one_channel_a_few_are_read_at_a_time_and_the_others_are_not_held_up(
    world: World, server: FakeMastodon
) -> None:
    many(world, numbers.OF_A_CHANNEL + 2)
    with FakeMastodon() as second:
        other = make_world("mastodon", Transport.API, base_url=second.url)
        mine = published(planned(on_mastodon(other, second)))
        with clock.shifted(AN_HOUR):
            assert numbers.read_due() == numbers.OF_A_CHANNEL + 1
            assert of(mine).likes == 3
            assert numbers.read_due() == 2
    assert asked(server) == numbers.OF_A_CHANNEL + 2


def test_what_another_hand_has_taken_is_not_read_twice(world: World, server: FakeMastodon) -> None:
    published(planned(world))
    with clock.shifted(AN_HOUR):
        numbers.take_up_new()
        found = SegmentNumbers.objects.get()
        assert numbers._take_turn(found)
        assert not numbers._take_turn(found)


def test_where_the_network_wants_rest_nothing_more_of_the_channel_is_asked_until_then(
    world: World, server: FakeMastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(world, 3)
    monkeypatch.setattr(server, "irreversible", lambda request: request.method == "GET")
    with clock.shifted(AN_HOUR):
        server.next_answer("rate_limited")
        assert (numbers.read_due(), asked(server)) == (1, 1)
        assert numbers.read_due() == 0
        assert not SegmentNumbers.objects.filter(read_at__isnull=False).exists()
    with clock.shifted(AN_HOUR * 2 + timedelta(minutes=1)):
        assert numbers.read_due() == 3


def test_a_post_that_is_gone_is_asked_for_no_more(world: World, server: FakeMastodon) -> None:
    item = published(planned(world))
    server.statuses.clear()
    with clock.shifted(AN_HOUR):
        assert numbers.read_due() == 1
    assert (of(item).next_read_at, of(item).read_at, of(item).code) == (None, None, "http-404")


def test_a_dead_token_is_tried_again_in_a_day_and_twice_at_most(world: World, server: FakeMastodon) -> None:
    many(world, 4)
    server.tokens.clear()
    with clock.shifted(AN_HOUR):
        assert numbers.read_due() == numbers.FAILURES
        before = clock.now() + timedelta(hours=23)
    assert SegmentNumbers.objects.filter(next_read_at__gt=before).count() == 4
    world.channel.refresh_from_db()
    assert world.channel.health == Health.OK  # that is found out by who publishes, and said there


def test_what_failed_last_time_comes_last(world: World, server: FakeMastodon) -> None:
    items = many(world, 3)
    with clock.shifted(AN_HOUR):
        numbers.take_up_new()
        SegmentNumbers.objects.filter(segment__item=items[0]).update(code="not-shown")
        numbers.read_due()
    assert [request.path.rpartition("/")[2] for request in server.requests[-3:]] == [
        item.segments.get().remote_id for item in (items[1], items[2], items[0])
    ]


def test_a_run_ends_in_time(world: World, server: FakeMastodon, monkeypatch: pytest.MonkeyPatch) -> None:
    many(world, 2)
    monkeypatch.setattr(numbers, "SECONDS", 0.0)
    with clock.shifted(AN_HOUR):
        assert numbers.read_due() == 0


@pytest.mark.parametrize("health", [Health.RECONNECT, Health.DISCONNECTED])
def test_a_channel_that_does_not_work_is_left_alone(world: World, server: FakeMastodon, health: str) -> None:
    published(planned(world))
    Channel.objects.update(health=health)
    with clock.shifted(AN_HOUR):
        assert (numbers.read_due(), SegmentNumbers.objects.count()) == (0, 0)


def test_what_costs_money_is_never_read_unasked(db: None, settings: Settings) -> None:
    settings.X_API = True
    with FakeX() as x:
        world = make_world("x", Transport.API, base_url=x.url)
        Channel.objects.update(credentials=encrypt(x.credentials()))
        world.channel.refresh_from_db()
        published(planned(world))
        assert len(x.posts()) == 1
        with clock.shifted(AN_HOUR):
            assert (numbers.read_due(), SegmentNumbers.objects.count()) == (0, 0)


def test_what_was_posted_by_hand_or_on_the_wall_has_no_numbers(db: None) -> None:
    world = make_world("mastodon", Transport.WALL)
    item = factories.item(world.post, world.channel)
    item.segments.create(
        position=0, text="Help", frozen_at=clock.now(), digest="0", remote_id="1", published_at=clock.now()
    )
    with clock.shifted(AN_HOUR):
        assert (numbers.read_due(), SegmentNumbers.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_numbers_are_asked_for(
    transactional_db: None, server: FakeMastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    asks = MastodonAdapter.metrics

    def looking(adapter: MastodonAdapter, remote_id: str) -> object:
        seen.append(connection.in_atomic_block)
        return asks(adapter, remote_id)

    monkeypatch.setattr(MastodonAdapter, "metrics", looking)
    published(planned(on_mastodon(make_world("mastodon", Transport.API, base_url=server.url), server)))
    with clock.shifted(AN_HOUR):
        numbers.read_due()
    assert seen == [False]
