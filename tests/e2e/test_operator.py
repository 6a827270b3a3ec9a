"""The operator's page in a real browser, on the demo."""

import pytest

from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, Place, faults_of

pytestmark = E2E

MOMENT = "section[aria-labelledby=status-verdict] header .end"


@pytest.mark.parametrize("place", [Place("/status/"), Place("/status/restored/")], ids=str)
def test_the_operators_pages_are_without_fault(look_as: Enter, place: Place) -> None:
    visit = look_as("admin")
    visit.open(place)
    assert faults_of(visit) == []


def test_the_status_looks_again_by_itself(look_as: Enter) -> None:
    page = look_as("admin").go("/status/")
    seen = page.locator(MOMENT).inner_text()
    page.wait_for_function("([at, seen]) => document.querySelector(at).innerText !== seen", arg=[MOMENT, seen])
    assert page.locator("#status-now").count() == 1


def test_the_operator_finds_it_among_the_places(look_as: Enter) -> None:
    page = look_as("admin").go("/")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="Status").click()
    page.get_by_role("heading", name="Status").wait_for()
