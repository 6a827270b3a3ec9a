"""The broker as operators see it, asked for real."""

import pytest
from celery import current_app

from scheduler.services import broker
from scheduler.tasks import beat_rest, tick

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty() -> None:
    """The tests' own queues, and nobody else's: they have a prefix, or a file, of their own."""
    with current_app.connection_for_write() as connection:
        for queue in ("publish", "rest"):
            connection.default_channel.queue_purge(queue)


def test_it_says_how_many_wake_ups_wait_in_each_queue():
    tick.apply_async()
    tick.apply_async()
    beat_rest.apply_async()
    assert broker.look().waiting == {"publish": 2, "rest": 1}


def test_queues_without_wake_ups_are_empty():
    assert broker.look().waiting == {"publish": 0, "rest": 0}


def test_it_answers_with_its_name():
    seen = broker.look()
    assert (seen.problem, bool(seen.version)) == ("", seen.name == "Redis")
