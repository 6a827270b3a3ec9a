"""Statements that are built once and run many times.

Django builds and compiles a query each time it is asked; for the thirty small statements that publishing one item takes
that is most of the work (measured: docs/performance.md). A `Question` keeps the compiled SQL of a queryset and takes
new values for it; `update` and `insert` write the named columns of one row. Django's own compiler, converters and
fields do the translating, so that both databases read and write the same. For the publishing path only: elsewhere a
plain queryset is fast enough and says more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T", bound=Model)


class Given(Expression):
    """Stands in a queryset for a value that comes when the question is asked: `filter(pk=Given("item", field))`."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ANN401
        """A placeholder; the value takes its place in `Question`."""
        return "%s", [self]


class Question(Generic[T]):
    """A queryset of one model, or of `values_list` rows, compiled at its first use in each process."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - whatever the columns hold
        """The rows as Python values, in the order of the columns."""
        return self._of(connection.vendor).run(given)

    def objects(self, **given: Any) -> list[T]:  # noqa: ANN401 - as above
        """The rows as objects of the model."""
        compiled = self._of(connection.vendor)
        return [compiled.model.from_db(connection.alias, compiled.names, row) for row in compiled.run(given)]

    def with_more(self, **given: Any) -> tuple[T, tuple[Any, ...]] | None:  # noqa: ANN401 - as above
        """The first object, and the values of its annotations or of what `select_related` names, in their order; or
        None."""
        compiled = self._of(connection.vendor)
        width = len(compiled.names)
        for row in compiled.run(given):
            return compiled.model.from_db(connection.alias, compiled.names, row[:width]), row[width:]
        return None

    def first(self, **given: Any) -> T | None:  # noqa: ANN401 - as above
        """The first object, or None."""
        return next(iter(self.objects(**given)), None)

    def _of(self, vendor: str) -> "_Compiled":
        if vendor not in self._compiled:
            self._compiled[vendor] = _Compiled(self._build())
        return self._compiled[vendor]


class Change:
    """An update of a queryset's rows, compiled at its first use in each process: `build` gives the queryset and what
    the fields become."""

    def __init__(self, build: Callable[[], tuple[QuerySet[Any, Any], dict[str, Any]]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, Sequence[Any]]] = {}

    def run(self, **given: Any) -> int:  # noqa: ANN401 - whatever the columns hold
        """Makes the change; returns how many rows it met."""
        sql, params = self._of(connection.vendor)
        with _running(sql, _filled(params, given)) as cursor:
            return int(cursor.rowcount)

    def _of(self, vendor: str) -> tuple[str, Sequence[Any]]:
        if vendor not in self._compiled:
            queryset, values = self._build()
            query: Any = queryset.query.chain(UpdateQuery)
            query.add_update_values(values)
            self._compiled[vendor] = query.get_compiler(connection.alias).as_sql()
        return self._compiled[vendor]


class _Compiled:
    """One queryset's SQL on one database, and how its rows become Python values."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(connection.alias)
        self.sql, self._params = compiler.as_sql()
        self._apply = compiler.apply_converters
        self._converters = compiler.get_converters([column for column, _, _ in compiler.select])
        self.model = queryset.model
        self.names = [field.attname for field in queryset.model._meta.concrete_fields]

    def run(self, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        with _running(self.sql, _filled(self._params, given)) as cursor:
            rows = cursor.fetchall()
        return [tuple(row) for row in self._apply(rows, self._converters)] if self._converters else rows


def _filled(params: Sequence[Any], given: dict[str, Any]) -> list[Any]:
    """The parameters of a compiled statement, with what is given in the places of `Given`."""
    return [
        one.output_field.get_db_prep_value(given[one.name], connection) if isinstance(one, Given) else one
        for one in params
    ]


def update(row: Model, *names: str) -> None:
    """Writes the named fields of a row that is there, and nothing else."""
    fields, statement = _update_of(type(row), names)
    with _running(statement, [*_values(row, fields), row.pk]):
        pass


def insert(*rows: Model) -> None:
    """Writes new rows of one model in one statement and gives the objects their keys."""
    fields, statement = _insert_of(type(rows[0]), len(rows))
    with _running(statement, [value for row in rows for value in _values(row, fields)]) as cursor:
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding = key, False


@contextmanager
def _running(statement: str, values: Sequence[Any]) -> Iterator[Any]:
    """A cursor on which the statement has run. On PostgreSQL it is the driver's own: Django's wrappers around a cursor
    (logging of queries, hooks) cost as much as the statement, and are used only where somebody listens to them."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql" or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(statement, values)
            yield cursor
        return
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, database.connection.cursor() as cursor:
        cursor.execute(statement, values)
        yield cursor


def _values(row: Model, fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@cache
def _update_of(model: type[Model], names: tuple[str, ...]) -> tuple[list[Any], str]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    return fields, f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "id" = %s'  # noqa: S608 - names of our models


@cache
def _insert_of(model: type[Model], number: int) -> tuple[list[Any], str]:
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * number)
    table = model._meta.db_table
    return fields, f'INSERT INTO "{table}" ({columns}) VALUES {places} RETURNING "id"'  # noqa: S608 - as above
