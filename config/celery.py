"""Celery: the hands that publish. The database is the queue; a message is only a wake-up."""

import os

from celery import Celery
from kombu.transport.sqlalchemy import Transport as FileBroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chorus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["scheduler"])

# The demo's broker in a file is asked five times a second; the transport has no setting for it.
FileBroker.polling_interval = 0.2
