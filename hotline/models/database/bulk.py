"""Many rows at once, past the statement layer: by COPY on PostgreSQL, by one prepared statement on SQLite.

Everything stays in the caller's transaction. Names of tables and columns come from the models, never from outside.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache, singledispatch
from itertools import count
from typing import Any

import orjson
from sqlalchemy import JSON, Date, Table, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hotline.models.database.base import Instant

FEW = 50
"""Below this a prepared statement is quicker on PostgreSQL than a COPY with its temporary table."""
_names = count()


def insert_rows(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Adds rows that all have the same keys."""
    if rows:
        insert_values(session, table, list(rows[0]), [tuple(row.values()) for row in rows])


def insert_values(session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds rows that are given by their values alone, in the order of `columns`."""
    if not rows:
        return
    formed = _formed(session, table, columns, rows)
    if _is_sqlite(session) or len(rows) < FEW:
        marks = ", ".join("?" * len(columns))
        _run_many(session, f"INSERT INTO {table.name} ({_quoted(columns)}) VALUES ({marks})", formed)
    else:
        _copy(session, table.name, columns, formed)


def reserve_keys(session: Session, table: Table, count: int) -> Sequence[int]:
    """Keys that no other row of this table will get, for rows which name each other before they are written."""
    if _is_sqlite(session):
        last = session.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    return session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))).all()


def update_rows(session: Session, table: Table, names: Sequence[str], rows: Sequence[Any]) -> None:
    """Sets the columns `names` of each row (anything with these attributes and `id`)."""
    if not rows:
        return
    if _is_sqlite(session) or len(rows) < FEW:
        sets = ", ".join(f"{name} = ?" for name in names)
        values = ([*(getattr(row, name) for name in names), row.id] for row in rows)
        formed = _formed(session, table, [*names, "id"], values)
        _run_many(session, f"UPDATE {table.name} SET {sets} WHERE id = ?", formed)
    else:
        _update_from_copy(session, table, names, rows)


def _formed(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    """Values as the driver takes them: only instants, days and JSON are not so already."""
    places = [n for n, name in enumerate(columns) if isinstance(table.c[name].type, (Instant, Date, JSON))]
    form = _for_sqlite if _is_sqlite(session) else _for_postgresql
    return (_formed_at(places, form, row) for row in rows) if places else rows


def _formed_at(places: Sequence[int], form: Callable[[Any], Any], row: Sequence[Any]) -> Sequence[Any]:
    values = list(row)
    for place in places:
        values[place] = form(values[place])
    return values


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


@contextmanager
def _driver_of(session: Session, statement: str) -> Iterator[Any]:
    """The driver's own connection; what it raises comes out as it does of any other statement."""
    connection = session.connection()
    driver, dialect = connection.connection.driver_connection, connection.dialect
    try:
        yield driver
    except dialect.loaded_dbapi.Error as error:
        base: Any = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, error, base, dialect=dialect) from error


def _run_many(session: Session, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    with _driver_of(session, statement) as driver:
        if _is_sqlite(session):
            driver.executemany(statement, rows)
            return
        with driver.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s"), list(rows))


def _update_from_copy(session: Session, table: Table, names: Sequence[str], rows: Sequence[Any]) -> None:
    connection, beside = session.connection(), f"new_{table.name}_{next(_names)}"
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE {beside} ON COMMIT DROP AS SELECT id, {_quoted(names)} FROM {table.name} WITH NO DATA"
    )
    columns = ["id", *names]
    values = ([getattr(row, name) for name in columns] for row in rows)
    _copy(session, beside, columns, _formed(session, table, columns, values))
    connection.exec_driver_sql(f"ANALYZE {beside}")
    sets = ", ".join(f"{name} = n.{name}" for name in names)
    connection.exec_driver_sql(f"UPDATE {table.name} SET {sets} FROM {beside} n WHERE n.id = {table.name}.id")
    connection.exec_driver_sql(f"DROP TABLE {beside}")


def _copy(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = f"COPY {table} ({_quoted(columns)}) FROM STDIN"
    with _driver_of(session, statement) as driver, driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=4096)
def _utc_text(at: datetime) -> str:
    """As the `Instant` type keeps it on SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def _zoned_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(" ", "microseconds")


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


@singledispatch
def _for_sqlite(value: Any) -> Any:
    return value


@singledispatch
def _for_postgresql(value: Any) -> Any:
    return value


for _kind in (dict, list, tuple):
    _for_sqlite.register(_kind, _json)
    _for_postgresql.register(_kind, _json)
_for_sqlite.register(date, date.isoformat)
_for_sqlite.register(datetime, _utc_text)
_for_postgresql.register(datetime, _zoned_text)
