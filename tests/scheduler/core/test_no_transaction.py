"""While a network is called: no transaction is open; and its connection is kept for the next call."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from networks.wall.adapter import WallAdapter
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.services.publish import drain
from scheduler.states import State
from tests import factories
from tests.factories import World, make_world
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.scheduler.core.steps import planned, published
from tests.wall_process import Wall

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = 20
FEW_CONNECTIONS = 3
"""One, and room for a pause of the machine that makes a kept connection too old (networks.transport.IDLE_LIMIT)."""
Seen = list[tuple[bool, str]]


class Accepting(FakeServer):
    """Takes every post."""

    def answer(self, request: Request) -> Reply:
        name = str(len(self.requests))
        return Reply.of(201, {"id": name, "url": f"https://chorus.example/{name}"})


@pytest.fixture
def server() -> Iterator[Accepting]:
    """A network that counts its connections."""
    with Accepting() as running:
        yield running


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What each call of the adapter saw: whether a transaction was open here, and what the server said of this
    connection (empty on SQLite)."""
    told: Seen = []
    for name in ("prepare", "publish"):
        monkeypatch.setattr(WallAdapter, name, _looking(getattr(WallAdapter, name), told))
    return told


def _looking(call: Callable[..., Any], told: Seen) -> Callable[..., Any]:
    def looking(*arguments: Any) -> Any:  # noqa: ANN401 - those of any method
        told.append((connection.in_atomic_block, _state_of_backend()))
        return call(*arguments)

    return looking


def _state_of_backend() -> str:
    """How PostgreSQL sees this process's connection, asked over another one."""
    if connection.vendor != "postgresql":
        return ""
    own = connection.connection.info
    question = "SELECT state FROM pg_stat_activity WHERE pid = %s"
    with psycopg.connect(own.dsn, password=own.password) as other:
        row = other.execute(question, [own.backend_pid]).fetchone()
    return str(row[0]) if row else "gone"


def test_no_transaction_is_open_while_the_network_is_called(transactional_db: None, wall: Wall, seen: Seen) -> None:
    item = published(planned(make_world(base_url=wall.url)))
    assert item.state == State.PUBLISHED
    assert seen == [(False, "idle" if connection.vendor == "postgresql" else "")] * 2


def test_many_posts_of_one_hand_share_a_connection(transactional_db: None, server: Accepting) -> None:
    world = make_world(base_url=server.url)
    _plan(world, POSTS)
    assert drain(60) == POSTS
    assert ScheduledItem.objects.filter(state=State.PUBLISHED).count() == POSTS
    assert len(server.requests) == POSTS
    assert server.connections <= FEW_CONNECTIONS


def _plan(world: World, count: int) -> None:
    """So many posts of the world's channel, all due."""
    due = clock.now() - timedelta(seconds=1)
    for number in range(count):
        post = factories.post(world.campaign)
        factories.translation(post, world.organisation, full=f"Post {number}: 116 006. {{hashtags}}")
        factories.item(post, world.channel, due=due)
