"""An empty database is made into what a snapshot was taken of: all of it or nothing."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from hotline.models.database import migrate
from hotline.models.database.engine import no_timeouts
from hotline.models.database.session import Database
from hotline.models.database.snapshot import CHUNK, SQLITE_PART

FOREIGN_KEYS = """SELECT conrelid::regclass AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid"""
COLUMNS = re.compile(rb'"\w+"(, "\w+")*\n')
Open = Callable[[str], IO[bytes]]
"""Opens a part of the snapshot by its name."""


class SnapshotMismatch(Exception):
    """What was put in is not what the snapshot says; the sentence says where."""


def is_empty(database: Database) -> bool:
    """Whether there is no table at all."""
    return not inspect(database.engine).get_table_names()


@contextmanager
def restored(
    database: Database, revision: str, counts: Mapping[str, int], part: Open, progress: Callable[[int], None]
) -> Iterator[Session]:
    """Puts the parts in, counts them, brings the schema to this version's; kept only when the block ends well.

    The session sees the restored rows. `progress` is told how many rows are in.
    """
    fill = _sqlite if database.is_sqlite else _postgresql
    with fill(database, revision, counts, part, progress) as session:
        yield session


@contextmanager
def _sqlite(
    database: Database, revision: str, counts: Mapping[str, int], part: Open, progress: Callable[[int], None]
) -> Iterator[Session]:
    place = Path(make_url(database.url).database or "")
    beside = place.with_name(f"{place.name}.part")
    beside.unlink(missing_ok=True)
    filling = Database(f"sqlite:///{beside}", database.info["keys"], database.info["lexicon"])
    try:
        with part(SQLITE_PART) as source, beside.open("wb") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
        with filling.engine.connect() as connection:
            _compare(connection, counts)
        progress(sum(counts.values()))
        migrate.upgrade(filling.url)
        with filling.snapshot() as session:
            yield session
        filling.dispose()
        database.dispose()
        beside.replace(place)
    finally:
        filling.dispose()
        beside.unlink(missing_ok=True)


@contextmanager
def _postgresql(
    database: Database, revision: str, counts: Mapping[str, int], part: Open, progress: Callable[[int], None]
) -> Iterator[Session]:
    with database.engine.begin() as connection:
        no_timeouts(connection)
        migrate.upgrade_within(connection, revision)
        keys = connection.execute(text(FOREIGN_KEYS)).all()
        for key in keys:
            connection.execute(text(f"ALTER TABLE {key.table} DROP CONSTRAINT {key.name}"))
        done = 0
        for name, count in counts.items():
            _refill(connection, name, part)
            done += count
            progress(done)
        _compare(connection, counts)
        for key in keys:
            connection.execute(text(f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {key.definition}"))
        _advance(connection, counts)
        migrate.upgrade_within(connection)
        with Session(connection, info=database.info, join_transaction_mode="create_savepoint") as session:
            yield session


def _refill(connection: Connection, name: str, part: Open) -> None:
    driver: Any = connection.connection.driver_connection
    with part(name) as source, driver.cursor() as cursor:
        columns = source.readline()
        if not COLUMNS.fullmatch(columns):
            raise SnapshotMismatch(f"{name}的列名不能读取")
        # A migration may have put rows in.
        cursor.execute(f'DELETE FROM "{name}"')
        with cursor.copy(f'COPY "{name}" ({columns.decode().strip()}) FROM STDIN') as copy:
            while chunk := source.read(CHUNK):
                copy.write(chunk)


def _compare(connection: Connection, counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        found = connection.scalar(text(f'SELECT count(*) FROM "{name}"'))
        if found != count:
            raise SnapshotMismatch(f"{name}应有{count}行，实有{found}行")


def _advance(connection: Connection, counts: Mapping[str, int]) -> None:
    """The next key of each table comes after the last one that is there."""
    for name in counts:
        if any(column["name"] == "id" for column in inspect(connection).get_columns(name)):
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
            if sequence:
                top = text(f'SELECT setval(:sequence, coalesce(max(id), 0) + 1, false) FROM "{name}"')
                connection.execute(top, {"sequence": sequence})
