"""Drafts: kept from the page of a post, seen in the queue, changed, scheduled, deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.services import log
from scheduler.services.claim import claim_next
from scheduler.states import State
from tests import factories
from tests.personas import BACKEND
from tests.scheduler.views.test_queue import page, wall, world

pytestmark = pytest.mark.django_db


def keep(officer: Client, made: factories.World, **more: object) -> ScheduledItem:
    """Keeps the world's post as a draft by the page."""
    wish = {"channels": [made.channel.pk], "language": "en", "day": "2031-06-02", "time": "10:00", **more}
    answer = officer.post(reverse("schedule_post", args=["vse", made.post.pk]), {**wish, "intent": "draft"})
    assert answer.status_code == 302, answer.context["form"].errors
    return ScheduledItem.objects.get()


def without_alt(made: factories.World) -> None:
    """From now on the post has a warning."""
    factories.picture(made.post).__class__.objects.update(alts={})


def test_a_draft_is_kept_and_stands_in_the_queue_as_one(officer: Client):
    item = keep(officer, world())
    text = officer.get(page("queue")).text
    assert item.state == State.DRAFT
    assert "its time is a proposal" in text
    assert page("item_draft", item.pk) in text


def test_the_queue_says_that_it_was_kept(officer: Client):
    keep(officer, world())
    assert "Kept as a draft. It does not go out until somebody schedules it." in officer.get(page("queue")).text


def test_a_draft_whose_time_has_come_is_not_taken_up(officer: Client):
    keep(officer, world(), day="2020-01-02")
    assert claim_next() is None


def test_a_draft_may_have_a_warning_that_nobody_has_accepted_yet(officer: Client):
    without_alt(made := world())
    assert keep(officer, made).state == State.DRAFT


def test_a_draft_is_given_another_time_and_stays_a_draft(officer: Client):
    item = keep(officer, world())
    officer.post(page("item_draft", item.pk), {**wall("2031-07-03", version=item.version), "intent": "save"})
    item.refresh_from_db()
    assert (item.state, item.due_local_date.isoformat()) == (State.DRAFT, "2031-07-03")


def test_a_draft_is_scheduled_with_the_text_as_it_is_now(officer: Client):
    made = world()
    item = keep(officer, made)
    newest = factories.revise(made.source, "116 006 answers day and night.")
    answer = officer.post(page("item_draft", item.pk), wall(version=item.version), follow=True)
    item.refresh_from_db()
    assert (item.state, item.revision) == (State.SCHEDULED, newest)
    assert "The draft is scheduled." in answer.text
    assert made.channel.__class__.objects.get(pk=made.channel.pk).next_due == item.due_at


def test_scheduling_a_draft_asks_about_its_warning_and_loses_nothing(officer: Client):
    without_alt(made := world())
    item = keep(officer, made)
    answer = officer.post(page("item_draft", item.pk), wall("2031-08-04", version=item.version))
    assert answer.status_code == 422
    assert answer.context["form"].errors["accepted"]
    assert 'value="2031-08-04"' in answer.text


def test_a_draft_is_not_scheduled_for_a_time_that_is_past(officer: Client):
    item = keep(officer, world())
    answer = officer.post(page("item_draft", item.pk), wall("2020-01-02", version=item.version))
    assert answer.status_code == 422
    assert answer.context["form"].errors["time"]


def test_a_draft_that_somebody_changed_meanwhile_answers_409_with_what_was_typed(officer: Client):
    item = keep(officer, world())
    answer = officer.post(page("item_draft", item.pk), wall("2031-09-05", version=item.version - 1))
    assert answer.status_code == 409
    assert 'value="2031-09-05"' in answer.text


def test_a_draft_is_deleted(officer: Client):
    item = keep(officer, world())
    officer.post(page("item_cancel", item.pk), {"version": item.version})
    item.refresh_from_db()
    assert item.state == State.CANCELLED


def test_a_draft_can_neither_be_moved_nor_published_past_its_checks(officer: Client):
    item = keep(officer, world())
    assert officer.post(page("item_move", item.pk), wall(version=item.version)).status_code == 409
    assert officer.post(page("item_publish_now", item.pk), {"version": item.version}).status_code == 409


def test_what_is_no_draft_any_more_leads_to_the_queue(officer: Client):
    made = world()
    item = factories.item(made.post, made.channel, due=clock.now())
    assert officer.get(page("item_draft", item.pk)).url == page("queue")


def test_the_first_page_leads_to_the_draft(officer: Client):
    item = keep(officer, world())
    assert page("item_draft", item.pk) in officer.get(page("organisation_home")).text


def test_the_life_of_a_draft_stands_in_a_log_that_is_whole(officer: Client):
    item = keep(officer, world())
    officer.post(page("item_draft", item.pk), wall(version=item.version))
    assert list(item.log.order_by("number").values_list("verb", flat=True)) == ["item:drafted", "item:scheduled"]
    assert log.verify() == []


def test_a_translator_may_not_open_a_draft(officer: Client, client: Client):
    made = world()
    item = keep(officer, made)
    client.force_login(factories.user(made.organisation, Role.TRANSLATOR), backend=BACKEND)
    assert client.get(page("item_draft", item.pk)).status_code == 403
