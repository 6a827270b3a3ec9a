"""Statements that are built once and run many times.

Django builds and compiles a query each time it is asked; for the thirty small statements that publishing one item takes
that is most of the work (measured: docs/performance.md). A `Question` keeps the compiled SQL of a queryset and takes
new values for it; `update` and `insert` write the named columns of one row. Django's own compiler, converters and
fields do the translating, so that both databases read and write the same. For the publishing path only: elsewhere a
plain queryset is fast enough and says more.

A way to the database and back costs more than most of these statements, so changes may ride `along` with another one.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Expression,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T", bound=Model)
R = TypeVar("R")
Row = tuple[Any, ...]
Prepare = Callable[[Any], Any]
"""Makes of a field's value what the driver takes."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The named fields of a row that is there, to be written by `update` or along with another statement."""

    row: Model
    names: tuple[str, ...]


def changed(row: Model, *names: str) -> Changed:
    """To be written: the named fields of the row, as they are when it is done, and nothing else."""
    return Changed(row, names)


class Given(Expression):
    """Stands in a queryset for a value that comes when the question is asked: `filter(pk=Given("item", field))`."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ANN401
        """A placeholder; the value takes its place in `_Parameters`."""
        return "%s", [self]


class Question(Generic[T]):
    """A queryset of one model, or of `values_list` rows, compiled at its first use in each process."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, *along: Changed, **given: Any) -> list[Row]:  # noqa: ANN401 - whatever the columns hold
        """The rows as Python values, in the order of the columns. What goes `along` (see `insert`) they do not show."""
        return self._asked(given, along)[1]

    def objects(self, *along: Changed, **given: Any) -> list[T]:  # noqa: ANN401 - as above
        """The rows as objects of the model."""
        compiled, rows = self._asked(given, along)
        return [from_row(compiled.model, row) for row in rows]

    def with_more(self, **given: Any) -> tuple[T, Row] | None:  # noqa: ANN401 - as above
        """The first object, and the values of its annotations or of what `select_related` names, in their order; or
        None."""
        compiled, rows = self._asked(given)
        for row in rows:
            return from_row(compiled.model, row[: compiled.width]), row[compiled.width :]
        return None

    def first(self, **given: Any) -> T | None:  # noqa: ANN401 - as above
        """The first object, or None."""
        return next(iter(self.objects(**given)), None)

    def _asked(self, given: dict[str, Any], along: Sequence[Changed] = ()) -> "tuple[_Compiled, list[Row]]":
        database = _database()
        if database.vendor not in self._compiled:
            self._compiled[database.vendor] = _Compiled(self._build(), database)
        compiled = self._compiled[database.vendor]
        return compiled, compiled.run(database, given, along)


class Change:
    """An update of a queryset's rows, compiled at its first use in each process: `build` gives the queryset and what
    the fields become."""

    def __init__(self, build: Callable[[], tuple[QuerySet[Any, Any], dict[str, Any]]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, _Parameters]] = {}

    def run(self, **given: Any) -> int:  # noqa: ANN401 - whatever the columns hold
        """Makes the change; returns how many rows it met."""
        database = _database()
        if database.vendor not in self._compiled:
            self._compiled[database.vendor] = self._compile(database)
        statement, parameters = self._compiled[database.vendor]
        return _run(database, statement, parameters.filled(given), _how_many)

    def _compile(self, database: Any) -> "tuple[str, _Parameters]":  # noqa: ANN401 - see _database
        queryset, values = self._build()
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values(values)
        return _with_constants(database, *query.get_compiler(database.alias).as_sql())


class _Compiled:
    """One queryset's SQL on one database, and how its rows become Python values."""

    def __init__(self, queryset: QuerySet[Any, Any], database: Any) -> None:  # noqa: ANN401 - see _database
        compiler = queryset.query.get_compiler(database.alias)
        self._statement, self._parameters = _with_constants(database, *compiler.as_sql())
        self._apply = compiler.apply_converters
        self._converters = compiler.get_converters([column for column, _, _ in compiler.select])
        self.model = queryset.model
        self.width = len(queryset.model._meta.concrete_fields)

    def run(self, database: Any, given: dict[str, Any], along: Sequence[Changed] = ()) -> list[Row]:  # noqa: ANN401
        rows = _run(database, self._statement, self._parameters.filled(given), _all, along)
        return [tuple(row) for row in self._apply(rows, self._converters)] if self._converters else rows


class _Parameters:
    """The open places of a compiled statement, in their order."""

    def __init__(self, places: Sequence[Given], database: Any) -> None:  # noqa: ANN401 - see _database
        self._places = [(place.name, _prepare(place.output_field, database)) for place in places]

    def filled(self, given: dict[str, Any]) -> list[Any]:
        return [prepare(given[name]) if prepare else given[name] for name, prepare in self._places]


def _with_constants(database: Any, statement: str, params: Sequence[Any]) -> tuple[str, _Parameters]:  # noqa: ANN401
    """The statement with every value written into it that never changes. A database chooses one plan for all values of
    a parameter, and so cannot use an index that holds only some states where the state is one."""
    quote = database.schema_editor(collect_sql=True).quote_value
    texts = statement.split("%s")
    for place, value in zip(range(len(texts) - 1), params, strict=True):
        texts[place] += "%s" if isinstance(value, Given) else quote(value).replace("%", "%%")
    return "".join(texts), _Parameters([value for value in params if isinstance(value, Given)], database)


