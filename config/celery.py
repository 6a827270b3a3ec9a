"""Celery: the hands that publish. The database is the queue; a message is only a wake-up."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from kombu.transport.sqlalchemy import Transport as FileBroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chorus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["scheduler"])

# The demo's broker in a file is asked five times a second; the transport has no setting for it.
FileBroker.polling_interval = 0.2


@setup_logging.connect(dispatch_uid="logs")
def log_like_django(**_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """Workers and beat write the same lines as the web, through the same redaction."""
    logging.config.dictConfig(settings.LOGGING)
