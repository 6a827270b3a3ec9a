"""Whether this worker was told to stop: it finishes the item it holds and claims no other."""

import threading
from typing import Any

from celery.signals import worker_shutting_down

_asked = threading.Event()


def asked() -> bool:
    """Whether this process takes nothing more. For loops that claim, to look at between two items."""
    return _asked.is_set()


def ask(**_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """From now on `asked` says yes, for as long as this process lives."""
    _asked.set()


def connect() -> None:
    """Called once, when the app is ready. SIGTERM to a worker of threads sends this signal in the very process whose
    hands work; a prefork worker's children would not hear it, and end their drain by its time."""
    worker_shutting_down.connect(ask, dispatch_uid="stopping")
