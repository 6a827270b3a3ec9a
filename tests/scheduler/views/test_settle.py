"""A person settles an item whose outcome is unclear."""

import pytest
from django.test import Client
from django.urls import reverse

from scheduler.models import PublishAttempt, ScheduledItem
from scheduler.states import Outcome, State
from tests.scheduler.views.log_rows import MORNING, item_of, segment_of

ADDRESS = "https://facebook.example/posts/1"
WAYS = ["there", "again", "leave", "stop"]


def unclear_item(state: str = State.UNCERTAIN) -> ScheduledItem:
    """Sent once, with no answer; the worker that sent it is known to be done."""
    item = item_of(state=state)
    segment = segment_of(item, first_sent_at=MORNING)
    PublishAttempt.objects.create(
        segment=segment, fence=1, host="h", boot_id="b", pid=1, started="1", sent_at=MORNING, finished_at=MORNING,
        sender_done_at=MORNING, outcome=Outcome.UNCLEAR,
    )  # fmt: skip
    return item


def settle(client: Client, way: str, item: ScheduledItem, status: int = 302, **typed: object) -> str:
    answer = client.post(reverse("settle", kwargs={"item": item.pk, "way": way}), {"version": item.version, **typed})
    assert answer.status_code == status
    item.refresh_from_db()
    return answer.content.decode()


def verbs(item: ScheduledItem) -> list[str]:
    return list(item.log.order_by("number").values_list("verb", flat=True))


def test_it_is_there_makes_it_published_with_its_address(editor_fr: Client):
    item = unclear_item()
    settle(editor_fr, "there", item, url=ADDRESS)
    assert item.state == State.PUBLISHED
    assert item.segments.get().url == ADDRESS
    assert "item:settled_there" in verbs(item)


def test_send_again_looks_once_more_first(editor_fr: Client):
    item = unclear_item()
    settle(editor_fr, "again", item, looked="on")
    assert (item.state, item.send_again) == (State.UNCERTAIN, True)
    assert verbs(item) == ["item:settled_again"]


def test_send_again_asks_first_whether_somebody_looked(editor_fr: Client):
    item = unclear_item()
    assert "it would go out twice" in settle(editor_fr, "again", item, status=422)
    assert verbs(item) == []


def test_leave_it_keeps_the_reason_in_the_log(editor_fr: Client):
    item = unclear_item()
    settle(editor_fr, "leave", item, reason="The page is closed.")
    assert item.state == State.UNRESOLVED
    assert "The page is closed." in editor_fr.get(reverse("item_story", args=[item.pk])).content.decode()


def test_stop_here_makes_what_is_out_the_post(editor_fr: Client):
    item = unclear_item(State.PARTIAL)
    settle(editor_fr, "stop", item)
    assert item.state == State.PUBLISHED
    assert verbs(item) == ["item:stopped_here"]


@pytest.mark.parametrize("url", ["", "not an address", "javascript:alert(1)", "ftp://facebook.example/1"])
def test_a_bad_address_is_answered_next_to_the_field(editor_fr: Client, url: str):
    item = unclear_item()
    text = settle(editor_fr, "there", item, status=422, url=url)
    assert "invalid-feedback" in text
    assert f'value="{url}"' in text or not url
    assert verbs(item) == []


def test_an_empty_reason_is_answered_next_to_the_field(editor_fr: Client):
    assert "invalid-feedback" in settle(editor_fr, "leave", unclear_item(), status=422, reason="  ")


def test_who_comes_second_sees_the_fresh_item_and_keeps_what_was_typed(editor_fr: Client):
    item = unclear_item()
    ScheduledItem.objects.filter(pk=item.pk).update(version=7)
    text = settle(editor_fr, "there", item, status=409, url=ADDRESS)
    assert "Somebody changed this meanwhile" in text
    assert ADDRESS in text
    assert 'name="version" value="7"' in text


def test_what_was_typed_is_not_lost_when_the_item_is_out_meanwhile(editor_fr: Client):
    item = item_of(state=State.PUBLISHED)
    assert ADDRESS in settle(editor_fr, "there", item, status=409, url=ADDRESS)


def test_a_version_that_is_no_number_is_refused(editor_fr: Client):
    settle(editor_fr, "there", unclear_item(), status=422, url=ADDRESS, version="new")


def test_a_coordinators_admin_settles_anywhere(admin: Client):
    item = unclear_item()
    settle(admin, "there", item, url=ADDRESS)
    assert item.state == State.PUBLISHED


@pytest.mark.parametrize("way", WAYS)
def test_a_coordinators_editor_reads_but_does_not_settle_for_others(officer: Client, way: str):
    settle(officer, way, unclear_item(), status=403, url=ADDRESS)


@pytest.mark.parametrize("way", WAYS)
def test_strangers_and_other_members_get_404(stranger: Client, editor_pt: Client, way: str):
    settle(stranger, way, unclear_item(), status=404)
    settle(editor_pt, way, unclear_item(), status=404)


@pytest.mark.parametrize("way", WAYS)
def test_looking_at_the_address_settles_nothing(editor_fr: Client, way: str):
    assert editor_fr.get(reverse("settle", kwargs={"item": unclear_item().pk, "way": way})).status_code == 405
