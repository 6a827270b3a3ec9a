"""The broker as operators see it: whether it answers, what it is, and how many wake-ups wait in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from celery import current_app

from scheduler.services.health import HANDS
from scheduler.watchdog import depth_of

SECONDS = 3
"""How long an answer may take."""


@dataclass(frozen=True)
class Broker:
    """`problem` is empty where it answers. `waiting` by queue."""

    name: str
    version: str = ""
    waiting: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""


def look() -> Broker:
    """Asks it once, over a connection of its own. Never raises: that it does not answer is the answer."""
    name = ""
    try:
        with current_app.connection_for_write(connect_timeout=SECONDS) as connection:
            name = _name(connection)
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=SECONDS)
            return Broker(name, _version(connection), {queue: depth_of(connection, queue) for queue in HANDS})
    except Exception as error:  # whatever a broker's client raises; its address and password stay out of the sentence
        return Broker(name or "The broker", problem=f"{name or 'The broker'} does not answer ({type(error).__name__}).")


def _name(connection: Any) -> str:  # noqa: ANN401 - kombu ships no types
    return "Redis" if connection.transport.driver_type == "redis" else "The broker's file"


def _version(connection: Any) -> str:  # noqa: ANN401 - as above
    if connection.transport.driver_type != "redis":
        return ""
    return str(connection.default_channel.client.info("server").get("redis_version", ""))
