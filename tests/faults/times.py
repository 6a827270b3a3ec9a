"""Shorter times for a run that shall end today. The relations between them stay as they are shipped:
call < lease, a sleeping transaction < lease, looks that grow longer."""

from datetime import timedelta
from importlib import import_module

SEND = 4.0
LEASE = 12
SHIPPED_LEASE = 90
"""Seconds; the shipped ones are 30 and 90."""
QUIET, SHIPPED_QUIET = 240.0, 6000.0
"""Seconds within which everything has ended after the last fault; with shipped times the last look comes after 73
minutes."""


def shorten() -> None:
    """To be called before Django is set up. Raises AttributeError where the product has no such time any more."""
    _set("networks.base", SEND_TIMEOUT=SEND)


def shorten_the_rest() -> None:
    """To be called after Django was set up."""
    _set("scheduler.services.publish", MARGIN=1.0)
    _set(
        "scheduler.services.outcome",
        FIRST_LOOK=timedelta(seconds=3),
        FIRST_WAIT=timedelta(seconds=1),
        LONGEST_WAIT=timedelta(seconds=15),
    )
    _set("scheduler.services.look", WAITS=tuple(timedelta(seconds=seconds) for seconds in (8, 20, 40)))


def _set(module: str, **values: object) -> None:
    found = import_module(module)
    for name, value in values.items():
        getattr(found, name)
        setattr(found, name, value)
