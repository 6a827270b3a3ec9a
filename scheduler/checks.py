"""System checks of the scheduler."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import connection

from scheduler.services import log_triggers


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
