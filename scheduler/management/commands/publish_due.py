"""`manage.py publish_due`: publishes what is due, without Celery."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from scheduler.services.publish import drain

PAUSE = 1.0  # seconds between two looks


class Command(BaseCommand):
    """The same hand as the worker's, for a cron job, a test, or a day on which Celery is down."""

    help = "Publishes what is due: once, or again and again until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to stop after one round."""
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Says after each round that had something to do how many items it handled."""
        if options["once"]:
            self._say(drain(float(settings.PUBLISH_DRAIN)))
            return
        try:
            self._go_on()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _go_on(self) -> None:
        while True:
            handled = drain(float(settings.PUBLISH_DRAIN))
            if handled:
                self._say(handled)
            time.sleep(PAUSE)

    def _say(self, handled: int) -> None:
        self.stdout.write(f"{handled} {'item' if handled == 1 else 'items'} handled.")
