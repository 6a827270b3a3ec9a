"""A worker's sign of life for the supervisor beside it: a file touched each second, also while the database hangs."""

import threading
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init, worker_ready
from django.conf import settings
from django.db import close_old_connections

from scheduler.services import wake


def start_touching(**_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """Touches settings.ALIVE_FILE from a thread of this process, for as long as the process runs."""
    if settings.ALIVE_FILE:
        threading.Thread(target=_touch, args=[Path(settings.ALIVE_FILE)], daemon=True).start()


def first_beat(sender: Any, **_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """A worker that has just come up says so at once, so that nobody meets an alarm while the first message is still
    on its way round."""
    for queue in sender.app.amqp.queues.consume_from:
        wake.beat(queue)
    close_old_connections()


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    never = threading.Event()
    while not never.wait(1.0):
        path.touch()


def connect() -> None:
    """Called once, when the app is ready."""
    worker_ready.connect(start_touching, dispatch_uid="alive")
    worker_ready.connect(first_beat, dispatch_uid="first-beat")
    worker_process_init.connect(start_touching, dispatch_uid="alive-child")
