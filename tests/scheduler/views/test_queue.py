"""The queue and what is done from it, each time by somebody who may and by somebody who may not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from campaign.models import TranslationRevision
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.states import HoldReason, State
from scheduler.views.queue import PAGE
from tests import factories
from tests.personas import BACKEND, organisation_of

pytestmark = pytest.mark.django_db


def world() -> factories.World:
    """VSE with a campaign of one post, and one channel."""
    own = organisation_of("vse")
    campaign = factories.campaign(own, organisation_of("apav"))
    post = factories.post(campaign)
    return factories.World(own, campaign, post, factories.translation(post, own), factories.channel(own))


def planned(hours: int = 24, **columns: object) -> ScheduledItem:
    """One item of VSE, due in some hours."""
    made = world()
    return factories.item(made.post, made.channel, due=clock.now() + timedelta(hours=hours), **columns)


def page(name: str, *more: object) -> str:
    return reverse(name, args=["vse", *more])


def wall(day: str = "2031-06-02", time: str = "10:00", version: int = 1) -> dict[str, object]:
    return {"day": day, "time": time, "version": version}


def test_the_queue_shows_an_item_with_its_state(officer: Client):
    planned()
    answer = officer.get(page("queue"))
    assert answer.status_code == 200
    assert "bi-clock" in answer.text
    assert "scheduled" in answer.text


def test_the_queue_says_why_an_item_is_held(officer: Client):
    planned(state=State.HELD, hold_reason=HoldReason.LINK_EMPTY, hold_detail="“Statement” has no address yet.")
    assert "“Statement” has no address yet." in officer.get(page("queue")).text


def test_the_queue_is_in_the_organisations_own_time(officer: Client):
    item = planned()
    local = item.due_at.astimezone(item.channel.organisation.zone)
    assert f"<b>{local:%H:%M}</b>" in officer.get(page("queue")).text


def test_a_stranger_gets_404_for_the_queue(officer: Client, stranger: Client):
    planned()
    assert stranger.get(page("queue")).status_code == 404


def test_another_organisations_items_are_not_in_the_queue(editor_pt: Client):
    planned()
    assert "One number" not in editor_pt.get(reverse("queue", args=["apav"])).text


def test_what_has_no_room_is_on_the_next_page(officer: Client):
    made = world()
    for number in range(PAGE + 1):
        post = factories.post(made.campaign, title=f"Title-{number}-")
        factories.translation(post, made.organisation)
        factories.item(post, made.channel, due=clock.now() + timedelta(days=1, minutes=number))
    first = officer.get(page("queue"))
    second = officer.get(page("queue"), {"after": first.context["after"]})
    last, over = f"Title-{PAGE - 1}-", f"Title-{PAGE}-"
    assert last in first.text
    assert over not in first.text
    assert over in second.text
    assert last not in second.text


def test_the_queue_asks_as_much_for_many_items_as_for_one(officer: Client, django_assert_max_num_queries: object):
    made = world()
    for number in range(1, 9):
        factories.item(made.post, made.channel, due=clock.now() + timedelta(hours=number), occurrence=number)
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # a fixture that pytest-django does not type
        officer.get(page("queue"))


def test_a_cursor_nobody_made_shows_the_first_page(officer: Client):
    planned()
    assert "One number" in officer.get(page("queue"), {"after": "2020_x"}).text


def test_an_item_is_moved(officer: Client):
    item = planned()
    answer = officer.post(page("item_move", item.pk), wall())
    item.refresh_from_db()
    assert answer.status_code == 302
    assert item.due_at.isoformat() == "2031-06-02T08:00:00+00:00"


def test_the_form_to_move_shows_the_time_as_it_is(officer: Client):
    item = planned()
    local = item.due_at.astimezone(item.channel.organisation.zone)
    assert f'value="{local:%H:%M}"' in officer.get(page("item_move", item.pk)).text


def test_a_move_into_the_past_is_refused_beside_the_time_and_nothing_typed_is_lost(officer: Client):
    item = planned()
    answer = officer.post(page("item_move", item.pk), wall("2020-01-02"))
    assert answer.status_code == 422
    assert "in the past" in answer.context["form"].errors["time"][0]
    assert 'value="2020-01-02"' in answer.text


def test_a_move_of_what_somebody_changed_meanwhile_gets_409_with_the_fresh_version(officer: Client):
    item = planned(version=7)
    answer = officer.post(page("item_move", item.pk), wall())
    assert answer.status_code == 409
    assert 'value="7"' in answer.text
    assert 'value="2031-06-02"' in answer.text


def test_another_organisations_editor_cannot_move_it(editor_pt: Client):
    item = planned()
    assert editor_pt.get(page("item_move", item.pk)).status_code == 404
    assert editor_pt.post(reverse("item_move", args=["apav", item.pk]), wall()).status_code == 404


def test_a_button_names_the_address_and_the_version_of_its_item(officer: Client):
    item = planned(version=3)
    address = page("item_cancel", item.pk)
    button = f'name="version" value="3" formaction="{address}" hx-post="{address}">Cancel</button>'
    assert button in officer.get(page("queue")).text


def test_an_item_is_cancelled(officer: Client):
    item = planned()
    officer.post(page("item_cancel", item.pk), {"version": 1})
    item.refresh_from_db()
    assert item.state == State.CANCELLED


def test_htmx_gets_the_fresh_row_of_a_cancelled_item(officer: Client):
    item = planned()
    answer = officer.post(page("item_cancel", item.pk), {"version": 1}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<article id="item-{item.pk}"')
    assert "cancelled" in answer.text


def test_cancelling_what_has_changed_meanwhile_gets_409_and_the_row(officer: Client):
    item = planned(version=3)
    answer = officer.post(page("item_cancel", item.pk), {"version": 1})
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile" in answer.text


def test_a_viewer_may_read_the_queue_and_not_cancel(client: Client):
    item = planned()
    client.force_login(factories.user(item.channel.organisation, Role.VIEWER), backend=BACKEND)
    assert "Move to" not in client.get(page("queue")).text
    assert client.post(page("item_cancel", item.pk), {"version": 1}).status_code == 403


def test_publish_now_makes_it_due(officer: Client):
    item = planned()
    officer.post(page("item_publish_now", item.pk), {"version": 1})
    item.refresh_from_db()
    assert item.due_at <= clock.now()


def test_publish_now_on_a_held_item_gets_409_with_the_gate(officer: Client):
    item = planned()
    item.campaign.paused = True
    item.campaign.save()
    answer = officer.post(page("item_publish_now", item.pk), {"version": 1})
    assert answer.status_code == 409
    assert "campaign is paused" in answer.text


def test_a_stranger_cannot_publish_now(stranger: Client):
    item = planned()
    assert stranger.post(page("item_publish_now", item.pk), {"version": 1}).status_code == 404


def test_still_right_lets_a_changed_text_go_on(officer: Client):
    item = planned(state=State.HELD, hold_reason=HoldReason.NEW_REVISION, hold_detail="The text was changed.")
    factories.revise(item.revision.translation, "New words.")
    officer.post(page("item_still_right", item.pk), {"version": 1})
    item.refresh_from_db()
    assert (item.state, item.revision.full) == (State.SCHEDULED, "New words.")


def test_a_stranger_cannot_say_still_right(stranger: Client):
    item = planned(state=State.HELD, hold_reason=HoldReason.NEW_REVISION)
    assert stranger.post(page("item_still_right", item.pk), {"version": 1}).status_code == 404


def test_the_queue_shows_the_content_warning_of_a_text(officer: Client):
    planned()
    assert "Content warning:" not in officer.get(page("queue")).text
    TranslationRevision.objects.update(warning="Violence")
    assert "Content warning:" in officer.get(page("queue")).text
