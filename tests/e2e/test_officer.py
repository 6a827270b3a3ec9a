"""The coordinator's communications officer in a real browser, on the demo."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.demo.processes import until
from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, WEEK, Place, Visit, comes_to_say, faults_of, fill_time, plan

pytestmark = E2E

HERE = "/o/vse"
QUEUE = f"{HERE}/queue/"
PAGE, MASTODON = "Victim Support Europe (page)", "Victim Support Europe on Mastodon"
PLACES = [
    Place("/"),
    Place(f"{HERE}/"),
    Place(f"{HERE}{WEEK}"),
    Place(f"{HERE}{WEEK}targets/"),
    Place(f"{HERE}{WEEK}links/"),
    Place(f"{HERE}{WEEK}links/statement/"),
    Place(f"{HERE}{WEEK}posts/5/edit/"),
    Place(QUEUE),
    Place(f"{QUEUE}?show=done"),
    Place(QUEUE, "Move to"),
    Place(f"{HERE}/channels/"),
    Place(f"{HERE}/channels/connect/bluesky/"),
    Place(f"{HERE}/inbox/"),
]


def test_the_officer_opens_the_campaign_with_nine_posts(enter: Enter) -> None:
    page = enter("officer").page
    page.get_by_role("navigation", name="Places").get_by_role("link", name="Campaign").first.click()
    page.get_by_role("heading", name="9 posts").wait_for()
    assert page.locator("article.card-post").count() == 9


def test_post_1_is_let_go_when_the_statement_is_filled_in(enter: Enter) -> None:
    visit = enter("officer")
    assert comes_to_say(visit, QUEUE, "Post 1", PAGE, "held")
    page = visit.go(f"{HERE}{WEEK}links/")
    page.get_by_role("link", name="Fill in 116 006 joint statement").click()
    page.get_by_label("Address").fill("https://victim-support.eu/statement/")
    page.get_by_label("Not before").fill("")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Whatever waits for this link is looked at again.").wait_for()
    assert comes_to_say(visit, QUEUE, "Post 1", PAGE, "scheduled")


def planned_post_9(visit: Visit) -> None:
    """Plans post 9 on Mastodon, a few minutes ahead, having seen the preview and its counter."""
    page = visit.open(Place(f"{HERE}/", "Post 9"))
    plan(page, MASTODON, datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(minutes=5))
    page.locator("#previews").get_by_text(" of 500 ").first.wait_for()
    page.get_by_role("button", name="Schedule it").click()
    page.wait_for_url(f"**{QUEUE}")
    page.get_by_text("Planned on 1 channel.").wait_for()


def test_what_is_published_now_stands_on_the_wall_and_in_the_log(enter: Enter) -> None:
    visit = enter("officer")
    planned_post_9(visit)
    row = visit.row(QUEUE, "Post 9", MASTODON)
    row.get_by_role("button", name="Publish now").click()
    visit.page.get_by_text("Its time is now.").wait_for()
    assert until(lambda: "rely on" in str(visit.demo.wall()), 30), visit.demo.logs()
    assert comes_to_say(visit, f"{QUEUE}?show=done", "Post 9", MASTODON, "published")
    visit.page.get_by_role("link", name="Post 9", exact=True).click()
    assert visit.page.locator("ol.story li.ok").count() == 1


def kept_as_a_draft(visit: Visit, post: str) -> Page:
    """Keeps a draft of the post for three days from now; returns the page that says so."""
    page = visit.open(Place(f"{HERE}/", post))
    plan(page, PAGE, datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(days=3))
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_text("Kept as a draft.").wait_for()
    return page


def test_a_draft_is_kept_changed_scheduled_and_called_off(enter: Enter) -> None:
    visit = enter("officer")
    page = kept_as_a_draft(visit, "Post 8")
    visit.row(QUEUE, "Post 8", PAGE).get_by_role("link", name="Open the draft").click()
    page.get_by_role("heading", name="Draft of post 8").wait_for()
    assert faults_of(visit) == []
    fill_time(page, datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(days=4))
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_text("The draft is kept.").wait_for()
    visit.row(QUEUE, "Post 8", PAGE).get_by_role("link", name="Open the draft").click()
    page.get_by_role("button", name="Schedule it").click()
    page.get_by_text("The draft is scheduled.").wait_for()
    row = visit.row(QUEUE, "Post 8", PAGE)
    assert row.locator(".state", has_text="scheduled").count() == 1
    row.get_by_role("button", name="Cancel").click()
    row.locator(".state", has_text="cancelled").wait_for()


def test_without_script_a_button_of_the_queue_acts_on_its_own_item(enter: Enter) -> None:
    first = enter("officer")
    page = kept_as_a_draft(first, "Post 7")
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    visit = Visit(context.new_page(), first.demo)
    drafts = visit.row(QUEUE, "Post 7", PAGE).filter(has=visit.page.get_by_role("button", name="Delete the draft"))
    drafts.get_by_role("button", name="Delete the draft").click()
    visit.page.get_by_text("It was cancelled.").wait_for()
    assert drafts.count() == 0
    context.close()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_officers_pages_are_without_fault(look_as: Enter, place: Place) -> None:
    visit = look_as("officer")
    visit.open(place)
    assert faults_of(visit) == []


def test_the_previews_are_without_fault(look_as: Enter) -> None:
    visit = look_as("officer")
    page = visit.open(Place(f"{HERE}/", "Post 5"))
    for network in ("on X", "(page)", "on Mastodon"):
        page.get_by_role("checkbox", name=f"Victim Support Europe {network}").check()
    page.get_by_role("button", name="Show the previews").click()
    page.locator("#previews progress").first.wait_for()
    assert faults_of(visit) == []
