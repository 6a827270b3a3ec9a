"""A thousand items of one organisation: each page asks the database as often as for fifty, and shows a page of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import CHORUS
from scheduler import clock
from scheduler.models import PublishLogEntry, ScheduledItem, Segment
from scheduler.services import log
from scheduler.states import State
from scheduler.views.queue import PAGE
from tests import factories
from tests.scheduler.views.test_queue import page, world

pytestmark = pytest.mark.django_db

FEW, MANY = 50, 1000
PAGES = {
    page("queue"): State.SCHEDULED,
    f"{page('queue')}?show=done": State.PUBLISHED,
    page("inbox"): State.WAITING,
    "/log/": State.PUBLISHED,
    "/log/?show=look": State.FAILED,
    page("organisation_home"): State.SCHEDULED,
}


def fill(made: factories.World, state: str, count: int) -> None:
    """That many items more, a minute apart, each with a part and a line of the log."""
    pattern = factories.item(made.post, made.channel, due=clock.now() + timedelta(days=1), state=State.CANCELLED)
    first = ScheduledItem.objects.count()
    values = ScheduledItem.objects.filter(pk=pattern.pk).values().get() | {"state": state, "log_count": 1}
    del values["id"]
    rows = [
        ScheduledItem(**values | {"occurrence": first + n, "due_at": values["due_at"] + timedelta(minutes=n)})
        for n in range(count)
    ]
    items = ScheduledItem.objects.bulk_create(rows)
    ScheduledItem.objects.filter(pk=pattern.pk).update(due_local_date="2020-01-02")  # out of every list
    Segment.objects.bulk_create(Segment(item=item, position=0, text="116 006", frozen_at=clock.now()) for item in items)
    line = log.append(pattern, log.Line("item:scheduled", CHORUS))
    log.store(pattern)
    told = PublishLogEntry.objects.filter(pk=line.pk).values().get()
    del told["id"]
    PublishLogEntry.objects.bulk_create(
        PublishLogEntry(**told | {"item_id": item.pk, "state_to": state, "number": 1}) for item in items
    )


def questions(browser: Client, path: str) -> int:
    """How often the page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_for_a_thousand_items_as_for_fifty(path: str, officer: Client):
    made = world()
    fill(made, PAGES[path], FEW)
    few = questions(officer, path)
    fill(made, PAGES[path], MANY - FEW)
    assert ScheduledItem.objects.filter(state=PAGES[path]).count() == MANY
    assert questions(officer, path) == few


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_for_five_items_as_for_one(path: str, officer: Client):
    """Both fit on a page: a column that a row shows and its question leaves out would be asked for item by item."""
    made = world()
    fill(made, PAGES[path], 1)
    few = questions(officer, path)
    fill(made, PAGES[path], 4)
    assert questions(officer, path) == few


@pytest.mark.parametrize(("path", "state", "size"), [("queue", State.SCHEDULED, PAGE), ("inbox", State.WAITING, 20)])
def test_the_pages_together_show_each_item_once(path: str, state: str, size: int, officer: Client):
    fill(world(), state, 120)
    seen: list[int] = []
    behind = ""
    while True:
        context = officer.get(page(path), {"after": behind} if behind else {}).context
        days, handed = context.get("days", []), context.get("handed", [])
        shown = [row.item.pk for day in days for row in day.rows] + [one.item.pk for one in handed]
        assert len(shown) <= size
        seen += shown
        behind = context["after"]
        if not behind:
            break
    assert seen == list(ScheduledItem.objects.filter(state=state).order_by("due_at").values_list("pk", flat=True))


@pytest.mark.parametrize("cursor", ["nothing", "2031-06-02_1", "2031-06-02T10:00:00+00:00_99999999999999999999", "_"])
def test_a_cursor_that_nobody_made_here_is_the_same_as_none(cursor: str, officer: Client):
    fill(world(), State.SCHEDULED, 2)
    days = officer.get(page("queue"), {"after": cursor}).context["days"]
    assert sum(len(day.rows) for day in days) >= 2
