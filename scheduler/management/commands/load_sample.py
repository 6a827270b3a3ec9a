"""`manage.py load_sample`: the sample campaign with its organisations, channels and a few planned items."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.services.sample_files import SampleError
from scheduler.services import sample


class Command(BaseCommand):
    """Loads it once; doing it again changes nothing."""

    help = "Loads the sample campaign, unless it is there already."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Says what it did; a file of the sample that cannot be used is named with its line."""
        try:
            is_new = sample.load()
        except SampleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The sample campaign is loaded." if is_new else "The sample campaign is there already.")
