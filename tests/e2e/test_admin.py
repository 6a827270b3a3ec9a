"""The coordinator's admin in a real browser, on the demo: the publish log and its stories."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, Place, faults_of

pytestmark = E2E

LOG, LINES = "/log/", "section[aria-label='Lines of the log'] ul.rows > li"
PLACES = [
    Place(LOG),
    Place(f"{LOG}?language=fr"),
    Place(f"{LOG}?show=look"),
    Place("/changes/"),
    Place("/o/vse/budgets/"),
    Place(LOG, "France Victimes, post"),
]


def test_the_filter_narrows_the_log_to_one_organisation(enter: Enter) -> None:
    page = enter("admin").go(LOG)
    assert page.locator(LINES).filter(has_text="Victim Support Europe").count() > 0
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Organisation").select_option(label="France Victimes")
    page.get_by_role("button", name="Show these lines").click()
    page.wait_for_load_state()
    assert page.locator(LINES).count() == page.locator(LINES).filter(has_text="France Victimes, post").count() > 0


def test_a_line_leads_to_the_story_of_its_item(enter: Enter) -> None:
    page = enter("admin").go(f"{LOG}?language=fr")
    page.get_by_role("link", name="France Victimes, post 2").first.click()
    page.get_by_role("heading", name="France Victimes, post 2").wait_for()
    assert page.locator("ol.story li").count() >= 1


def test_the_export_holds_the_lines_that_are_shown(enter: Enter) -> None:
    page = enter("admin").go(f"{LOG}?language=fr")
    shown = page.locator(LINES).count()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Export as CSV").click()
    rows = Path(saving.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert saving.value.suggested_filename.endswith(".csv")
    assert len(rows) - 1 >= shown > 0


def test_a_checked_channel_stands_in_what_changed(enter: Enter) -> None:
    visit = enter("admin")
    page = visit.go("/o/vse/channels/")
    page.get_by_role("button", name="Check Victim Support Europe on Bluesky now").click()
    page.get_by_text("Victim Support Europe on Bluesky (Bluesky) works.").wait_for()
    page.get_by_role("link", name="What changed").click()
    page.get_by_text("Checked Victim Support Europe on Bluesky (Bluesky): it works.").wait_for()
    assert faults_of(visit) == []


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_admins_pages_are_without_fault(look_as: Enter, place: Place) -> None:
    visit = look_as("admin")
    visit.open(place)
    assert faults_of(visit) == []
