"""The Django app «scheduler»."""

from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    """Its name; connects what listens."""

    name = "scheduler"

    def ready(self) -> None:
        """Listens to the campaign and to Celery, and registers the checks."""
        # Models are ready only now; checks register themselves.
        from scheduler import alive, checks, listen, stopping, traced_tasks, watchdog  # noqa: F401

        listen.connect()
        alive.connect()
        stopping.connect()
        traced_tasks.connect()
        watchdog.connect()
