"""Planning a post: the form, the previews, the refusals."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from campaign.models import TranslationRevision
from scheduler import clock
from scheduler.models import ScheduledItem, Transport
from scheduler.services.localtime import resolve
from tests import factories
from tests.personas import BACKEND, organisation_of
from tests.scheduler.views.test_queue import world

pytestmark = pytest.mark.django_db


def page(made: factories.World) -> str:
    return reverse("schedule_post", args=["vse", made.post.pk])


def wish(made: factories.World, **more: object) -> dict[str, object]:
    return {"channels": [made.channel.pk], "language": "en", "day": "2031-06-02", "time": "10:00", **more}


def test_the_form_offers_own_channels(officer: Client):
    made = world()
    foreign = factories.channel(organisation_of("apav"), name="Not ours")
    answer = officer.get(page(made))
    assert made.channel.name in answer.text
    assert foreign.name not in answer.text


def test_the_form_opens_with_a_time_that_can_still_be_met(officer: Client):
    form = officer.get(page(world())).context["form"]
    wall = datetime.combine(form["day"].value(), form["time"].value())
    ahead = resolve(wall, "Europe/Brussels").moment - clock.now()
    assert wall.minute == 0
    assert timedelta(minutes=4) < ahead <= timedelta(minutes=66)


def test_of_several_channels_the_form_opens_with_none_chosen(officer: Client):
    made = world()
    factories.channel(made.organisation, "bluesky", Transport.BY_HAND)
    form = officer.get(page(made)).context["form"]
    assert form["channels"].value() == []


def test_the_only_channel_is_chosen_already(officer: Client):
    made = world()
    assert officer.get(page(made)).context["form"]["channels"].value() == [made.channel.pk]


def test_the_form_opens_with_a_preview_for_every_channel(officer: Client):
    made = world()
    by_hand = factories.channel(made.organisation, "bluesky", Transport.BY_HAND)
    cards = officer.get(page(made)).context["cards"]
    assert {card.channel for card in cards} == {made.channel, by_hand}


def test_the_address_can_name_another_beginning(officer: Client):
    made = world()
    other = factories.channel(made.organisation, "bluesky")
    answer = officer.get(page(made), {"channels": other.pk, "day": "2031-06-02"})
    assert answer.context["cards"][0].channel == other
    assert 'value="2031-06-02"' in answer.text


def test_the_plan_that_the_page_opens_with_can_be_sent_as_it_is(officer: Client):
    made = world()
    form = officer.get(page(made)).context["form"]
    officer.post(page(made), {name: form[name].value() for name in ("channels", "language", "day", "time")})
    assert ScheduledItem.objects.get().channel == made.channel


def test_a_channel_s_label_names_its_network_once(officer: Client):
    made = world()
    factories.channel(made.organisation, "bluesky", name="Helpline on Bluesky")
    factories.channel(made.organisation, "facebook", name="The page")
    answer = officer.get(page(made))
    assert '<span class="visually-hidden"></span>Helpline on Bluesky, ' in answer.text
    assert '<span class="visually-hidden">Facebook: </span>The page, ' in answer.text


def test_on_this_page_one_place_is_the_current_one(officer: Client):
    places = officer.get(page(world())).context["places"]
    assert [place.label for place in places if place.current] == ["Queue"]


def test_a_post_is_planned_at_the_organisations_own_time(officer: Client):
    answer = officer.post(page(made := world()), wish(made))
    item = ScheduledItem.objects.get()
    assert answer.status_code == 302
    assert item.due_at.isoformat() == "2031-06-02T08:00:00+00:00"


def test_two_channels_make_two_items(officer: Client):
    made = world()
    second = factories.channel(made.organisation, "bluesky")
    officer.post(page(made), wish(made, channels=[made.channel.pk, second.pk]))
    assert ScheduledItem.objects.count() == 2


def test_the_preview_shows_the_text_as_it_goes_out_with_its_length(officer: Client):
    made = world()
    answer = officer.post(page(made), wish(made, intent="preview", day="", time=""))
    assert answer.status_code == 200
    assert "116 006 answers in 13 countries. #116006helpline" in answer.text
    assert "48 of 500" in answer.text
    assert not ScheduledItem.objects.exists()


def test_htmx_gets_the_previews_alone(officer: Client):
    made = world()
    answer = officer.post(page(made), wish(made, intent="preview"), headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="previews"')


def test_the_preview_shows_the_parts_of_a_thread(officer: Client):
    made = world()
    factories.revise(made.source, "A sentence about help. " * 20)
    on_x = factories.channel(made.organisation, "x")
    answer = officer.post(page(made), wish(made, channels=[on_x.pk], intent="preview"))
    assert "part 1 of 2" in answer.text


def test_the_preview_shows_a_picture_with_its_alt_text(officer: Client):
    made = world()
    picture = factories.picture(made.post)
    answer = officer.post(page(made), wish(made, intent="preview"))
    assert 'alt="A white field"' in answer.text
    assert officer.get(reverse("post_picture", args=["vse", made.post.pk, picture.digest])).status_code == 200


def test_a_stranger_cannot_see_a_picture_of_a_post(officer: Client, stranger: Client):
    made = world()
    picture = factories.picture(made.post)
    assert stranger.get(reverse("post_picture", args=["vse", made.post.pk, picture.digest])).status_code == 404


def test_a_warning_needs_a_reason(officer: Client):
    made = world()
    factories.picture(made.post).__class__.objects.update(alts={})
    answer = officer.post(page(made), wish(made))
    assert answer.status_code == 422
    assert answer.context["form"].errors["accepted"]


def test_a_warning_is_accepted_with_a_reason(officer: Client):
    made = world()
    factories.picture(made.post).__class__.objects.update(alts={})
    officer.post(page(made), wish(made, accepted="The picture says nothing more than the text."))
    assert ScheduledItem.objects.get().accepted_warnings == "The picture says nothing more than the text."


def test_a_time_in_the_past_is_refused_and_nothing_typed_is_lost(officer: Client):
    answer = officer.post(page(made := world()), wish(made, day="2020-01-02", accepted="Because of this"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["time"]
    assert "Because of this" in answer.text


def test_a_second_channel_that_refuses_leaves_nothing_planned(officer: Client):
    made = world()
    needs_a_picture = factories.channel(made.organisation, "instagram")
    answer = officer.post(page(made), wish(made, channels=[made.channel.pk, needs_a_picture.pk]))
    assert answer.status_code == 422
    assert not ScheduledItem.objects.exists()


def test_what_is_planned_already_is_refused(officer: Client):
    made = world()
    officer.post(page(made), wish(made))
    answer = officer.post(page(made), wish(made))
    assert answer.status_code == 422
    assert f"{made.channel}: This post is already planned" in answer.text
    assert reverse("item_story", args=[ScheduledItem.objects.get().pk]) in answer.text


def test_a_deliberate_repeat_is_the_second_run(officer: Client):
    made = world()
    officer.post(page(made), wish(made))
    officer.post(page(made), wish(made, day="2031-06-03", repeat="on"))
    assert list(ScheduledItem.objects.order_by("pk").values_list("occurrence", flat=True)) == [1, 2]


def test_a_time_that_does_not_exist_is_said(officer: Client):
    made = world()
    answer = officer.post(page(made), wish(made, day="2031-03-30", time="02:30"), follow=True)
    assert "does not exist in Brussels" in answer.text


def test_the_queue_says_that_it_was_planned(officer: Client):
    made = world()
    answer = officer.post(page(made), wish(made), follow=True)
    assert "Planned on 1 channel. It stands in the queue below." in answer.text


def test_somebody_elses_channel_is_not_a_choice(officer: Client):
    made = world()
    foreign = factories.channel(organisation_of("apav"))
    assert officer.post(page(made), wish(made, channels=[foreign.pk])).status_code == 422


def test_a_stranger_gets_404(stranger: Client):
    assert stranger.get(page(world())).status_code == 404


def test_a_translator_may_not_plan(client: Client):
    made = world()
    client.force_login(factories.user(made.organisation, Role.TRANSLATOR), backend=BACKEND)
    assert client.post(page(made), wish(made)).status_code == 403


def test_the_preview_shows_the_content_warning_where_the_network_has_one(officer: Client):
    made = world()
    TranslationRevision.objects.update(warning="Violence")
    seen = officer.get(page(made)).text
    assert "Content warning:</b>" in seen
    assert "has no field for a content warning" not in seen


@pytest.mark.parametrize(
    ("transport", "said"),
    [(Transport.WALL, "yours is not shown there"), (Transport.BY_HAND, "Whoever posts it gets yours with the text:")],
)
def test_the_preview_says_what_becomes_of_a_warning_that_has_no_field(officer: Client, transport: str, said: str):
    made = world()
    TranslationRevision.objects.update(warning="Violence")
    factories.channel(made.organisation, "linkedin", transport)
    seen = officer.get(page(made)).text
    assert "LinkedIn has no field for a content warning" in seen
    assert said in seen
