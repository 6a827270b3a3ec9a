"""`manage.py backup FILE`: everything but the keys, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler.services import backup


class Command(BaseCommand):
    """Chorus may go on while it runs."""

    help = "Writes the database and the pictures to FILE. The encryption keys are named in it, and not included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="a file that does not exist yet, such as chorus.zip")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Says how much it was, and which keys one must keep besides."""
        try:
            written = backup.write(options["file"])
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error}") from error
        keys = ", ".join(backup.fingerprints())
        self.stdout.write(f"{written.rows} rows and {written.files} files are in {options['file']}.")
        self.stdout.write(f"Keep the encryption keys elsewhere: their fingerprints are {keys}.")
