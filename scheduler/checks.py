"""System checks of the scheduler."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connection

from networks.base import Network
from networks.registry import all_networks
from scheduler.services import log_triggers

NOTICE = timedelta(days=90)
"""How long before its end a version of an API is warned of."""


@register("database")
def log_is_append_only(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None,
    **_: Any,  # noqa: ANN401 - Django's
) -> list[CheckMessage]:
    """The publish log's triggers are there. Runs with `check --database default` and with migrate."""
    if not databases or log_triggers.TABLE not in connection.introspection.table_names():
        return []
    return [
        Error(f"The trigger {name} is missing: the publish log could be changed.", id="scheduler.E001",
              hint="Run manage.py migrate, then manage.py verify_log.")
        for name in log_triggers.missing()
    ]  # fmt: skip


@register("networks")
def versions_do_not_end_soon(
    app_configs: Sequence[AppConfig] | None,
    **_: Any,  # noqa: ANN401 - Django's
) -> list[CheckMessage]:
    """No network's API version ends within the notice. The host's clock is read: a check may run without a database."""
    return ending_versions(all_networks(), datetime.now(UTC).date())


def ending_versions(networks: Iterable[Network], today: date) -> list[CheckMessage]:
    """A warning for each network whose version ends within NOTICE of `today`, or has ended."""
    return [
        Warning(f"{network.name} speaks version {version.version}, which ends on {version.ends}.", id="scheduler.W001",
                hint=f"Move to a newer version and read its changelog. ({version.source})", obj=network.slug)
        for network in networks
        if (version := network.api_version) and version.ends - today <= NOTICE
    ]  # fmt: skip
