"""A worker that is alive and deaf ends itself, and comes back."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest

from scheduler.watchdog import Watchdog
from tests.server.compose import ROOT
from tests.server.installation import Installation
from tests.wall_process import Wall


def starved(waits: bool, seconds: float = 0.0) -> Watchdog:
    return Watchdog(seconds, lambda: waits, lambda: None)


def test_a_worker_with_nothing_to_do_is_left_alone():
    assert not starved(waits=False).is_starving()


def test_a_worker_that_takes_nothing_although_messages_wait_is_starving():
    assert starved(waits=True).is_starving()


def test_a_worker_that_took_something_just_now_is_not():
    assert not starved(waits=True, seconds=60).is_starving()


def test_a_worker_with_its_hands_full_is_given_ten_times_as_long():
    full = Watchdog(1, lambda: True, lambda: None, is_full=lambda: True)
    full._seen -= 5
    assert not full.is_starving()
    full._seen -= 6
    assert full.is_starving()


def test_a_broker_that_does_not_answer_is_no_reason_to_end():
    def unreachable() -> bool:
        raise ConnectionError

    assert not Watchdog(0, unreachable, lambda: None).is_starving()


def test_it_ends_the_process_once():
    ended: list[int] = []
    Watchdog(0.01, lambda: True, lambda: ended.append(1)).run()
    assert ended == [1]


def test_a_process_that_does_not_end_warmly_ends_hard():
    """The main thread hangs and hears no signal's handler, as a worker's consumer may."""
    code = (
        "import signal, time; from django.conf import settings; settings.configure(WATCHDOG=1)\n"
        "from scheduler import watchdog; watchdog.GRACE = 0.5\n"
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "watchdog.Watchdog(0.1, lambda: True, watchdog.end_this_process).start()\n"
        "while True: time.sleep(1)\n"
    )
    started = time.monotonic()
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, capture_output=True, check=False)
    assert process.returncode == 70
    assert time.monotonic() - started < 25


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL and Redis")
def test_a_deaf_worker_ends_itself_and_its_supervisor_s_next_one_publishes(server: Installation, wall: Wall):
    worker = server.start("worker-publish", CHORUS_WATCHDOG="6")
    worker.keep()
    first = worker.process
    server.wait(lambda: _is_connected(server), 240, "the worker consumes")
    # Deaf, as after a connection that came back without its consumer: alive, connected, taking nothing.
    server.run(sys.executable, "-m", "celery", "--app=config", "control", "--timeout=5", "cancel_consumer", "publish")
    server.run(sys.executable, "-m", "tests.server.world", wall.url, "2", "1")
    beat = server.start("beat")
    try:
        server.wait(lambda: first.poll() is not None, 120, "the deaf worker ends")
        server.wait(lambda: server.states() == {"published": 2}, 120, "the next one publishes")
    finally:
        beat.close()
    assert worker.starts == 2
    assert len(wall.posts()) == 2


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL and Redis")
def test_a_beat_that_was_stopped_for_long_goes_on(server: Installation):
    """Time in which the process itself stood still is no reason to end it."""
    beat = server.start("beat", CHORUS_WATCHDOG="4")
    worker = server.start("worker-publish")
    server.wait(lambda: _beats(server) >= 1, 240, "a first sign of life")
    os.kill(beat.process.pid, signal.SIGSTOP)
    time.sleep(6)
    os.kill(beat.process.pid, signal.SIGCONT)
    seen = _last_beat(server)
    server.wait(lambda: _last_beat(server) > seen, 120, "signs of life go on")
    assert beat.process.poll() is None
    worker.close()


def _is_connected(server: Installation) -> bool:
    return bool(server.ask("SELECT 1 FROM scheduler_heartbeat WHERE name = 'publish'"))


def _beats(server: Installation) -> int:
    return len(server.ask("SELECT 1 FROM scheduler_heartbeat"))


def _last_beat(server: Installation) -> datetime:
    return datetime.fromisoformat(str(server.ask("SELECT max(beat_at) FROM scheduler_heartbeat")[0][0]))
