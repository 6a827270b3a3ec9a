"""`manage.py verify_log`: proves that nothing was changed in the publish log."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from scheduler.models import ScheduledItem
from scheduler.services import log, log_triggers


class Command(BaseCommand):
    """Follows every item's chain, and looks whether the database still guards the table."""

    help = "Verifies the publish log. Exit code 1 if a line was changed, is missing, or is no longer guarded."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """One sentence for each fault, or one that says that the log is whole."""
        sentences = [*log.verify(), *map(_unguarded, log_triggers.missing())]
        for sentence in sentences:
            self.stdout.write(sentence)
        if sentences:
            sys.exit(1)
        count = ScheduledItem.objects.count()
        self.stdout.write(f"The log of {count} {'item' if count == 1 else 'items'} is whole.")


def _unguarded(trigger: str) -> str:
    return f"The trigger {trigger} is missing: the database would let somebody change the log. Run manage.py migrate."
