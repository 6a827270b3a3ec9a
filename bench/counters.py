"""The database's own counters of what a run did, so that «the same work» is asserted and not claimed."""

import time
from dataclasses import asdict, dataclass

from django.db import connection

QUESTION = "SELECT xact_commit, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = current_database()"
SETTLE = 2.5
"""Seconds after which every backend has reported (PostgreSQL: idle backends report within a second)."""


@dataclass(frozen=True)
class Work:
    """Commits, and rows inserted, updated and deleted."""

    commits: float
    inserted: float
    updated: float
    deleted: float

    def per(self, items: int) -> "Work":
        """For one item, to two decimals."""
        return Work(*(round(value / items, 2) for value in asdict(self).values()))

    def plus(self, other: "Work") -> "Work":
        """Both together."""
        return Work(*(one + more for one, more in zip(asdict(self).values(), asdict(other).values(), strict=True)))

    def minus(self, before: "Work") -> "Work":
        """What was done since `before`."""
        return Work(*(now - then for now, then in zip(asdict(self).values(), asdict(before).values(), strict=True)))


def read() -> Work:
    """The counters now. All zero on SQLite, which has none."""
    if connection.vendor != "postgresql":
        return Work(0, 0, 0, 0)
    time.sleep(SETTLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(QUESTION)
        return Work(*cursor.fetchone())
