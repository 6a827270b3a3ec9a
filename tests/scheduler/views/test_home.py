"""The first page and the channels."""

from django.test import Client
from django.urls import reverse

from scheduler import clock
from scheduler.models import Channel, Health
from scheduler.states import State
from tests import factories
from tests.personas import organisation_of
from tests.scheduler.views.test_a_thousand import questions
from tests.scheduler.views.test_queue import planned, world

HOME = "/o/vse/"


def test_the_first_address_leads_to_the_persons_organisation(officer: Client):
    assert officer.get("/").headers["Location"] == HOME


def test_somebody_without_an_organisation_is_told_so(stranger: Client):
    assert "You belong to no organisation yet" in stranger.get("/").text


def test_somebody_not_signed_in_is_sent_to_the_sign_in(anonymous: Client):
    assert anonymous.get("/").headers["Location"].startswith(reverse("account_login"))


def test_a_stranger_gets_404_for_an_organisations_home(stranger: Client):
    organisation_of("vse")
    assert stranger.get(HOME).status_code == 404


def test_without_a_channel_the_next_step_is_the_channels(officer: Client):
    assert "There is no channel yet" in officer.get(HOME).context["step"].heading


def test_a_post_with_a_text_is_to_be_planned(officer: Client):
    made = world()
    step = officer.get(HOME).context["step"]
    assert step.heading == "Post 1 is not planned yet"
    assert step.url == reverse("schedule_post", args=["vse", made.post.pk])


def test_a_post_without_a_text_is_to_be_translated(officer: Client):
    factories.post(world().campaign)
    assert officer.get(HOME).context["step"].heading == "Post 2 has no text in your language yet"


def test_what_needs_a_look_comes_before_everything(officer: Client):
    planned(state=State.UNCERTAIN)
    assert officer.get(HOME).context["step"].heading == "Post 1 on Mastodon: needs a look"


def test_what_waits_for_a_hand_leads_to_the_inbox(officer: Client):
    planned(state=State.WAITING)
    assert officer.get(HOME).context["step"].url == reverse("inbox", args=["vse"])


def test_a_dead_credential_leads_to_the_channels(officer: Client):
    made = world()
    made.channel.health = Health.RECONNECT
    made.channel.save()
    assert officer.get(HOME).context["step"].url == reverse("channel_list", args=["vse"])


def test_with_everything_planned_there_is_nothing_to_do(officer: Client):
    planned()
    answer = officer.get(HOME)
    assert answer.context["step"].heading == "There is nothing to do now"
    assert "planned" in answer.text


def test_the_channels_show_how_each_one_is(officer: Client):
    made = world()
    answer = officer.get(reverse("channel_list", args=["vse"]))
    assert made.channel.name in answer.text
    assert "connected" in answer.text


def test_another_organisations_channels_are_nobody_elses(editor_pt: Client):
    world()
    assert editor_pt.get(reverse("channel_list", args=["vse"])).status_code == 404


def test_a_member_is_sent_to_translate_what_is_missing_in_its_language(editor_pt: Client):
    made = world()
    factories.channel(organisation_of("apav"))
    step = editor_pt.get("/o/apav/").context["step"]
    assert step.url == reverse("translation_edit", args=["apav", made.campaign.slug, "pt", 1])


def test_home_asks_as_often_for_three_connected_channels_as_for_one(officer: Client):
    made = world()
    by_somebody = {"connected_by": factories.user(made.organisation), "connected_at": clock.now()}
    Channel.objects.update(**by_somebody)
    few = questions(officer, HOME)
    factories.channel(made.organisation)
    factories.channel(made.organisation, "bluesky")
    Channel.objects.update(**by_somebody)
    assert questions(officer, HOME) == few
