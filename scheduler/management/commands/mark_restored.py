"""`manage.py mark_restored`: after a restore by the database's own means, or a failover that forgot something."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from scheduler.services import restored


class Command(BaseCommand):
    """What `manage.py restore` does by itself. Run it while no worker runs."""

    help = "Holds every post that has not ended until an admin has looked: «restored, confirm»."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Says how many there are."""
        with transaction.atomic():
            number = restored.mark_all()
        self.stdout.write(f"{number} {'post waits' if number == 1 else 'posts wait'} for an admin's word.")
