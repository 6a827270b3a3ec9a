"""A person's own account in a real browser, on the demo: password by mail, the second step, and what says «no»."""

import email
import re
import time
from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page

from tests.demo.processes import RunningDemo, until
from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, LONGEST, Visit, faults_of

pytestmark = E2E

PERSON, SECRET = "editor@apav.example", "a password for the second test"
"""Nobody else's tests sign in as this one: with a password the demo's button for it is gone."""
TOLD = (400, 403, 404)


@pytest.fixture
def nobody(browser: Browser, demo: RunningDemo) -> Visit:
    """A window in which nobody is signed in."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(LONGEST)
    visit = Visit(context.new_page(), demo)
    visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    return visit


def newest_mail(demo: RunningDemo, before: set[Path]) -> str:
    """The words of the one mail that was not there `before`."""
    folder = demo.folder / "mail"
    assert until(lambda: bool(set(folder.glob("*")) - before), 10)
    (fresh,) = set(folder.glob("*")) - before
    message: Message = email.message_from_bytes(fresh.read_bytes())
    words = message.get_payload(decode=True)
    assert isinstance(words, bytes)
    return words.decode()


def sign_in_by_mail(page: Page) -> None:
    page.get_by_label("Email").fill(PERSON)
    page.get_by_label("Password").fill(SECRET)
    page.locator("section[aria-labelledby='by-mail'] button").click()
    page.wait_for_load_state()


def step(visit: Visit, found: list[str]) -> None:
    """Looks at the page that is open."""
    visit.page.wait_for_load_state()
    found += faults_of(visit)


def test_a_password_is_set_by_mail_and_opens_the_door(nobody: Visit) -> None:
    page, found = nobody.go("/account/password/reset/"), list[str]()
    step(nobody, found)
    before = set((nobody.demo.folder / "mail").glob("*"))
    page.get_by_label("Email").fill(PERSON)
    page.get_by_role("button", name="Reset").click()
    page.get_by_text(str(nobody.demo.folder / "mail")).wait_for()
    step(nobody, found)
    link = re.search(r"http://\S+/account/password/reset/key/\S+", newest_mail(nobody.demo, before))
    assert link is not None
    page.goto(link.group())
    step(nobody, found)
    for field in page.locator("input[type=password]").all():
        field.fill(SECRET)
    page.get_by_role("button", name="Change Password").click()
    page.get_by_text("Your password is now changed.").wait_for()
    step(nobody, found)
    page.goto(link.group())
    page.get_by_role("heading", name="Bad Token").wait_for()
    step(nobody, found)
    nobody.go("/account/login/")
    sign_in_by_mail(page)
    page.wait_for_url("**/o/apav/")
    assert found == []


def test_a_second_step_is_set_up_and_asked_for(nobody: Visit) -> None:
    page, found = nobody.go("/account/login/"), list[str]()
    sign_in_by_mail(page)
    for path in ("/account/password/change/", "/account/email/", "/account/two-steps/", "/account/reauthenticate/"):
        nobody.go(path)
        step(nobody, found)
    codes = with_second_step(nobody, lambda: step(nobody, found))
    page.context.clear_cookies()
    nobody.go("/account/login/")
    sign_in_by_mail(page)
    step(nobody, found)
    page.get_by_label("Code", exact=False).first.fill(codes[0])
    page.get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/o/apav/")
    assert found == []


def with_second_step(visit: Visit, look: Callable[[], None]) -> list[str]:
    """Sets up the second step, and gives its recovery codes."""
    page = visit.go("/account/two-steps/totp/activate/")
    if page.get_by_role("heading", name="Confirm Access").count():
        page.get_by_label("Password").fill(SECRET)
        page.get_by_role("button", name="Confirm").click()
    secret = page.locator("#authenticator_secret").input_value()
    look()
    assert page.locator("img.qr").evaluate("code => getComputedStyle(code).backgroundColor") == "rgb(255, 255, 255)"
    page.get_by_label("Authenticator code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_load_state()
    for path in ("/account/two-steps/recovery-codes/generate/", "/account/two-steps/totp/deactivate/"):
        visit.go(path)
        look()
    visit.go("/account/two-steps/recovery-codes/")
    look()
    return page.locator("#recovery_codes").input_value().split()


@pytest.mark.parametrize("path", ["/account/inactive/", "/account/confirm-email/", "/account/signup/"])
def test_the_pages_for_nobody_are_without_fault(nobody: Visit, path: str) -> None:
    nobody.go(path)
    assert faults_of(nobody) == []


@pytest.mark.parametrize("path", ["/changes/", "/nowhere/", "/o/riku/queue/"])
def test_a_page_that_says_no_is_without_fault(look_as: Enter, path: str) -> None:
    visit = look_as("officer")
    answer = visit.page.goto(f"http://127.0.0.1:{visit.demo.port}{path}")
    assert answer is not None
    assert answer.status in TOLD
    visit.complaints.clear()  # the console repeats the status
    assert visit.page.get_by_role("link", name="Go to the first page").count() == 1
    assert faults_of(visit) == []


def test_a_form_without_its_proof_is_explained(nobody: Visit) -> None:
    page = nobody.go("/account/password/reset/")
    page.get_by_label("Email").fill(PERSON)
    page.context.clear_cookies()
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("heading", name="Your browser did not send what proves that it was you").wait_for()
    nobody.complaints.clear()
    assert faults_of(nobody) == []
