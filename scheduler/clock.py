"""What time it is: the database's clock, plus an offset for tests, in one place.

PostgreSQL: `clock_timestamp()`, because `now()` stands still inside a transaction, and because hosts disagree.
SQLite: the host's clock; there is one host.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func
from django.db.models.sql.compiler import SQLCompiler

_offset = timedelta()


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
    """The present moment (aware UTC) by the same clock, for code that computes."""
    if connection.vendor != "postgresql":
        return _host_now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment + _offset


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
