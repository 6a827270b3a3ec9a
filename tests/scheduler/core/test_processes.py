"""Real processes that are killed and stopped at the worst moments."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from scheduler import clock, steps
from scheduler.models import PublishAttempt
from scheduler.services import claim, look
from scheduler.services.log import verify
from scheduler.services.reap import note_gone_senders, reap
from scheduler.states import State
from tests.factories import World, make_world
from tests.scheduler.core.steps import make_due, on_the_wall, planned, published
from tests.wall_process import Wall

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def world(transactional_db: None, wall: Wall) -> World:
    """As in the other core tests, but committed, so that other processes see it."""
    return make_world(base_url=wall.url)


def _database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    host = values["HOST"] or "127.0.0.1"
    return f"postgres://{values['USER']}{password}@{host}:{values['PORT'] or 5432}/{values['NAME']}"


@contextmanager
def hand(stop_at: str, stop_with: str) -> Iterator[subprocess.Popen[bytes]]:
    """A hand that stops itself at a step, waited for until it has; killed at the end whatever happened."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": _database_url(),
        "CHORUS_TESTING": "1",
        "CHORUS_DATA": str(settings.MEDIA_ROOT.parent),
        "CHORUS_SPOOL": str(settings.SPOOL_DIR),
        "CHORUS_STEP_HOOK": "tests.scheduler.core.hooks:stop",
        "CHORUS_STOP_AT": stop_at,
        "CHORUS_STOP_WITH": stop_with,
    }
    connection.close()  # a fork must not share it
    process = subprocess.Popen([sys.executable, "-m", "tests.scheduler.core.hand"], env=environment, cwd=ROOT)
    try:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status) or os.WIFSIGNALED(status), "the hand ended before it came to the step"
        yield process
    finally:
        with_signal(process, signal.SIGKILL)


def with_signal(process: subprocess.Popen[bytes], number: int) -> None:
    """Sends a signal to a hand; one that is gone already is fine."""
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        return


def _wait(process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if os.waitpid(process.pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            return
        threading.Event().wait(0.05)
    pytest.fail("the hand did not end")


def _after_the_lease() -> timedelta:
    return timedelta(seconds=settings.PUBLISH_LEASE + 60)


def test_killed_after_the_network_accepted_it_is_found_and_not_sent_twice(world: World, wall: Wall) -> None:
    item = planned(world)
    with hand(steps.AFTER_ACCEPTED, "SIGKILL"):
        pass
    with clock.shifted(_after_the_lease()):
        reap()
        item.refresh_from_db()
        assert item.state == State.UNCERTAIN
    with clock.shifted(_after_the_lease() * 2):
        look.look_at_due()
    assert published(item).state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1
    assert note_gone_senders() == 1
    assert verify() == []


def test_killed_between_begin_sending_and_the_call_it_stands_before_a_person(world: World, wall: Wall) -> None:
    item = planned(world)
    with hand(steps.AFTER_BEGIN, "SIGKILL"):
        pass
    with clock.shifted(_after_the_lease()):
        reap()
    published(item)
    assert item.state == State.UNCERTAIN
    assert on_the_wall(wall, world) == []


def test_killed_before_begin_sending_it_is_published_by_the_next(world: World, wall: Wall) -> None:
    item = planned(world)
    with hand(steps.DURING_PREPARE, "SIGKILL"):
        pass
    with clock.shifted(_after_the_lease()):
        assert reap() == 1
    make_due(item)
    assert published(item).state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1


def test_stopped_between_begin_sending_and_its_commit_while_the_reaper_runs(world: World, wall: Wall) -> None:
    """PostgreSQL ends the sleeper's session; on SQLite its supervisor kills it. At most one acceptance either way."""
    item = planned(world)
    with hand(steps.BEFORE_BEGIN_COMMIT, "SIGSTOP") as sleeper:
        if connection.vendor == "sqlite":
            with_signal(sleeper, signal.SIGKILL)
            _wait(sleeper)
        with clock.shifted(_after_the_lease()):
            _until_reaped()
        make_due(item)
        assert published(item).state == State.PUBLISHED
        with_signal(sleeper, signal.SIGCONT)
        _wait(sleeper)
    assert len(on_the_wall(wall, world)) == 1
    assert PublishAttempt.objects.count() == 1


def _until_reaped() -> None:
    until = time.monotonic() + 20
    while not reap():
        assert time.monotonic() < until, "the sleeper's row was never given free"
        threading.Event().wait(0.5)


def test_two_claims_at_the_same_moment_take_one_item_of_a_channel(world: World) -> None:
    planned(world)
    ready = threading.Barrier(4)
    taken: list[claim.Claim | None] = []

    def take() -> None:
        ready.wait()
        taken.append(claim.claim_next())
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in taken if one and one.item_id]) == 1
