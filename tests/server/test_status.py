"""The pages and answers that say whether Chorus is alive."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from scheduler import clock
from scheduler.models import Channel, Health, Heartbeat, PublishLogEntry, ScheduledItem
from scheduler.services import broker, health
from scheduler.services.broker import Broker
from scheduler.states import HoldReason, State
from tests import factories

GOOD = Broker("Redis", "7.0.15", {"publish": 0, "rest": 3})
TOKEN = "a-token-for-prometheus"


@pytest.fixture
def _redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that answers; the real one is asked in test_services.py and below."""
    monkeypatch.setattr(broker, "look", lambda: GOOD)


def beats(ago: float = 0) -> None:
    for name in health.HANDS:
        moment = clock.now() - timedelta(seconds=ago)
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": moment, "host": "worker-1"})


def restored_item(**columns: object) -> ScheduledItem:
    world = factories.make_world()
    return factories.item(
        world.post, world.channel, state=State.HELD, hold_reason=HoldReason.RESTORED, is_restored=True, **columns
    )


def test_alive_needs_no_database_and_no_host_name(anonymous: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = anonymous.get("/healthz", headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.usefixtures("_redis")
def test_ready_is_said_with_ages(anonymous: Client):
    beats()
    answer = anonymous.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["ready"], told["reasons"], told["seconds"]["oldest_turn"]) == (True, [], 0)
    assert told["seconds"]["publish"] < 45


@pytest.mark.usefixtures("_redis")
def test_not_ready_says_why(anonymous: Client):
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["publish-silent", "rest-silent"]


def test_a_broker_that_does_not_answer_is_a_reason(anonymous: Client, monkeypatch: pytest.MonkeyPatch):
    beats()
    monkeypatch.setattr("celery.current_app.conf.broker_url", "redis://:hunter22@127.0.0.1:1/0")
    answer = anonymous.get("/readyz")
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["broker"]
    assert "hunter22" not in answer.text


@pytest.mark.usefixtures("_redis")
def test_a_database_that_does_not_answer_is_a_reason(anonymous: Client, monkeypatch: pytest.MonkeyPatch):
    def away() -> None:
        raise OperationalError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(health, "signs", away)
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == [
        {"code": "database", "sentence": "The database does not answer (OperationalError)."}
    ]


@pytest.mark.django_db
def test_the_broker_of_the_tests_answers():
    assert broker.look().problem == ""


@pytest.mark.usefixtures("_redis")
def test_metrics_are_for_who_has_the_token(anonymous: Client, settings: Settings):
    settings.METRICS_TOKEN = TOKEN
    assert anonymous.get("/metrics").status_code == 401
    assert anonymous.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    answer = anonymous.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, b"chorus_items{" in answer.content) == (200, True)


def test_without_a_token_in_the_settings_there_are_no_metrics(anonymous: Client, settings: Settings):
    settings.METRICS_TOKEN = ""
    assert anonymous.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("_redis")
def test_in_good_times_the_page_says_so(admin: Client):
    beats()
    text = admin.get("/status/").text
    assert "Everything is as it should be" in text
    assert "7.0.15" in text
    assert "3 wake-ups wait" in text


@pytest.mark.usefixtures("_redis")
def test_in_bad_times_the_page_says_what_and_what_to_do(admin: Client):
    beats(ago=300)
    world = factories.make_world()
    Channel.objects.update(health=Health.RECONNECT, health_note="The password was changed.")
    factories.item(world.post, world.channel, state=State.UNCERTAIN)
    text = admin.get("/status/").text
    assert "nothing goes out" in text
    assert "worker-publish and beat" in text
    assert "The password was changed." in text
    assert "answered 5 min ago on worker-1" in text


@pytest.mark.usefixtures("_redis")
def test_the_page_looks_again_and_gets_its_middle_only(admin: Client):
    part = admin.get("/status/", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="status-now"')
    assert "every 10s" in part


@pytest.mark.usefixtures("_redis")
def test_the_page_costs_the_same_however_much_is_planned(admin: Client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            admin.get("/status/")
        return len(caught)

    world = factories.make_world()
    few = cost()
    for _ in range(30):
        factories.item(world.post, factories.channel(world.organisation), state=State.FAILED)
    Channel.objects.update(health=Health.RECONNECT)
    assert cost() == few


@pytest.mark.usefixtures("_redis")
def test_operators_find_the_page_among_their_places(admin: Client, officer: Client):
    assert 'href="/status/"' in admin.get("/status/").text
    assert 'href="/status/"' not in officer.get("/log/").text


def test_an_admin_releases_one_restored_post(admin: Client):
    one, other = restored_item(), restored_item()
    assert admin.post(f"/status/restored/{one.pk}/release/").status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.is_restored) == (State.SCHEDULED, False)
    assert (other.state, other.is_restored) == (State.HELD, True)


def test_the_word_stands_in_the_log_with_who_gave_it(admin: Client):
    item = restored_item()
    admin.post(f"/status/restored/{item.pk}/release/")
    said = PublishLogEntry.objects.filter(item=item).order_by("number").values_list("verb", "actor_role")
    assert list(said) == [("item:not_out_since_backup", "admin"), ("item:released", "admin")]


def test_a_restored_post_behind_another_gate_stays_held(admin: Client):
    item = restored_item()
    type(item.campaign).objects.update(paused=True)
    admin.post(f"/status/restored/{item.pk}/release/")
    item.refresh_from_db()
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.CAMPAIGN_PAUSED)


def test_all_are_released_by_who_says_that_they_looked(admin: Client):
    for _ in range(3):
        restored_item()
    answer = admin.post("/status/restored/release/", {"number": "3", "looked": "yes"}, follow=True)
    assert "3 posts are released." in answer.text
    assert not ScheduledItem.objects.filter(is_restored=True).exists()


@pytest.mark.parametrize("form", [{}, {"number": "2"}, {"number": "1", "looked": "yes"}])
def test_else_nothing_is_released(admin: Client, form: dict[str, str]):
    restored_item()
    restored_item()
    assert admin.post("/status/restored/release/", form).status_code == 409
    assert ScheduledItem.objects.filter(is_restored=True).count() == 2


def test_who_cannot_operate_releases_nothing(officer: Client):
    item = restored_item()
    assert officer.post(f"/status/restored/{item.pk}/release/").status_code == 404
    assert officer.post("/status/restored/release/", {"number": "1", "looked": "yes"}).status_code == 404
    item.refresh_from_db()
    assert item.is_restored


def test_the_list_says_where_and_when(admin: Client):
    item = restored_item()
    text = admin.get("/status/restored/").text
    assert item.channel.name in text
    assert "Release the one that waits" in text
