"""A member's editor in a real browser, on the demo: words in Finnish, times in Helsinki."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, WEEK, Place, faults_of, fill_time, plan

pytestmark = E2E

HERE = "/o/riku"
QUEUE, CHANNEL = f"{HERE}/queue/", "Rikosuhripäivystys on Mastodon"
TRANSLATE = f"{HERE}{WEEK}translate/fi/"
TOMORROW = datetime.now(ZoneInfo("Europe/Helsinki")).date() + timedelta(days=1)
WORDS = """Maksuton ja luottamuksellinen apu kuuluu jokaiselle rikoksen uhrille. Kahdeksan askelta vie sinne: 116 006.

{targets}

{hashtags}"""
PLACES = [
    Place(f"{HERE}/"),
    Place(f"{HERE}{WEEK}"),
    Place(TRANSLATE),
    Place(f"{TRANSLATE}5/"),
    Place(f"{TRANSLATE}7/"),
    Place(f"{TRANSLATE}8/"),
    Place(f"{HERE}/", "Post 5"),
    Place(QUEUE),
    Place(f"{HERE}/inbox/"),
]


def test_the_stale_translation_is_confirmed_and_approved(enter: Enter) -> None:
    visit = enter("editor_fi")
    page = visit.go(f"{TRANSLATE}8/")
    page.get_by_role("button", name="Still right").click()
    page.get_by_text("Confirmed against the new source.").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved. It can be scheduled.").wait_for()
    assert page.get_by_role("button", name="Still right").count() == 0


def test_the_missing_translation_is_written_and_approved(enter: Enter) -> None:
    page = enter("editor_fi").go(f"{TRANSLATE}7/")
    page.get_by_label("Text", exact=False).first.fill(WORDS)
    page.get_by_label("Short text").fill("Maksuton ja luottamuksellinen apu: 116 006. {hashtags}")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved. It can be scheduled.").wait_for()
    assert page.locator("#words .state", has_text="approved").count() == 1


def test_an_item_is_planned_in_helsinki_time_moved_and_cancelled(enter: Enter) -> None:
    visit = enter("editor_fi")
    page = visit.open(Place(f"{HERE}/", "Post 8"))
    plan(page, CHANNEL, datetime.combine(TOMORROW, time(10)))
    page.get_by_role("button", name="Schedule it").click()
    row = visit.row(QUEUE, "Post 8", CHANNEL)
    assert row.locator(".num").inner_text().split() == ["10:00", "Helsinki"]
    row.get_by_role("link", name="Move to").click()
    fill_time(page, datetime.combine(TOMORROW, time(11, 30)))
    page.get_by_role("button", name="Move it").click()
    row = visit.row(QUEUE, "Post 8", CHANNEL)
    assert row.locator(".num").inner_text().split() == ["11:30", "Helsinki"]
    row.get_by_role("button", name="Cancel").click()
    row.locator(".state", has_text="cancelled").wait_for()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_members_pages_are_without_fault(look_as: Enter, place: Place) -> None:
    visit = look_as("editor_fi")
    visit.open(place)
    assert faults_of(visit) == []
