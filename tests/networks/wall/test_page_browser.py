"""The wall in a real browser: readable for everybody, quiet towards other hosts, and up to date by itself."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.networks.samples import picture
from tests.networks.wall.conftest import Send
from tests.wall_process import Wall

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        words = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=words)
        yield running
        running.close()


@pytest.fixture
def feed(send: Send, upload) -> None:
    """A thread, a text posted twice, and pictures with and without alt text."""
    pictures = [{"digest": upload(picture(alt or "none").read()), "alt": alt} for alt in ("A hand", "")]
    root = send(text="One #116006helpline https://victim-support.eu", pictures=pictures).json()["id"]
    send(text="Two @EU_Commission", reply_to=root)
    for _ in range(2):
        send(network="facebook", text="Same")


def watched(browser: Browser, url: str, *, width: int = 1440, scheme: str = "light") -> tuple[Page, list[str]]:
    """The page, and what went wrong on it: errors of its console, calls to other hosts."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(url) else wrong.append(request.url))
    return page, wrong


@pytest.mark.usefixtures("feed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_have_no_barrier_that_axe_finds(wall: Wall, browser: Browser, width: int, scheme: str):
    page, wrong = watched(browser, wall.url, width=width, scheme=scheme)
    for path in ("/", "/?network=facebook", "/posts/1", "/?account=nobody"):
        page.goto(wall.url + path)
        for summary in page.locator("details summary").all():
            summary.click()
        assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
    assert wrong == []


def test_a_new_post_appears_by_itself(wall: Wall, browser: Browser, send: Send):
    page, wrong = watched(browser, wall.url)
    page.goto(wall.url)
    send(text="Just now")
    expect(page.get_by_text("Just now")).to_be_visible(timeout=10_000)
    page.close()
    assert wrong == []


def test_whoever_reads_is_told_and_not_disturbed(wall: Wall, browser: Browser, send: Send):
    send(text="Before")
    page, _ = watched(browser, wall.url)
    page.goto(wall.url)
    page.get_by_role("link", name="Mastodon 1 post").focus()
    send(text="Just now")
    link = page.get_by_role("status").get_by_role("link", name="Show 1 new post")
    expect(link).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Just now")).to_have_count(0)
    link.click()
    expect(page.get_by_text("Just now")).to_be_visible()
    page.close()
