"""What stands around every page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve
from pytest_django import Settings

from accounts.models import Membership, Role, User
from scheduler import clock
from scheduler.context import frame
from scheduler.models import Heartbeat, Transport
from scheduler.services import frame as around
from scheduler.states import State
from tests import factories

pytestmark = pytest.mark.django_db


def seen_by(user: User | AnonymousUser, path: str = "/account/login/") -> dict:
    request = RequestFactory().get(path)
    request.user, request.resolver_match = user, resolve(path)
    return frame(request)


def labels(context: dict) -> list[str]:
    return [place.label for place in context["places"]]


def beat(name: str, ago: timedelta = timedelta()) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.now() - ago})


def alarms() -> list[str]:
    return around.alarms(clock.now(), factories.organisation().zone)


def test_nobody_sees_the_product_s_name_only():
    assert seen_by(AnonymousUser(), "/alarms/") == {"product_name": "Chorus"}


def test_a_member_of_nothing_has_no_places():
    assert "places" not in seen_by(factories.user())


def test_the_places_stand_in_their_order():
    world = factories.make_world()
    own = factories.organisation()
    world.campaign.participation_set.create(organisation=own)
    assert labels(seen_by(factories.user(own))) == [
        "Home", "Campaign", "Translate", "Queue", "Inbox", "Channels", "Publish log",
    ]  # fmt: skip


def test_a_coordinator_writes_the_source_and_does_not_translate():
    world = factories.make_world()
    assert "Translate" not in labels(seen_by(factories.user(world.organisation)))


def test_without_a_campaign_there_is_no_place_for_it():
    assert "Campaign" not in labels(seen_by(factories.user(factories.organisation())))


def test_the_place_one_is_in_is_marked():
    own = factories.organisation(slug="here")
    places = seen_by(factories.user(own), "/o/here/queue/")["places"]
    assert [place.label for place in places if place.current] == ["Queue"]


def test_the_frame_is_that_of_the_organisation_in_the_address():
    user = factories.user(factories.organisation(slug="aaa"))
    Membership.objects.create(user=user, organisation=factories.organisation(slug="here"), role=Role.VIEWER)
    assert seen_by(user, "/o/here/queue/")["organisation"].slug == "here"
    assert seen_by(user)["organisation"].slug == "aaa"


def test_the_inbox_counts_what_waits_to_be_posted_by_hand():
    world = factories.make_world(transport=Transport.BY_HAND)
    factories.item(world.post, world.channel, state=State.WAITING)
    inbox = next(place for place in seen_by(factories.user(world.organisation))["places"] if place.label == "Inbox")
    assert (inbox.count, inbox.state) == (1, "hand")


def test_the_log_counts_what_needs_a_look():
    world = factories.make_world()
    factories.item(world.post, world.channel, state=State.UNCERTAIN)
    log = next(place for place in seen_by(factories.user(world.organisation))["places"] if place.label == "Publish log")
    assert (log.count, log.state) == (1, "look")


def test_the_counts_are_one_s_own():
    world = factories.make_world()
    factories.item(world.post, world.channel, state=State.UNCERTAIN)
    own = factories.organisation()
    assert around.count(factories.user(own), own) == around.Counts(0, 0, 0)


def test_who_reads_everywhere_is_told_of_every_item_that_needs_a_look():
    world = factories.make_world()
    own = factories.organisation()
    world.campaign.participation_set.create(organisation=own)
    factories.item(world.post, factories.channel(own), state=State.UNCERTAIN)
    assert around.count(factories.user(world.organisation), world.organisation) == around.Counts(0, 1, 1)


def test_what_is_seen_is_counted_over_all_organisations_one_is_in():
    world = factories.make_world()
    own = factories.organisation()
    user = factories.user(own)
    Membership.objects.create(user=user, organisation=world.organisation, role=Role.VIEWER)
    factories.item(world.post, world.channel, state=State.UNCERTAIN)
    assert around.count(user, own) == around.Counts(0, 0, 1)


def test_the_coordinator_s_clock_stands_beside_one_s_own():
    campaign = factories.make_world().campaign
    own = factories.organisation(time_zone="Europe/Helsinki")
    clocks = around.clocks(own, campaign, datetime(2023, 4, 11, 7, 42, tzinfo=UTC))
    assert [(one.time, one.label) for one in clocks] == [("10:42", "Helsinki"), ("09:42", "Brussels")]


def test_where_it_is_the_same_time_one_clock_is_enough():
    campaign = factories.make_world().campaign
    own = factories.organisation(time_zone="Europe/Paris")
    assert [one.label for one in around.clocks(own, campaign, clock.now())] == ["Paris"]


def test_while_both_hearts_beat_there_is_no_alarm():
    beat("publish")
    beat("rest", timedelta(seconds=40))
    assert alarms() == []


def test_a_silent_worker_is_an_alarm_that_says_what_it_means_and_what_to_do():
    beat("publish", timedelta(seconds=50))
    beat("rest")
    meaning, remedy = alarms()
    assert "nothing goes out" in meaning
    assert "celery -A config worker" in remedy


def test_the_alarm_says_since_when_in_the_organisation_s_time():
    Heartbeat.objects.create(name="publish", beat_at=datetime(2023, 4, 11, 8, 42, tzinfo=UTC))
    now = datetime(2023, 4, 11, 9, 0, tzinfo=UTC)
    assert "since 10:42" in around.alarms(now, factories.organisation().zone)[0]


def test_a_worker_that_never_answered_is_an_alarm():
    beat("rest")
    assert alarms()[0] == "No worker has answered yet: nothing goes out."


def test_mails_that_nobody_looks_after_are_an_alarm():
    beat("publish")
    assert "reminders are not sent" in alarms()[0]


def test_the_alarms_are_sent_when_the_page_does_not_show_them_yet(officer):
    assert b"nothing goes out" in officer.get("/alarms/?shown=0").content


def test_an_alarm_that_stands_on_the_page_is_not_read_out_again(officer):
    assert officer.get("/alarms/?shown=3").status_code == 204


def test_over_http_the_sign_in_page_says_why_it_will_not_work(settings: Settings, anonymous):
    settings.SESSION_COOKIE_SECURE = True
    assert "https://" in anonymous.get("/account/login/").text


def test_the_frame_costs_few_queries(django_assert_max_num_queries):
    world = factories.make_world()
    user = User.objects.get(pk=factories.user(world.organisation).pk)
    with django_assert_max_num_queries(5):  # memberships, campaign, counts, heartbeats, PostgreSQL's clock
        seen_by(user)
