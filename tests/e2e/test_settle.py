"""What ends unclear, in a real browser on the demo: trouble is rehearsed on the wall, read back, and settled by people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.demo.processes import RunningDemo, until
from tests.e2e.conftest import Enter
from tests.e2e.pages import E2E, Visit, comes_to_say, faults_now, faults_of, plan

pytestmark = E2E

HERE = "/o/vse"
QUEUE, DONE = f"{HERE}/queue/", f"{HERE}/queue/?show=done"
MASTODON = "Victim Support Europe on Mastodon"
LINES = "section[aria-label='Lines of the log'] ul.rows > li"


@pytest.fixture(scope="module", autouse=True)
def _the_samples_own_post_is_out(demo: RunningDemo) -> None:
    """The sample campaign has a post on the same channel two minutes after the demo's start: it would take the trouble
    that is meant for another."""
    assert until(lambda: any("No country has to build" in str(post["text"]) for post in demo.wall()), 150), demo.logs()


@pytest.fixture(autouse=True)
def _the_wall_behaves_again(demo: RunningDemo) -> Iterator[None]:
    yield
    demo.order("none")


def goes_wrong(visit: Visit, number: int) -> None:
    """Plans the post on Mastodon and publishes it now, until it needs a look. The trouble waits on the wall already."""
    page = visit.go(f"{HERE}/")
    page.get_by_role("link", name=f"Post {number}").first.click()
    plan(page, MASTODON, datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(minutes=30))
    page.get_by_role("button", name="Schedule it").click()
    page.get_by_text("Planned on 1 channel.").wait_for()
    visit.row(QUEUE, f"Post {number}", MASTODON).get_by_role("button", name="Publish now").click()
    page.get_by_text("Its time is now.").wait_for()
    assert comes_to_say(visit, QUEUE, f"Post {number}", MASTODON, "needs a look"), visit.demo.logs()


def story_of(visit: Visit, number: int) -> Page:
    """The story of the post that needs a look, from the log's own tab."""
    page = visit.go("/log/?show=look")
    line = page.locator(LINES).filter(has_text=MASTODON).filter(has_text=f"post {number}")
    line.get_by_role("link").first.click()
    page.get_by_role("heading", name="Say what you found").wait_for()
    return page


def copies(visit: Visit) -> list[dict[str, object]]:
    """The posts on the wall with exactly the text of the story that is open."""
    text = visit.page.locator("section[aria-labelledby='part-0'] .source").text_content()
    return [post for post in visit.demo.wall() if post["network"] == "mastodon" and post["text"] == text]


def logged(visit: Visit, number: int) -> str:
    """What the log page says of the post, newest first."""
    page = visit.go("/log/?network=mastodon")
    return "\n".join(page.locator(LINES).filter(has_text=f"post {number}").all_inner_texts())


def test_trouble_ordered_on_the_wall_is_read_back_without_anybody(enter: Enter) -> None:
    visit = enter("officer")
    page = visit.page
    page.goto(f"http://127.0.0.1:{visit.demo.wall_port}/")
    page.get_by_text("Rehearse trouble").click()
    page.get_by_label("Accept it and cut the line").check()
    page.get_by_label("On", exact=True).select_option(label="Mastodon")
    page.get_by_role("button", name="Let it go wrong").click()
    page.get_by_text("Accept it and cut the line on Mastodon").wait_for()
    goes_wrong(visit, 5)
    assert until(lambda: visit.row(DONE, "Post 5", MASTODON).locator(".state", has_text="published").count() == 1, 60)
    visit.open_published(DONE, "Post 5", MASTODON)
    page.get_by_text("We looked for it on Mastodon and found it.").wait_for()
    assert len(copies(visit)) == 1


def test_what_the_network_hides_is_said_to_be_there(enter: Enter) -> None:
    visit = enter("admin")
    visit.demo.order("hide_after", network="mastodon")
    goes_wrong(visit, 6)
    page = story_of(visit, 6)
    (out,) = copies(visit)
    page.get_by_label("Its address").fill(str(out["url"]))
    page.get_by_role("button", name="It is there").click()
    page.get_by_text("It is down as published, with the address you gave.").wait_for()
    assert len(copies(visit)) == 1
    assert "A person found it on Mastodon: it is out." in logged(visit, 6)


def test_what_never_arrived_is_sent_again_once(enter: Enter) -> None:
    visit = enter("admin")
    visit.demo.order("error_before", network="mastodon")
    goes_wrong(visit, 7)
    page = story_of(visit, 7)
    assert copies(visit) == []
    assert faults_of(visit) == []
    page.get_by_label("I have looked at the channel").check()
    page.get_by_role("button", name="send again").click()
    page.get_by_text("We look for it once more").first.wait_for()
    assert comes_to_say(visit, DONE, "Post 7", MASTODON, "published"), visit.demo.logs()
    visit.open_published(DONE, "Post 7", MASTODON)
    assert len(copies(visit)) == 1
    said = logged(visit, 7)
    assert "A person said it is not there." in said
    assert "It is sent again, as asked." in said


def test_what_is_left_stays_as_it_is(enter: Enter) -> None:
    visit = enter("admin")
    visit.demo.order("error_before", network="mastodon")
    goes_wrong(visit, 4)
    page = story_of(visit, 4)
    page.get_by_label("Why").fill("The week is over.")
    page.get_by_role("button", name="Leave it").click()
    page.get_by_text("It is left as it is, and is not sent again.").wait_for()
    page.get_by_text("The week is over.").wait_for()
    assert copies(visit) == []
    assert comes_to_say(visit, QUEUE, "Post 4", MASTODON, "may be out")
    assert "A person left it as it is." in logged(visit, 4)


def test_the_walls_panel_is_without_fault(look_as: Enter) -> None:
    visit = look_as("officer")
    visit.demo.order("limit", network="x")
    visit.page.goto(f"http://127.0.0.1:{visit.demo.wall_port}/")
    found = []
    for width in (1440, 390):
        visit.page.set_viewport_size({"width": width, "height": 900})
        found += faults_now(visit.page)
    assert found == []
