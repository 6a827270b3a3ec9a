"""Writing words in a real browser, on the demo: what the server says while somebody types, and who approves."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.demo.processes import ROOT, RunningDemo, clean_environment
from tests.e2e import pages
from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, WEEK, Visit, faults_of

pytestmark = E2E

HERE = "/o/riku"
POST_6 = f"{HERE}{WEEK}translate/fi/6/"
POST_9 = f"{HERE}{WEEK}translate/fi/9/"
SECOND = "Editor France Victimes"
FRENCH_AT_RIKU = """
from accounts.models import Membership, Organisation, User
second = User.objects.get(email="editor@france-victimes.example")
riku = Organisation.objects.get(slug="riku")
"""
JOIN = FRENCH_AT_RIKU + 'Membership.objects.create(user=second, organisation=riku, role="editor")'
LEAVE = FRENCH_AT_RIKU + "Membership.objects.filter(user=second, organisation=riku).delete()"


def look_at(page: Page, network: str) -> None:
    """Unfolds how it goes out on a network."""
    page.locator(f"#look-at-{network}").click()


def type_over(page: Page, label: str, words: str) -> None:
    """Types as a person does, key by key, and stays in the field."""
    field = page.get_by_label(label, exact=True)
    field.click()
    field.press("Control+A")
    field.press_sequentially(words)


def test_the_page_follows_what_is_typed_and_the_cursor_stays(enter: Enter) -> None:
    visit = enter("editor_fi")
    page = visit.go(POST_9)
    look_at(page, "x")
    type_over(page, "Short text", "Soita 116 006. ")
    expect(page.locator("#look-x .txt")).to_have_text("Soita 116 006.")
    expect(page.locator("#look-at-x .num")).to_have_text("14 / 280")
    page.keyboard.type("Apua saa.")
    expect(page.locator("#look-x .txt")).to_have_text("Soita 116 006. Apua saa.")
    expect(page.get_by_label("Short text", exact=True)).to_be_focused()
    assert page.get_by_label("Short text", exact=True).input_value() == "Soita 116 006. Apua saa."
    assert page.locator("#look-x").get_attribute("open") is not None
    assert visit.complaints == []


def test_what_is_new_is_said_once_to_who_hears_the_page(enter: Enter) -> None:
    page = enter("editor_fi").go(POST_9)
    said = page.locator("#preview-said")
    assert said.inner_text() == ""
    type_over(page, "Text*", "Soita. {link:statement}")
    expect(said).to_have_text(re.compile(r"^\d to mend\."))
    page.evaluate(
        "new MutationObserver(() => document.body.dataset.again = 'yes').observe("
        "document.getElementById('preview-said'), {childList: true, characterData: true, subtree: true})"
    )
    with page.expect_response(re.compile("/preview/$")):
        page.keyboard.type(" Heti")
    expect(page.locator("#look-x .txt")).to_contain_text("Heti")
    assert page.locator("body").get_attribute("data-again") is None


def test_a_network_s_own_text_is_begun_counted_saved_and_given_back(enter: Enter) -> None:
    page = enter("editor_fi").go(POST_9)
    page.locator("summary", has_text="Own text for Bluesky").click()
    page.get_by_label("Text for Bluesky alone").fill("Vain Blueskyssa: 116 006")
    expect(page.locator("#own-bluesky")).to_have_text(re.compile(r"own text\s+24 / 300"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Text for Bluesky alone")).to_have_value("Vain Blueskyssa: 116 006")
    page.locator("#own-bluesky").locator("xpath=ancestor::details").get_by_role("button", name="Back to").click()
    expect(page.get_by_label("Text for Bluesky alone")).to_have_value("")
    expect(page.locator("#own-bluesky")).to_contain_text("follows the text")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#own-bluesky")).to_contain_text("follows the text")


def test_an_alt_text_and_a_content_warning_are_saved_and_shown(enter: Enter) -> None:
    page = enter("editor_fi").go(POST_9)
    page.get_by_label("What the picture shows").fill("Kämmen ja puhelin.")
    page.locator("summary", has_text="Content warning").click()
    page.get_by_label("Content warning", exact=True).fill("väkivalta")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    look_at(page, "mastodon")
    expect(page.locator("#look-mastodon article").first).to_contain_text("Content warning: väkivalta")
    assert page.locator("#look-mastodon img").first.get_attribute("alt") == "Kämmen ja puhelin."


def test_without_script_the_words_are_saved_and_counted(enter: Enter, demo: RunningDemo) -> None:
    first = enter("editor_fi")
    browser = first.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, storage_state=first.page.context.storage_state())
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{demo.port}{POST_9}")
    page.get_by_label("Short text", exact=True).fill("Ilman skriptiä 116 006.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#look-at-x").click()
    expect(page.locator("#look-x .txt")).to_have_text("Ilman skriptiä 116 006.")
    context.close()


def run(demo: RunningDemo, code: str) -> None:
    """Runs a few lines in the demo's own database."""
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-c", code]
    environment = clean_environment(CHORUS_DATA=str(demo.folder))
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60)


@pytest.fixture
def two(demo: RunningDemo, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Visit, Visit]]:
    """Two people who approve at Rikosuhripäivystys, for one test: its editor, and France Victimes' editor."""
    monkeypatch.setitem(pages.BUTTONS, "second", SECOND)
    both = enter("editor_fi"), enter("second")
    run(demo, JOIN)
    yield both
    run(demo, LEAVE)


def test_two_people_see_to_it_that_nobody_approves_their_own_words(two: tuple[Visit, Visit]) -> None:
    first, second = two
    page = first.go(POST_6)
    short = page.get_by_label("Short text", exact=True)
    short.fill(f"{short.input_value()} Heti.")
    page.get_by_role("button", name="Hand in for review").click()
    page.get_by_text("Handed in.").wait_for()
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    expect(page.locator("#who-approves")).to_contain_text("You wrote this, so somebody else has to look at it")
    assert faults_of(first) == []
    other = second.go(POST_6)
    expect(other.locator("#who-approves")).to_contain_text("Somebody else wrote this, so you may approve it.")
    other.get_by_role("button", name="Approve").click()
    other.get_by_text("Approved. It can be scheduled.").wait_for()
    page.reload()
    expect(page.locator("#words header .state")).to_have_text("approved")


def test_the_unfolded_pages_are_without_fault(look_as: Enter) -> None:
    for person, path in (("editor_fi", POST_9), ("officer", f"/o/vse{WEEK}posts/5/edit/")):
        visit = look_as(person)
        page = visit.go(path)
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })")
        assert faults_of(visit) == []
