"""Outcomes that survive a lost database: a local file, fsynced, replayed when the database is back."""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from networks import errors
from networks.content import Published
from scheduler.models import PublishAttempt
from scheduler.services import outcome
from scheduler.services.outcome import NotSent, Result

log = logging.getLogger(__name__)

TRIES = 20
PAUSE = 0.25
"""Seconds between tries to reach the database again: a restart of it is over within five seconds."""
LOST = (OperationalError, InterfaceError)


def record(attempt: PublishAttempt, result: Result, fence: int) -> bool:
    """`outcome.record`, for as long as it takes the database to come back; then into a file. False from there: a
    worker without its database sends nothing more."""
    for _ in range(TRIES):
        try:
            return outcome.record(attempt, result, fence)
        except LOST:
            connection.close()
            time.sleep(PAUSE)
    _write(attempt.pk, result, fence)
    return False


def _write(attempt_id: int, result: Result, fence: int) -> None:
    settings.SPOOL_DIR.mkdir(parents=True, exist_ok=True)
    path = settings.SPOOL_DIR / f"{attempt_id}-{os.getpid()}.json"
    with path.with_suffix(".part").open("w") as file:
        json.dump({"attempt": attempt_id, "fence": fence, "kind": type(result).__name__, "said": _said(result)}, file)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".part").rename(path)
    log.error(
        "The database is away: the outcome of attempt %s waits in %s and is replayed by itself.", attempt_id, path
    )


def _said(result: Result) -> dict[str, Any]:
    if isinstance(result, Published):
        return {"remote_id": result.remote_id, "url": result.url, "ref": dict(result.ref)}
    said: dict[str, Any] = {"message": result.message}
    for name in ("code", "wait", "of", "url", "remote_id"):
        if hasattr(result, name):
            said[name] = getattr(result, name)
    return said


def replay() -> int:
    """Writes what waits in files into the database; returns how many outcomes that were."""
    close_old_connections()
    done = 0
    for path in sorted(Path(settings.SPOOL_DIR).glob("*.json")):
        told = json.loads(path.read_text())
        attempt = PublishAttempt.objects.select_related("segment").get(pk=told["attempt"])
        outcome.record(attempt, _read(told["kind"], told["said"]), told["fence"])
        path.unlink()
        done += 1
    return done


def _read(kind: str, said: dict[str, Any]) -> Result:
    if kind == "Published":
        return Published(**said)
    if kind == "NotSent":
        return NotSent(said["message"])
    message = said.pop("message")
    result: Result = getattr(errors, kind)(message, **said)
    return result
