"""What the tests in a browser share: the people who visit, how a page is looked at, how an item is planned."""

import functools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, Locator, Page

from tests.demo.processes import RunningDemo, until

E2E = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="the browser meets the same demo, always on SQLite, in the other run"
    ),
]
BUTTONS = {
    "officer": "Communications officer",
    "admin": "Admin",
    "editor_fi": "Editor Rikosuhripäivystys",
}
WEEK = "/campaigns/helpline-week/"
LONGEST = 15_000
"""Milliseconds that a click or a page may take."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Look:
    """How a page is looked at: light or dark, and the width of the window in CSS pixels."""

    colours: Literal["light", "dark"]
    width: int

    def __str__(self) -> str:
        return f"{self.colours}-{self.width}"


COLOURS: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
LOOKS = [Look(colours, width) for colours in COLOURS for width in (1440, 390)]


@dataclass(frozen=True)
class Place:
    """A page: its address, and the link on it that leads further, where the address has a number in it."""

    path: str
    link: str = ""

    def __str__(self) -> str:
        return f"{self.path}{self.link}".replace(" ", "-")


@dataclass
class Visit:
    """A person's browser window; `complaints` is what its console says of errors, CSP among them."""

    page: Page
    demo: RunningDemo
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Opens a path of the app."""
        answer = self.page.goto(f"http://127.0.0.1:{self.demo.port}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    def open(self, place: Place) -> Page:
        """Opens a page, by its link where it has one."""
        page = self.go(place.path)
        if place.link:
            page.get_by_role("link", name=place.link).first.click()
            page.wait_for_load_state()
        return page

    def row(self, path: str, words: str, channel: str) -> Locator:
        """The line of the queue for the post («Post 1») on a channel, on the page opened anew."""
        link = self.page.get_by_role("link", name=words, exact=True)
        self.go(path)
        return self.page.locator("article").filter(has=link).filter(has_text=channel)

    def open_published(self, path: str, words: str, channel: str) -> None:
        """Opens the item that the queue says is published: a post's cancelled drafts stand in the same list."""
        out = self.row(path, words, channel).filter(has=self.page.locator(".state", has_text="published"))
        out.get_by_role("link", name=words, exact=True).click()


def sign_in(browser: Browser, demo: RunningDemo, person: str, state: str | None = None) -> Visit:
    """A new window of the person; with `state`, the cookies of an earlier one, nothing is pressed."""
    context = browser.new_context(reduced_motion="reduce", storage_state=state)
    context.set_default_timeout(LONGEST)
    visit = Visit(context.new_page(), demo)
    visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    if state is None:
        visit.go("/")
        visit.page.get_by_role("button", name=BUTTONS[person]).click()
        visit.page.wait_for_url(lambda url: "/account/" not in url)
    return visit


@functools.cache
def axe() -> Axe:
    """The rules, read once."""
    return Axe()


def faults_of(visit: Visit) -> list[str]:
    """What is wrong with the page that is open, light and dark, wide and narrow; each fault names page and look."""
    page, found = visit.page, []
    for look in LOOKS:
        page.set_viewport_size({"width": look.width, "height": 900})
        page.emulate_media(color_scheme=look.colours)
        page.locator(f"html[data-bs-theme={look.colours}]").wait_for()
        page.evaluate("Promise.allSettled(document.getAnimations().map((running) => running.finished)).then(() => 0)")
        found += [f"{page.url} {look}: {fault}" for fault in faults_now(page)]
    return [*found, *(f"{page.url}: {said}" for said in visit.complaints)]


def faults_now(page: Page) -> list[str]:
    """What axe's rules say, and whether the page scrolls to the side."""
    violations = axe().run(page).response["violations"]
    broken = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in violations for node in rule["nodes"]
    ]
    over = page.evaluate(OVERFLOW)
    return [*broken, f"scrolls {over} px to the side"] if over > 0 else broken


def plan(page: Page, channel: str, when: datetime) -> None:
    """Fills in the form for scheduling and looks at the preview; `when` is the time on the organisation's clocks."""
    page.get_by_role("checkbox", name=channel).check()
    page.get_by_label("Why it may go out").fill("Read and found right.")
    fill_time(page, when)
    page.get_by_role("button", name="Show the previews").click()
    page.locator("#previews progress").first.wait_for()


def fill_time(page: Page, when: datetime) -> None:
    """Fills in a day and a time of day."""
    page.get_by_label("Day").fill(f"{when:%Y-%m-%d}")
    page.get_by_label("Time").fill(f"{when:%H:%M}")


def comes_to_say(visit: Visit, path: str, words: str, channel: str, state: str) -> bool:
    """Whether the line in the queue shows the state within 20 s; the page is opened anew each time."""
    return until(lambda: visit.row(path, words, channel).locator(".state", has_text=state).count() == 1, 20)
