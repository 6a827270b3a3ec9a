"""`manage.py demo`: the whole of Chorus with a sample campaign, on this machine, until Ctrl-C."""

import sys
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from scheduler.demo.broker import KINDS
from scheduler.demo.children import Options
from scheduler.demo.errors import DemoError
from scheduler.demo.run import run_demo


class Command(BaseCommand):
    """Starts, supervises and ends broker, web, worker, beat and wall."""

    help = "Runs the demo: app and wall with a sample campaign, everything in one folder, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The ports, the folder, and what `make demo` passes on."""
        parser.add_argument("--port", type=int, default=8000, help="where the app answers")
        parser.add_argument("--wall-port", type=int, default=8001, help="where the wall answers")
        parser.add_argument("--data", type=Path, default=Path("demo-data"), help="the folder that keeps everything")
        parser.add_argument("--reset", action="store_true", help="empty that folder first")
        parser.add_argument("--broker", choices=KINDS, default="auto", help="redis-server if there is one, or a file")
        parser.add_argument(
            "--networks", choices=("", "local"), default="", help="local: a server of each network here"
        )
        parser.add_argument("--local-port", type=int, default=8010, help="where the first of those answers")
        parser.add_argument("--end-with-parent", action="store_true", help="stop when the caller is gone")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Runs until it is asked to stop; what keeps it from starting is one sentence and exit code 2."""
        try:
            run_demo(Options(**{field.name: options[field.name] for field in fields(Options)}), self._say)
        except DemoError as error:
            self.stderr.write(str(error))
            sys.exit(2)

    def _say(self, sentence: str) -> None:
        with suppress(OSError):  # the terminal may be gone while the demo still ends its children
            self.stdout.write(sentence)
            self.stdout.flush()
