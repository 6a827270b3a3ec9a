"""The Django app «scheduler»."""

from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    """Its name; connects what listens."""

    name = "scheduler"

    def ready(self) -> None:
        """Listens to the campaign and to Celery, and registers the checks."""
        from scheduler import alive, checks, listen  # noqa: F401 - models are ready only now; checks register themselves

        listen.connect()
        alive.connect()