def from_row(model: type[T], row: Row) -> T:
    """An object of the model from the values of all its columns."""
    return model.from_db(DEFAULT_DB_ALIAS, _names_of(model), row)


def update(*changes: Changed) -> None:
    """Writes what was changed."""
    database = _database()
    for change in changes:
        statement, values = _written(change, database)
        _run(database, statement, values, _nothing)


def insert(*rows: Model, along: Sequence[Changed] = ()) -> None:
    """Writes new rows of one model in one statement and gives the objects their keys.

    `along`: changes of other rows that are written with it, on PostgreSQL in the same statement. Such a statement sees
    nothing of them, nor they of it; so nothing goes along that it asks about, and no row twice.
    """
    database = _database()
    fields, statement = _insert_of(type(rows[0]), len(rows), database.vendor)
    keys = _run(database, statement, [value for row in rows for value in _values(row, fields)], _all, along)
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk, row._state.adding = key, False


def _written(change: Changed, database: Any) -> tuple[str, list[Any]]:  # noqa: ANN401 - see _database
    fields, statement = _update_of(type(change.row), change.names, database.vendor)
    return statement, [*_values(change.row, fields), change.row.pk]


def _database() -> Any:  # noqa: ANN401 - a backend's wrapper; its methods are not typed
    """This thread's connection itself: each attribute of the proxy `django.db.connection` is a search of its own."""
    return connections[DEFAULT_DB_ALIAS]


def _all(cursor: Any) -> list[Row]:  # noqa: ANN401 - Django's cursor or the driver's
    rows: list[Row] = cursor.fetchall()
    return rows


def _how_many(cursor: Any) -> int:  # noqa: ANN401 - as above
    return int(cursor.rowcount)


def _nothing(_: Any) -> None:  # noqa: ANN401 - as above
    return None


def _run(
    database: Any,  # noqa: ANN401 - see _database
    statement: str,
    values: list[Any],
    read: Callable[[Any], R],
    along: Sequence[Changed] = (),
) -> R:
    """Runs the statement and returns what `read` takes from its cursor. On PostgreSQL that is the driver's own: Django's
    wrappers around a cursor (logging of queries, hooks) cost as much as the statement, and are used only where somebody
    listens to them."""
    if along and database.vendor == "postgresql":
        heads = [_written(change, database) for change in along]
        statement = _with(statement, *(head for head, _ in heads))
        values = [*(value for _, head in heads for value in head), *values]
    elif along:
        update(*along)
    if database.vendor != "postgresql" or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(statement, values)
            return read(cursor)
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return read(_cursor_on(database.connection).execute(statement, values))


@cache
def _with(statement: str, *heads: str) -> str:
    """One statement of PostgreSQL that does what all of them do."""
    named = ", ".join(f"_{place} AS ({head})" for place, head in enumerate(heads))
    return f"WITH {named} {statement}"


_kept = threading.local()


def _cursor_on(driver: Any) -> Any:  # noqa: ANN401 - the driver is not there on SQLite
    """One cursor for as long as the connection lasts, because making one costs a third of a small statement. Every
    statement here is read to its end before the next one runs."""
    cursor = getattr(_kept, "cursor", None)
    if cursor is None or cursor.connection is not driver or cursor.closed:
        _kept.cursor = cursor = driver.cursor()
    return cursor


_AS_THEY_ARE = (BooleanField, CharField, DateTimeField, IntegerField, TextField, UUIDField)
"""Fields whose values PostgreSQL's driver takes as they stand in Python."""


def _prepare(field: "Field[Any, Any]", database: Any) -> Prepare | None:  # noqa: ANN401 - see _database
    """How Django prepares a field's value for this database, or None where that changes nothing."""
    if database.vendor == "postgresql":
        plain = field.target_field if isinstance(field, ForeignKey) else field
        if isinstance(plain, _AS_THEY_ARE):
            return None
    return lambda value: field.get_db_prep_save(value, database)


_Columns = tuple[tuple[str, Prepare | None], ...]
"""Attribute of the object, and how its value is prepared."""


def _values(row: Model, columns: _Columns) -> list[Any]:
    held = row.__dict__  # past the descriptors of foreign keys, which are there to notice a change
    return [prepare(held[name]) if prepare else held[name] for name, prepare in columns]


@cache
def _names_of(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _update_of(model: type[Model], names: tuple[str, ...], vendor: str) -> tuple[_Columns, str]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "id" = %s'  # noqa: S608 - names of our models
    return _columns(fields), statement


@cache
def _insert_of(model: type[Model], number: int, vendor: str) -> tuple[_Columns, str]:
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * number)
    table = model._meta.db_table
    statement = f'INSERT INTO "{table}" ({columns}) VALUES {places} RETURNING "id"'  # noqa: S608 - as above
    return _columns(fields), statement


def _columns(fields: "list[Field[Any, Any]]") -> _Columns:
    return tuple((field.attname, _prepare(field, _database())) for field in fields)
