"""The processes that publish: real Celery workers and a real beat, as on a server."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from bench.ground import Ground

READY = 60.0
"""Seconds that a worker may take to its first sign of life."""


@contextmanager
def publishing(ground: Ground, hands: int, pool: str = "prefork") -> Iterator[None]:
    """A worker with so many hands for the publish queue, and a beat; returns when they answer."""
    from scheduler.models import Heartbeat

    Heartbeat.objects.all().delete()
    with ExitStack() as stack:
        stack.enter_context(
            ground.running(_worker("config", "publish", hands, pool), "worker", CHORUS_HANDS=str(hands))
        )
        stack.enter_context(ground.running([sys.executable, "-m", "celery", "-A", "config", "beat"], "beat"))
        wait_for(Heartbeat.objects.filter(name="publish").exists, "the worker", READY)
        yield


@contextmanager
def baseline(ground: Ground, hands: int, pool: str = "prefork") -> Iterator[None]:
    """The same worker for the baseline's tasks."""
    with ground.running(_worker("bench.baseline", "bench", hands, pool), "baseline"):
        yield


def _worker(app: str, queue: str, hands: int, pool: str) -> list[str]:
    return [
        sys.executable, "-m", "celery", "-A", app, "worker", "-Q", queue, "-c", str(hands), "-P", pool, "-l", "WARNING",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def wait_for(ready: Callable[[], bool], what: str, seconds: float, pause: float = 0.2) -> None:
    """Returns when `ready()` holds. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} took longer than {seconds:.0f} s")
        time.sleep(pause)
