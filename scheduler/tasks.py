"""Celery's side: thin shells over services. Each may run twice, late, or not at all."""

from celery import shared_task

from accounts.services import outbox
from scheduler import clock
from scheduler.services import care, numbers, publish, wake
from scheduler.services import look as looking
from scheduler.services import reap as reaping
from scheduler.services import sweep as sweeping

WAKE_UP_LIVES = 5
"""Seconds after which a wake-up that nobody took is worth nothing: the next tick sends another."""


@shared_task
def tick() -> None:
    """Wakes at most the free hands."""
    for _ in range(wake.hands_to_wake()):
        drain.apply_async(expires=WAKE_UP_LIVES, retry=False)


@shared_task
def drain() -> None:
    """Publishes what is due."""
    publish.drain()


@shared_task
def reap() -> None:
    """Takes over from workers that did not come back."""
    reaping.reap()
    reaping.note_gone_senders()


@shared_task
def look() -> None:
    """Reads back what is unclear."""
    looking.look_at_due()


@shared_task
def sweep() -> None:
    """The safety net."""
    sweeping.sweep()


@shared_task
def send_mail() -> None:
    """Empties the outbox."""
    outbox.send_due(clock.now())


@shared_task
def refresh_credentials() -> None:
    """Renews what ends soon, and reads the limits of servers that have their own."""
    care.refresh_due()
    care.learn_due()


@shared_task
def read_numbers() -> None:
    """Reads back what networks count of new posts."""
    numbers.read_due()


@shared_task
def beat_publish() -> None:
    """A sign of life of the hands that publish."""
    wake.beat("publish")


@shared_task
def beat_rest() -> None:
    """A sign of life of the other hands."""
    wake.beat("rest")
