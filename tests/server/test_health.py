"""Facts, alarms, and how many queries they cost."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import OutboxMail
from scheduler import clock
from scheduler.models import Channel, Health, Heartbeat, ScheduledItem
from scheduler.services import health, health_alarms, log_triggers, metrics
from scheduler.services.broker import Broker
from scheduler.states import HoldReason, State
from tests import factories
from tests.server.compose import ROOT

pytestmark = pytest.mark.django_db
GOOD = Broker("Redis", "7.0", {"publish": 0, "rest": 0})


def beat(name: str, ago: float = 0) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.now() - timedelta(seconds=ago)})


@pytest.fixture(autouse=True)
def _well() -> None:
    beat("publish")
    beat("rest")


def codes(broker: Broker = GOOD) -> list[str]:
    return [alarm.code for alarm in health_alarms.alarms(health.facts(), broker)]


def item_in(state: State, **columns: object) -> ScheduledItem:
    world = factories.make_world()
    return factories.item(world.post, world.channel, state=state, **columns)


def test_while_all_is_well_there_is_no_alarm():
    assert codes() == []


def test_silent_hands_are_urgent():
    beat("publish", 60)
    beat("rest", 60)
    found = health_alarms.alarms(health.facts(), GOOD)
    assert [(alarm.code, alarm.is_urgent) for alarm in found] == [("publish-silent", True), ("rest-silent", True)]


def test_what_waits_for_a_hand_for_more_than_a_minute_is_an_alarm():
    world = factories.make_world()
    factories.item(world.post, world.channel, due=clock.now() - timedelta(seconds=150))
    assert codes() == ["overdue"]


def test_what_a_network_lets_wait_is_none():
    world = factories.make_world()
    factories.item(world.post, world.channel, due=clock.now() - timedelta(seconds=150))
    Channel.objects.update(next_due=clock.now() + timedelta(minutes=5), not_before=clock.now() + timedelta(minutes=5))
    assert codes() == []
    assert health.facts().items.oldest_due is not None


def test_a_hold_that_is_over_is_an_alarm():
    item_in(State.PUBLISHING, lease_until=clock.now() - timedelta(seconds=90))
    assert codes() == ["lease-over"]


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.PARTIAL, State.UNRESOLVED])
def test_what_may_be_out_needs_a_look(state: State):
    item_in(state)
    assert codes() == ["unclear"]


@pytest.mark.parametrize("state", [State.FAILED, State.MISSED])
def test_what_did_not_go_out_is_told(state: State):
    item_in(state)
    assert codes() == ["not-out"]


def test_restored_posts_are_told():
    item_in(State.HELD, hold_reason=HoldReason.RESTORED, is_restored=True)
    assert codes() == ["restored"]


def test_a_channel_to_be_connected_again_is_told():
    factories.make_world()
    Channel.objects.update(health=Health.RECONNECT)
    assert codes() == ["reconnect"]


def test_mails_that_stay_are_told():
    long_ago = clock.now() - timedelta(minutes=20)
    OutboxMail.objects.create(
        key="k", to="a@b.example", subject="s", body="b", created_at=long_ago, next_try_at=long_ago
    )
    assert codes() == ["mail"]


def test_outcomes_in_files_are_told(settings: Settings):
    Path(settings.SPOOL_DIR).mkdir(parents=True)
    (Path(settings.SPOOL_DIR) / "1-2.json").write_text("{}")
    assert codes() == ["spool"]


def test_a_full_disk_is_urgent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "disk", lambda: health.Disk(free=5, total=100, spooled=0))
    assert codes() == ["disk"]


def test_a_log_that_is_not_guarded_is_urgent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log_triggers, "missing", lambda: ["publish_log_no_update"])
    assert codes() == ["log-unguarded"]


def test_a_broker_that_does_not_answer_comes_first():
    item_in(State.FAILED)
    assert codes(Broker("Redis", problem="Redis does not answer (ConnectionError).")) == ["broker", "not-out"]


def test_each_alarm_has_its_part_in_the_operators_book():
    book = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    source = (ROOT / "scheduler/services/health_alarms.py").read_text(encoding="utf-8")
    known = [part.split('"')[1] for part in source.split("Alarm(")[1:] if part.startswith('"')]
    assert len(known) >= 13
    assert [code for code in known if f"### {code}\n" not in book] == []


def fill(number: int) -> None:
    world = factories.make_world()
    for at in range(number):
        channel = factories.channel(world.organisation)
        state = [State.SCHEDULED, State.HELD, State.FAILED, State.PUBLISHED][at % 4]
        reason = {"hold_reason": HoldReason.EMBARGO} if state == State.HELD else {}
        factories.item(world.post, channel, state=state, **reason)


def queries(of) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        of()
    return len(caught)


def test_the_facts_cost_the_same_however_much_is_planned():
    fill(4)
    few = queries(health.facts)
    fill(60)
    assert queries(health.facts) == few <= 13


def test_being_ready_costs_three_queries_at_most():
    assert queries(health.signs) <= 3


def test_the_metrics_are_prometheus_s_own_words():
    fill(8)
    told = metrics.text(health.facts(), GOOD).decode()
    assert 'chorus_items{state="scheduled"} 2.0' in told
    assert 'chorus_items_held{reason="embargo"} 2.0' in told
    assert "chorus_broker_up 1.0" in told
    assert 'chorus_broker_messages{queue="publish"} 0.0' in told
    assert "# TYPE chorus_attempts_total counter" in told or "# TYPE chorus_attempts counter" in told


def test_hands_that_never_answered_are_infinitely_old():
    Heartbeat.objects.all().delete()
    assert 'chorus_heartbeat_age_seconds{hands="publish"} +Inf' in metrics.text(health.facts(), GOOD).decode()


@pytest.fixture
def alive(settings: Settings, tmp_path: Path) -> Path:
    settings.ALIVE_FILE = str(tmp_path / "alive")
    (tmp_path / "alive").touch()
    return tmp_path / "alive"


def said(capsys: pytest.CaptureFixture[str], hands: str) -> tuple[int, str]:
    try:
        call_command("worker_health", hands)
    except SystemExit as end:
        return int(str(end.code)), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_a_worker_that_works_is_well(alive: Path, capsys: pytest.CaptureFixture[str]):
    assert said(capsys, "publish") == (0, "This worker is well.\n")


def test_a_silent_worker_without_work_is_well(alive: Path, capsys: pytest.CaptureFixture[str]):
    beat("publish", 300)
    assert said(capsys, "publish")[0] == 0


def test_a_silent_worker_with_work_is_not(alive: Path, capsys: pytest.CaptureFixture[str]):
    beat("publish", 300)
    world = factories.make_world()
    factories.item(world.post, world.channel, due=clock.now() - timedelta(seconds=90))
    assert said(capsys, "publish") == (1, "Posts are due and no hand has taken one for a minute.\n")


def test_a_worker_for_the_rest_must_answer(alive: Path, capsys: pytest.CaptureFixture[str]):
    beat("rest", 300)
    assert said(capsys, "rest")[0] == 1


def test_a_hung_process_is_seen_by_its_file(alive: Path, capsys: pytest.CaptureFixture[str]):
    alive.unlink()
    assert said(capsys, "publish")[0] == 1
