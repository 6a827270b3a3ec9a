"""The Django app «scheduler»."""

from django.apps import AppConfig
from django.conf import settings

from networks import public_hosts


class SchedulerConfig(AppConfig):
    """Its name; connects what listens."""

    name = "scheduler"

    def ready(self) -> None:
        """Listens to the campaign and to Celery, registers the checks, and says which inner hosts may be spoken to."""
        # Models are ready only now; checks register themselves.
        from scheduler import alive, checks, listen, stopping, traced_tasks, watchdog  # noqa: F401

        listen.connect()
        alive.connect()
        stopping.connect()
        traced_tasks.connect()
        watchdog.connect()
        public_hosts.allow(settings.INNER_HOSTS)
