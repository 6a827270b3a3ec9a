"""From a planned item to the network and back: a worker, our own web server for the pictures, and a local Graph API."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.crypto import encrypt
from scheduler.models import Channel, Health, ScheduledItem, Transport
from scheduler.services.look import look_at_due
from scheduler.services.publish import drain
from scheduler.states import HoldReason, State
from tests import factories
from tests.networks.fakes.facebook import FakeFacebook
from tests.networks.fakes.instagram import FakeInstagram

pytestmark = pytest.mark.django_db(transaction=True)
Graph = FakeFacebook | FakeInstagram


@pytest.fixture(params=["facebook", "instagram"])
def network(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def graph(network: str) -> Iterator[Graph]:
    with FakeFacebook() if network == "facebook" else FakeInstagram() as graph:
        yield graph


@pytest.fixture
def item(network: str, graph: Graph, settings: Settings, live_server: LiveServer) -> ScheduledItem:
    """Due now, with a picture, on a connected channel."""
    settings.PUBLIC_URL = live_server.url
    world = factories.make_world(network, Transport.API, base_url=graph.url)
    world.channel.credentials = encrypt(graph.credentials())
    world.channel.save()
    factories.picture(world.post)
    return factories.item(world.post, world.channel)


def test_an_item_goes_out_with_its_picture_and_alt_text(graph: Graph, item: ScheduledItem) -> None:
    assert drain(5) == 1
    item.refresh_from_db()
    (seen,) = graph.posts()
    segment = item.segments.get()
    assert (item.state, segment.remote_id) == (State.PUBLISHED, seen.remote_id)
    assert (seen.text, seen.alts) == (segment.text, ("A white field",))
    assert segment.url.startswith("https://www.")


def test_what_was_accepted_unseen_is_found_and_not_sent_again(graph: Graph, item: ScheduledItem) -> None:
    graph.next_answer("drop_after_accept")
    drain(5)
    item.refresh_from_db()
    assert item.state == State.UNCERTAIN
    ScheduledItem.objects.update(next_look_at=item.due_at)
    look_at_due()
    item.refresh_from_db()
    assert (item.state, len(graph.posts())) == (State.PUBLISHED, 1)


def test_a_dead_token_holds_the_item_and_the_channel(graph: Graph, item: ScheduledItem) -> None:
    graph.next_answer("token_dead")
    drain(5)
    item.refresh_from_db()
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.RECONNECT)
    channel = Channel.objects.get(pk=item.channel_id)
    assert (channel.health, "connect the account again" in channel.health_note) == (Health.RECONNECT, True)
    assert graph.page.token not in channel.health_note


def test_a_limit_makes_the_channel_wait_as_long_as_meta_says(graph: Graph, item: ScheduledItem) -> None:
    graph.next_answer("rate_limited")
    drain(5)
    item.refresh_from_db()
    assert item.channel.not_before is not None
    assert (item.state, (item.channel.not_before - item.next_try_at).total_seconds()) == (State.SCHEDULED, 0.0)
    assert 250 < (item.next_try_at - item.due_at).total_seconds() < 400
