"""A worker or beat that runs but no longer does its work ends its own process: whoever supervises it starts it anew.

Compose restarts what has exited, never what is merely unhealthy, and Celery has been seen to stay connected and take
nothing after Redis came back. So each process looks after itself, from a thread of its own:

- a worker is deaf when messages wait in one of its queues, it has a free hand, and it has taken none of them for
  settings.WATCHDOG seconds (with all hands full, for ten times as long: each call of theirs has its own end);
- beat is mute when it has sent none for as long, although the broker answers.

It first asks for a warm end, so that what its hands hold is finished, and then ends hard.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, beat_init, task_received, worker_ready
from celery.worker import state
from django.conf import settings

log = logging.getLogger(__name__)

LOOKS = 10
"""How often it looks within the time that it allows."""
GRACE = 45.0
"""Seconds between asking for a warm end and ending hard: longer than one send (networks.base.SEND_TIMEOUT)."""
ENDED = 70
"""The exit code of a hard end: «internal software error» of sysexits(3)."""


PATIENCE = 10
"""How many times as long it waits while every hand is full."""


class Watchdog:
    """Looks after one process. `waits` says whether there is work that should have been done, `is_full` whether every
    hand is at work."""

    def __init__(
        self,
        seconds: float,
        waits: Callable[[], bool],
        end: Callable[[], None],
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._seconds, self._waits, self._end, self._is_full = seconds, waits, end, is_full
        self._seen = time.monotonic()

    def feed(self, **_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
        """There was a sign of work."""
        self._seen = time.monotonic()

    def is_starving(self) -> bool:
        """Whether there was none for too long although there is work. A broker that does not answer is no reason:
        starting anew would not bring it back."""
        if time.monotonic() - self._seen < self._seconds * (PATIENCE if self._is_full() else 1):
            return False
        try:
            return self._waits()
        except Exception as error:  # whatever a broker's client raises
            log.warning("The broker does not answer: %s.", type(error).__name__)
            return False

    def run(self) -> None:
        """Looks again and again; ends the process at most once. Time in which this process itself was stopped (a
        machine asleep) does not count."""
        never, pause = threading.Event(), self._seconds / LOOKS
        looked = time.monotonic()
        while not never.wait(pause):
            if time.monotonic() - looked > self._seconds / 2:
                self.feed()
            if self.is_starving():
                self._end()
                return
            looked = time.monotonic()

    def start(self) -> None:
        """From now on, in a thread that keeps nobody alive."""
        threading.Thread(target=self.run, name="watchdog", daemon=True).start()


def messages_wait(app: Celery, queues: Sequence[str]) -> bool:
    """Whether any of the queues has messages, asked over a connection of its own."""
    return any(depth for depth in depths(app, queues).values())


def depths(app: Celery, queues: Sequence[str]) -> dict[str, int]:
    """How many messages wait in each queue. Raises what the broker's client raises where it does not answer."""
    with app.connection_for_read(connect_timeout=3) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=3)
        return {queue: depth_of(connection, queue) for queue in queues}


def depth_of(connection: Any, queue: str) -> int:  # noqa: ANN401 - kombu ships no types
    """How many messages wait in one queue, by a connection that is open.

    By the transport's own count: a passive declaration asks Redis for a key without our prefix (kombu 5.7), and so
    finds every queue empty.
    """
    return int(connection.default_channel._size(queue))


def end_this_process() -> None:
    """Warm first; hard after GRACE. The thread that would end it warmly may be the one that hangs."""
    log.error("This process has done no work for %s seconds although some waits: it ends, to be started anew.",
              settings.WATCHDOG)  # fmt: skip
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(ENDED)


def watch_worker(sender: Any, **_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """For a worker that has come up. A message that it takes is a sign of work."""
    queues, limit = list(sender.app.amqp.queues.consume_from), sender.pool.limit
    watchdog = Watchdog(
        settings.WATCHDOG,
        lambda: messages_wait(sender.app, queues),
        end_this_process,
        lambda: len(state.active_requests) >= limit,
    )
    task_received.connect(watchdog.feed, weak=False, dispatch_uid="watchdog")
    watchdog.start()


def watch_beat(sender: Any, **_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """For a beat that has come up. What it should do never waits for anybody, so a broker that answers is enough."""
    app = sender.app
    watchdog = Watchdog(settings.WATCHDOG, lambda: depths(app, ["rest"]) is not None, end_this_process)
    after_task_publish.connect(watchdog.feed, weak=False, dispatch_uid="watchdog-sent")
    watchdog.start()


def connect() -> None:
    """Called once, when the app is ready. 0 seconds: nobody is watched."""
    if settings.WATCHDOG:
        worker_ready.connect(watch_worker, dispatch_uid="watchdog")
        beat_init.connect(watch_beat, dispatch_uid="watchdog-beat")
