"""The triggers that make the publish log append-only in the database itself.

SQLite drops a table's triggers when a migration remakes the table, and INSERT OR REPLACE walks past its UPDATE and
DELETE triggers; hence the third one, and `missing()`, which a system check and `verify_log` ask.
"""

from typing import Any

from django.db import connection

TABLE = "scheduler_publishlogentry"
NAMES = ("publish_log_no_update", "publish_log_no_delete", "publish_log_no_replace")

SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS publish_log_no_update BEFORE UPDATE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the publish log is append-only'); END",
    f"CREATE TRIGGER IF NOT EXISTS publish_log_no_delete BEFORE DELETE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the publish log is append-only'); END",
    f"CREATE TRIGGER IF NOT EXISTS publish_log_no_replace BEFORE INSERT ON {TABLE} "
    f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR (item_id = NEW.item_id AND number = NEW.number)) "
    "BEGIN SELECT RAISE(ABORT, 'the publish log is append-only'); END",
]
POSTGRES = [
    "CREATE OR REPLACE FUNCTION publish_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the publish log is append-only'; END $$",
    f"CREATE OR REPLACE TRIGGER publish_log_no_update BEFORE UPDATE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION publish_log_refuse()",
    f"CREATE OR REPLACE TRIGGER publish_log_no_delete BEFORE DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION publish_log_refuse()",
    f"CREATE OR REPLACE TRIGGER publish_log_no_replace BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION publish_log_refuse()",
]


def install(database: Any = connection) -> None:  # noqa: ANN401 - a connection or a schema editor's connection
    """Creates what is missing; harmless to repeat."""
    with database.cursor() as cursor:
        for statement in SQLITE if database.vendor == "sqlite" else POSTGRES:
            cursor.execute(statement)


def remove(database: Any = connection) -> None:  # noqa: ANN401 - as above
    """Drops them: for reversing the migration, and for the tests' flush (tests/conftest.py)."""
    on = "" if database.vendor == "sqlite" else f" ON {TABLE}"
    with database.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing() -> list[str]:
    """The names of triggers that are not there."""
    question = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question, [TABLE])
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES if name not in there]
