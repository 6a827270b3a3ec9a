"""What time it is: the database's clock, plus an offset for tests, in one place.

PostgreSQL: `clock_timestamp()`, because `now()` stands still inside a transaction, and because hosts disagree.
SQLite: the host's clock; there is one host.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func
from django.db.models.sql.compiler import SQLCompiler

ASKED_EVERY = 20.0
"""Seconds for which this process counts on from the database's answer by its own steady clock."""

_offset = timedelta()
_answer: tuple[float, datetime] | None = None


class Now(Func):
    """The present moment inside a statement."""

    template = "%(function)s"
    output_field = DateTimeField()

    def as_sql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ANN401
        """The host's clock as a parameter, written the way the backend stores moments."""
        return "%s", [connection.ops.adapt_datetimefield_value(_host_now())]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
        """The database's own clock, read when the row is reached."""
        return "(clock_timestamp() + %s * interval '1 second')", [_offset.total_seconds()]


def _host_now() -> datetime:
    return datetime.now(UTC) + _offset


def now() -> datetime:
    """The present moment (aware UTC) by the same clock, for code that computes.

    The database is asked every twenty seconds, not for each of the ten moments that publishing an item writes down;
    in between the steady clock counts, which no adjustment of the host's clock moves.
    """
    if _answer is None and connection.vendor != "postgresql":  # only PostgreSQL is ever asked
        return _host_now()
    asked, moment = _answer or _ask()
    if _steady() - asked >= ASKED_EVERY:
        asked, moment = _ask()
    return moment + timedelta(seconds=_steady() - asked) + _offset


def _ask() -> tuple[float, datetime]:
    global _answer
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        _answer = (_steady(), cursor.fetchone()[0])
    return _answer


def _steady() -> float:
    """Seconds that only grow, also while the process or the whole machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """For tests: inside, it is later by `by` than it is. Shifts add up."""
    global _offset
    before = _offset
    _offset = before + by
    try:
        yield
    finally:
        _offset = before
