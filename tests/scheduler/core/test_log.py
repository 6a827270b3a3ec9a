"""The publish log cannot be changed quietly."""

import pytest
from django.db import DatabaseError, connection, transaction

from scheduler.models import PublishLogEntry
from scheduler.services import log_triggers
from scheduler.services.log import verify
from tests.factories import World
from tests.scheduler.core.steps import planned, published


@pytest.mark.parametrize("statement", ["UPDATE {table} SET verb = 'x'", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_a_line(world: World, statement: str) -> None:
    planned(world)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=log_triggers.TABLE))


def test_insert_or_replace_is_refused_too(world: World) -> None:
    planned(world)
    table = log_triggers.TABLE
    statement = (
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608 - a constant
        if connection.vendor == "sqlite"
        else f"TRUNCATE {table} CASCADE"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1" if connection.vendor == "sqlite" else "SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_changed_line_is_named(world: World) -> None:
    item = published(planned(world))
    log_triggers.remove()
    PublishLogEntry.objects.filter(item=item, number=2).update(verb="item:nothing")
    log_triggers.install()
    assert len(verify()) == 1
    assert verify()[0].startswith(f"Item {item.pk} ")


def test_a_newest_line_that_is_gone_is_named(world: World) -> None:
    item = published(planned(world))
    log_triggers.remove()
    PublishLogEntry.objects.filter(item=item).order_by("-number")[0].delete()
    log_triggers.install()
    assert "newest lines are missing" in verify()[0]


def test_a_missing_trigger_is_seen(world: World) -> None:
    assert log_triggers.missing() == []
    log_triggers.remove()
    assert log_triggers.missing() == list(log_triggers.NAMES)
    log_triggers.install()
