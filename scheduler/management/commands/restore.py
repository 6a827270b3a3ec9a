"""`manage.py restore FILE`: a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler.models import ScheduledItem
from scheduler.services import restore


class Command(BaseCommand):
    """Run it after migrate and before any worker."""

    help = "Reads a backup into an empty installation. Posts that have not ended wait for an admin afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup."""
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")
        parser.add_argument("--without-keys", action="store_true", help="although keys for credentials are missing")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Says what came back and what an admin has to do now."""
        try:
            done = restore.read(options["file"], without_keys=options["without_keys"])
        except restore.RestoreError as error:
            raise CommandError(str(error)) from error
        waiting = ScheduledItem.objects.filter(is_restored=True).count()
        self.stdout.write(f"{done.rows} rows and {done.files} files are back, and the publish log is whole.")
        posts = "1 post waits" if waiting == 1 else f"{waiting} posts wait"
        self.stdout.write(f"{posts} for an admin: Status, then «Restored posts». Everybody signs in again.")
