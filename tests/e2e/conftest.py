"""One demo for all tests in a browser, and a browser for each of their files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.demo.processes import RunningDemo
from tests.e2e.pages import Visit, sign_in

BROWSER = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """`manage.py demo` with its web server, worker, beat and wall. It uses SQLite in its own folder whatever the
    tests use: RunningDemo takes DATABASE_URL, REDIS_URL and CHORUS_* out of its environment."""
    running = RunningDemo(tmp_path_factory.mktemp("demo") / "data")
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Playwright keeps an event loop running while it is open, and with one Django refuses the database:
    so it is closed before the next file's tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        yield chromium
        chromium.close()


Enter = Callable[[str], Visit]


@pytest.fixture(scope="session")
def cookies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the cookies of those who have signed in are kept, so that looking at a page begins with the page."""
    return tmp_path_factory.mktemp("cookies")


@pytest.fixture
def enter(browser: Browser, demo: RunningDemo) -> Iterator[Enter]:
    """Signs a person in by the button and gives their window."""
    opened: list[Visit] = []

    def by_button(person: str) -> Visit:
        opened.append(sign_in(browser, demo, person))
        return opened[-1]

    yield by_button
    for visit in opened:
        visit.page.context.close()


@pytest.fixture
def look_as(browser: Browser, demo: RunningDemo, cookies: Path) -> Iterator[Enter]:
    """Gives a window of a person who is signed in already."""
    opened: list[Visit] = []

    def with_cookies(person: str) -> Visit:
        kept = cookies / person
        if not kept.exists():
            first = sign_in(browser, demo, person)
            first.page.context.storage_state(path=kept)
            first.page.context.close()
        opened.append(sign_in(browser, demo, person, str(kept)))
        return opened[-1]

    yield with_cookies
    for visit in opened:
        visit.page.context.close()
