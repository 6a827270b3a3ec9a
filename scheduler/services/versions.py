"""What runs here, for operators and for whoever reads a report of a fault."""

import platform
from dataclasses import dataclass

import celery
import django
from django.conf import settings
from django.db import connection

from scheduler.services.broker import Broker


@dataclass(frozen=True)
class Version:
    """A part and its version."""

    name: str
    version: str


def versions(broker: Broker) -> list[Version]:
    """Chorus and what it stands on."""
    revision = f" ({settings.REVISION[:12]})" if settings.REVISION else ""
    return [
        Version(settings.PRODUCT_NAME, f"{settings.VERSION}{revision}"),
        Version("Python", platform.python_version()),
        Version("Django", django.get_version()),
        Version("Celery", celery.__version__),
        Version(connection.display_name, ".".join(map(str, connection.get_database_version()))),
        Version(broker.name, broker.version or "–"),
    ]
