"""A channel that publishes by a real adapter whose repeat is harmless."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.crypto import decrypt, encrypt
from networks.bluesky import connect
from scheduler import clock
from scheduler.models import Channel, ScheduledItem, Transport
from scheduler.services import look
from scheduler.states import State
from tests.factories import World, make_world
from tests.networks.fakes.bluesky import APP_PASSWORD, HANDLE, FakePds
from tests.scheduler.core.steps import make_due, planned, published


@pytest.fixture
def pds() -> Iterator[FakePds]:
    with FakePds() as pds:
        yield pds


@pytest.fixture
def world(db: None, pds: FakePds) -> World:
    world = make_world("bluesky", Transport.API, base_url=pds.url)
    credentials, account = connect(pds.url, HANDLE, APP_PASSWORD)
    Channel.objects.update(credentials=encrypt(credentials), remote_id=account.remote_id)
    world.channel.refresh_from_db()
    return world


def test_a_post_goes_out_on_bluesky_with_its_address(world: World, pds: FakePds) -> None:
    item = published(planned(world))
    assert item.state == State.PUBLISHED
    assert item.segments.get().url.startswith("https://bsky.app/profile/")
    assert len(pds.posts()) == 1


def test_the_record_key_is_kept_before_the_call(world: World) -> None:
    item = published(planned(world))
    segment = item.segments.get()
    assert segment.repeat_key
    assert segment.remote_id.endswith(segment.repeat_key)


@pytest.mark.parametrize("fault", ["drop_after_accept", "server_error_before"])
def test_what_is_unclear_is_looked_for_and_only_repeated_with_the_same_key(
    world: World, pds: FakePds, fault: str
) -> None:
    pds.next_answer(fault)
    item = published(planned(world))
    assert item.state == State.UNCERTAIN
    with clock.shifted(timedelta(seconds=31)):
        look.look_at_due()
    make_due(item)
    ScheduledItem.objects.filter(pk=item.pk, state=State.SCHEDULED).update(next_try_at=item.next_try_at)
    assert published(item).state == State.PUBLISHED
    assert len(pds.posts()) == 1


def test_renewed_tokens_are_stored_at_once(world: World, pds: FakePds) -> None:
    before = decrypt(world.channel.credentials)["refresh_jwt"]
    pds.end_tokens("access")
    item = published(planned(world))
    make_due(item)
    published(item)
    world.channel.refresh_from_db()
    assert decrypt(world.channel.credentials)["refresh_jwt"] != before
    assert len(pds.posts()) == 1
