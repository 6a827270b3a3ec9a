"""`manage.py worker_health publish`: whether a worker is well, for the container's health check."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError

from scheduler.services import health

SILENT = 20.0
"""Seconds after which a process that touches its file each second is taken for hung."""


class Command(BaseCommand):
    """Looks at this host's worker (settings.ALIVE_FILE) and at what the database says of its kind."""

    help = "Says whether the worker of this host is well. Exit code 1 if it is not."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which kind of hand."""
        parser.add_argument("hands", choices=health.HANDS, help="the kind of hand")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """One sentence. A database that does not answer is no fault of the worker's: then its own file decides."""
        problem = _hung() or _unheard(options["hands"])
        self.stdout.write(problem or "This worker is well.")
        if problem:
            sys.exit(1)


def _hung() -> str:
    if not settings.ALIVE_FILE:
        return ""
    try:
        silent = time.time() - Path(settings.ALIVE_FILE).stat().st_mtime
    except FileNotFoundError:
        return f"{settings.ALIVE_FILE} is not there: the worker has not come up."
    return f"The worker has been silent for {silent:.0f} seconds." if silent > SILENT else ""


def _unheard(hands: str) -> str:
    try:
        seen = health.signs()
    except (DatabaseError, InterfaceError):
        return ""
    beat = seen.beats[hands].at
    if hands == "publish":
        return "Posts are due and no hand has taken one for a minute." if health.is_deaf(seen) else ""
    return "No hand for the rest has answered for a minute." if seen.age(beat) > settings.DEAF_AFTER else ""
