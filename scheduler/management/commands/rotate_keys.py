"""`manage.py rotate_keys`: encrypts everything anew with the first of CHORUS_ENCRYPTION_KEYS."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from scheduler.services.rotation import rotate_keys


class Command(BaseCommand):
    """Says how many were done; ends with 1 where something cannot be read by any key."""

    help = (
        "Encrypts credentials and app keys with the first key of CHORUS_ENCRYPTION_KEYS. Put a new key in front of the "
        "old ones, restart everything, run this, and take the old keys out."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Rotates, and reports."""
        done = rotate_keys()
        self.stdout.write(f"{done.changed} encrypted anew, {done.newest} had the newest key already.")
        for name in done.unreadable:
            self.stderr.write(f"{name}: none of the keys reads it. Put back the key it was encrypted with.")
        if done.unreadable:
            sys.exit(1)
