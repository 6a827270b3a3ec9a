"""The product's own Celery app as the run starts it: `celery -A tests.faults.worker`."""

import os

import django

from tests.faults import times

if os.environ.get("CHORUS_FAULTS_TIMES") != "shipped":
    times.shorten()
django.setup()
if os.environ.get("CHORUS_FAULTS_TIMES") != "shipped":
    times.shorten_the_rest()

from config.celery import app  # noqa: E402 - the times come first
from scheduler.services import adapters  # noqa: E402
from tests.faults.adapter import RecordingAdapter  # noqa: E402

vars(adapters)["WallAdapter"] = RecordingAdapter
__all__ = ["app"]
