"""A worker's sign of life for the supervisor beside it: a file touched each second, also while the database hangs."""

import threading
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init, worker_ready
from django.conf import settings


def start_touching(**_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """Touches settings.ALIVE_FILE from a thread of this process, for as long as the process runs."""
    if settings.ALIVE_FILE:
        threading.Thread(target=_touch, args=[Path(settings.ALIVE_FILE)], daemon=True).start()


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    never = threading.Event()
    while not never.wait(1.0):
        path.touch()


def connect() -> None:
    """Called once, when the app is ready."""
    worker_ready.connect(start_touching, dispatch_uid="alive")
    worker_process_init.connect(start_touching, dispatch_uid="alive-child")
