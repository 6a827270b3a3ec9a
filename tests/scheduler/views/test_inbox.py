"""The by-hand inbox."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from campaign.models import TranslationRevision, Visual
from scheduler import clock
from scheduler.models import ScheduledItem, Segment, Transport
from scheduler.states import State
from tests import factories
from tests.personas import BACKEND
from tests.scheduler.views.test_queue import world

pytestmark = pytest.mark.django_db


def waiting(hours_ago: int = 1) -> ScheduledItem:
    """An item of VSE for Facebook, handed to a person, with a picture."""
    made = world()
    by_hand = factories.channel(made.organisation, "facebook", Transport.BY_HAND)
    picture = factories.picture(made.post)
    due = clock.now() - timedelta(hours=hours_ago)
    item = factories.item(made.post, by_hand, due=due, state=State.WAITING)
    entry = {"digest": picture.digest, "alt": "A white field"}
    Segment.objects.create(item=item, position=0, text="Call “116 006”", pictures=[entry], digest="0", frozen_at=due)
    return item


def page(name: str, *more: object) -> str:
    return reverse(name, args=["vse", *more])


def test_the_inbox_has_the_text_to_copy(officer: Client):
    waiting()
    assert 'data-copy="Call “116 006”"' in officer.get(page("inbox")).text


def test_the_inbox_leads_to_the_networks_own_composer(officer: Client):
    item = waiting()
    answer = officer.get(page("inbox"))
    assert item.channel.rules.composer_url("Call “116 006”").partition("?")[0] in answer.text
    assert 'rel="noopener noreferrer"' in answer.text


def test_what_waits_beyond_its_grace_is_overdue(officer: Client):
    waiting(hours_ago=7)
    assert "overdue" in officer.get(page("inbox")).text


def test_what_has_just_been_handed_over_is_not_overdue(officer: Client):
    waiting()
    assert "overdue" not in officer.get(page("inbox")).text


def test_a_stranger_gets_404_for_the_inbox(stranger: Client):
    waiting()
    assert stranger.get(page("inbox")).status_code == 404


def test_i_posted_it_ends_the_item_with_its_address(officer: Client):
    item = waiting()
    address = "https://www.facebook.com/1/posts/2"
    officer.post(page("item_posted", item.pk), {"version": 1, "url": address})
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert item.segments.get().url == address


def test_an_address_that_is_none_is_refused_and_kept(officer: Client):
    item = waiting()
    answer = officer.post(page("item_posted", item.pk), {"version": 1, "url": "not an address"})
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text


def test_saying_it_twice_gets_409(officer: Client):
    item = waiting()
    officer.post(page("item_posted", item.pk), {"version": 1, "url": ""})
    assert officer.post(page("item_posted", item.pk), {"version": 1, "url": ""}).status_code == 409


def test_a_viewer_cannot_say_that_it_is_posted(client: Client):
    item = waiting()
    client.force_login(factories.user(item.channel.organisation, Role.VIEWER), backend=BACKEND)
    assert client.post(page("item_posted", item.pk), {"version": 1}).status_code == 403


def test_the_picture_is_handed_out_to_be_saved(officer: Client):
    item = waiting()
    answer = officer.get(page("item_picture", item.pk, Visual.objects.get().digest))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="post-1.png"'
    assert answer.content.startswith(b"\x89PNG")


def test_a_picture_of_another_post_is_not_handed_out(officer: Client):
    item = waiting()
    other = factories.picture(factories.post(item.campaign), "black")
    assert officer.get(page("item_picture", item.pk, other.digest)).status_code == 404


def test_a_stranger_cannot_have_the_picture(stranger: Client):
    item = waiting()
    assert stranger.get(page("item_picture", item.pk, Visual.objects.get().digest)).status_code == 404


def warned(network: str, warning: str = "Violence", text: str = "Call “116 006”") -> ScheduledItem:
    """An item by hand whose text has a content warning, frozen as the worker freezes it."""
    made = world()
    TranslationRevision.objects.update(warning=warning)
    by_hand = factories.channel(made.organisation, network, Transport.BY_HAND)
    item = factories.item(made.post, by_hand, due=clock.now(), state=State.WAITING)
    kept = warning if by_hand.rules.limits.warning else ""
    Segment.objects.create(item=item, position=0, text=text, warning=kept, digest="0", frozen_at=clock.now())
    return item


def test_where_there_is_no_field_for_it_the_content_warning_is_copied_with_the_text(officer: Client):
    item = warned("linkedin")
    seen = officer.get(page("inbox"))
    assert "LinkedIn has no field for it, so it is copied in front of the text." in seen.text
    assert 'data-copy="Violence\n\nCall “116 006”"' in seen.text
    assert seen.context["handed"][0].composer_url == item.channel.rules.composer_url("Violence\n\nCall “116 006”")


def test_where_there_is_a_field_the_content_warning_is_copied_apart(officer: Client):
    warned("mastodon")
    seen = officer.get(page("inbox")).text
    assert 'data-copy="Violence"' in seen
    assert 'data-copy="Call “116 006”"' in seen
    assert "has no field" not in seen


def test_a_content_warning_that_does_not_fit_in_front_is_copied_apart(officer: Client):
    warned("x", text="a" * 275)
    seen = officer.get(page("inbox")).text
    assert "it does not fit in front of the text" in seen
    assert 'data-copy="Violence"' in seen
    assert f'data-copy="{"a" * 275}"' in seen


def test_only_the_first_part_of_a_thread_has_the_warning_in_front(officer: Client):
    item = warned("x")
    Segment.objects.create(item=item, position=1, text="And more.", digest="0", frozen_at=clock.now())
    first, second = officer.get(page("inbox")).context["handed"][0].parts
    assert (first.copied, second.copied) == ("Violence\n\nCall “116 006”", "And more.")
