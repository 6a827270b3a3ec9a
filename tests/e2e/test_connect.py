"""Connecting accounts in a real browser on the demo with local networks: without any account anywhere."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.demo.processes import RunningDemo, free_ports
from tests.e2e.pages import E2E, Place, Visit, comes_to_say, faults_of, plan, sign_in
from tests.networks.fakes.bluesky import APP_PASSWORD, HANDLE
from tests.networks.fakes.local import SERVERS, addresses

pytestmark = E2E

CHANNELS, WAYS, QUEUE = "/o/vse/channels/", "/o/vse/channels/connect/", "/o/vse/queue/"
PLACES = [
    Place(CHANNELS),
    Place(WAYS),
    Place(f"{WAYS}mastodon/"),
    Place(f"{WAYS}bluesky/"),
    Place(f"{WAYS}linkedin/"),
    Place("/installation/app-keys/"),
    Place("/installation/app-keys/linkedin/"),
]


@pytest.fixture(scope="module")
def local_port() -> int:
    return free_ports(len(SERVERS))


@pytest.fixture(scope="module")
def local_demo(tmp_path_factory: pytest.TempPathFactory, local_port: int) -> Iterator[RunningDemo]:
    options = ("--networks", "local", "--local-port", str(local_port))
    running = RunningDemo(tmp_path_factory.mktemp("local") / "data", *options)
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def officer(browser: Browser, local_demo: RunningDemo) -> Iterator[Visit]:
    visit = sign_in(browser, local_demo, "officer")
    yield visit
    visit.page.context.close()


@pytest.fixture
def admin(browser: Browser, local_demo: RunningDemo) -> Iterator[Visit]:
    visit = sign_in(browser, local_demo, "admin")
    yield visit
    visit.page.context.close()


def test_mastodon_is_connected_by_its_consent_page_and_a_post_goes_out_on_it(officer: Visit, local_port: int) -> None:
    page = officer.go(CHANNELS)
    page.get_by_role("link", name="Add a channel").click()
    page.get_by_role("link", name="Connect Mastodon").click()
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("link", name="Go to Mastodon").click()
    page.get_by_role("heading", name="Chorus wants to use @helpline").wait_for()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_text("is connected").wait_for()
    name = f"@helpline@{addresses(local_port)['mastodon'].removeprefix('http://')}"
    expect(page.locator(".of-net").filter(has_text=name)).to_contain_text("connected by")
    assert faults_of(officer) == []
    _publish(officer, name)
    page.goto(addresses(local_port)["mastodon"])
    expect(page.locator("article").first).to_contain_text("rely on")


def test_one_of_several_facebook_pages_is_chosen_and_a_post_goes_out_on_it(officer: Visit, local_port: int) -> None:
    page = officer.go(f"{WAYS}facebook/")
    page.get_by_role("button", name="Connect").first.click()
    page.get_by_role("link", name="Go to Facebook").click()
    page.get_by_role("heading", name="Chorus asks for access").wait_for()
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("heading", name="Which accounts?").wait_for()
    page.get_by_label("A second Page").check()
    assert faults_of(officer) == []
    page.get_by_role("button", name="Connect").click()
    page.get_by_text("is connected").wait_for()
    expect(page.locator(".of-net").filter(has_text="Victim Support Test")).to_have_count(0)
    _publish(officer, "A second Page")
    page.goto(addresses(local_port)["facebook"])
    expect(page.locator("article").first).to_contain_text("It takes courage")


def test_a_refusal_on_the_consent_page_comes_back_in_words(officer: Visit) -> None:
    page = officer.go(f"{WAYS}mastodon/")
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("link", name="Go to Mastodon").click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_text("did not give its consent").wait_for()


def test_bluesky_is_connected_by_its_form_and_let_go_again(officer: Visit) -> None:
    page = officer.go(f"{WAYS}bluesky/")
    page.get_by_label("Handle").fill(HANDLE)
    page.get_by_label("App password").fill(APP_PASSWORD)
    page.get_by_role("button", name="Connect").click()
    page.get_by_text(re.compile(f"{HANDLE}.*is connected")).wait_for()
    page.get_by_role("button", name=f"Check {HANDLE} now").click()
    page.get_by_text(re.compile(f"{HANDLE}.*works")).wait_for()
    page.get_by_role("button", name=f"Disconnect {HANDLE}").click()
    page.get_by_text("the network has been told").wait_for()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_pages_of_connecting_are_without_fault(admin: Visit, place: Place) -> None:
    admin.open(place)
    assert faults_of(admin) == []


def test_the_page_before_leaving_is_without_fault(officer: Visit) -> None:
    officer.go(f"{WAYS}mastodon/").get_by_role("button", name="Connect").click()
    officer.page.get_by_role("link", name="Go to Mastodon").wait_for()
    assert faults_of(officer) == []


def _publish(visit: Visit, channel: str) -> None:
    """Plans post 9 there, and publishes it now."""
    page = visit.open(Place("/o/vse/", "Post 9"))
    for box in page.get_by_role("checkbox", checked=True).all():
        box.uncheck()
    plan(page, channel, datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(days=1))
    page.get_by_role("button", name="Schedule it").click()
    visit.row(QUEUE, "Post 9", channel).get_by_role("button", name="Publish now").click()
    page.get_by_text("Its time is now.").wait_for()
    assert comes_to_say(visit, f"{QUEUE}?show=done", "Post 9", channel, "published")
