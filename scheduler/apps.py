"""The Django app «scheduler»."""

from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    """Its name and label."""

    name = "scheduler"
