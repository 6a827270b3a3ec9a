"""A thread: several irreversible calls, any of which can break."""

from datetime import timedelta

import pytest

from accounts.actors import CHORUS
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.services import look, settle
from scheduler.states import State
from tests.factories import World, revise
from tests.scheduler.core.steps import make_due, on_the_wall, planned, published
from tests.wall_process import Wall

LONG = "\n\n".join(
    f"Paragraph {number} says something of its own about the helpline. " + "More words. " * 30 for number in range(4)
)


@pytest.fixture
def thread(world: World) -> ScheduledItem:
    """A post of at least three parts on Mastodon."""
    revise(world.source, LONG)
    return planned(world)


def test_a_thread_goes_out_in_order_and_whole(thread: ScheduledItem, world: World, wall: Wall) -> None:
    item = published(thread)
    assert item.state == State.PUBLISHED
    assert on_the_wall(wall, world) == [segment.text for segment in item.segments.all()]
    assert item.segments.count() >= 3


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("refuse", State.PARTIAL),
        ("limit", State.SCHEDULED),
        ("token", State.HELD),
        ("drop_after", State.UNCERTAIN),
        ("html", State.UNCERTAIN),
    ],
)
def test_a_thread_cut_at_segment_three(
    thread: ScheduledItem, world: World, wall: Wall, fault: str, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler import steps

    def at(step: str, item_id: int) -> None:
        if step == steps.AFTER_OUTCOME and len(on_the_wall(wall, world)) == 2:
            wall.fault(fault)

    monkeypatch.setattr("scheduler.services.publish.steps.reached", at)
    item = published(thread)
    assert item.state == state
    assert item.segments.filter(published_at__isnull=False).count() == 2


def test_the_rest_of_a_thread_goes_on_after_the_unclear_part_was_found(
    thread: ScheduledItem, world: World, wall: Wall
) -> None:
    wall.fault("drop_after")
    item = published(thread)
    with clock.shifted(timedelta(seconds=31)):
        look.look_at_due()
    make_due(item)
    assert published(item).state == State.PUBLISHED
    assert on_the_wall(wall, world) == [segment.text for segment in item.segments.all()]


def test_a_person_may_stop_at_the_parts_that_are_out(thread: ScheduledItem, world: World, wall: Wall) -> None:
    item = published(thread)
    ScheduledItem.objects.filter(pk=item.pk).update(state=State.PARTIAL)
    settle.stop_here(item.pk, item.version, CHORUS)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
