"""Everything that the database holds at one instant, read while others go on writing.

SQLite: its own backup, of the pages that one reading transaction sees. PostgreSQL: COPY of every table in one REPEATABLE READ
transaction; no client program of PostgreSQL is needed, so none can be too old.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from hotline.models.database import migrate
from hotline.models.database.engine import no_timeouts
from hotline.models.database.session import Database

CHUNK, PAGES = 1 << 20, 2000
SQLITE_PART = "hotline.sqlite"
REVISIONS = "alembic_version"
HASHES = "SELECT DISTINCT content_hash FROM attachments ORDER BY content_hash"


@dataclass(frozen=True)
class Snapshot:
    """`counts`: rows by table. `attachments`: the hashes of the files that the rows speak of.

    `parts`: what makes the database again, by name, each in chunks, to be read once and inside the block.
    """

    revision: str | None
    counts: Mapping[str, int]
    attachments: Sequence[str]
    parts: Iterator[tuple[str, Iterator[bytes]]]


@contextmanager
def taken(database: Database, folder: Path, progress: Callable[[int, int], None]) -> Iterator[Snapshot]:
    """The database as it stands now; `folder` is for SQLite's copy, `progress` is told (done, of how many)."""
    with (_of_sqlite if database.is_sqlite else _of_postgresql)(database, folder, progress) as snapshot:
        yield snapshot


@contextmanager
def _of_sqlite(database: Database, folder: Path, progress: Callable[[int, int], None]) -> Iterator[Snapshot]:
    path = folder / SQLITE_PART
    with database.engine.connect() as source, closing(sqlite3.connect(path)) as copy:
        revision = migrate.current_within(source)
        # The transaction is open and has read: the copy is of what it sees, whatever is written meanwhile.
        driver: Any = source.connection.driver_connection
        driver.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
        copy.execute("PRAGMA journal_mode=DELETE")
        names = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        names = [name for name in names if not name.startswith("sqlite_") and name != REVISIONS]
        counts = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        hashes = [found for (found,) in copy.execute(HASHES)] if "attachments" in counts else []
    yield Snapshot(revision, counts, hashes, iter([(SQLITE_PART, _chunks(path))]))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


@contextmanager
def _of_postgresql(database: Database, folder: Path, progress: Callable[[int, int], None]) -> Iterator[Snapshot]:
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        no_timeouts(connection)
        revision = migrate.current_within(connection)
        names = sorted(set(inspect(connection).get_table_names()) - {REVISIONS})
        counts = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}
        hashes = list(connection.scalars(text(HASHES))) if "attachments" in counts else []
        yield Snapshot(revision, counts, hashes, _copied(connection, counts, progress))


def _copied(
    connection: Connection, counts: Mapping[str, int], progress: Callable[[int, int], None]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    done, total = 0, sum(counts.values())
    for name, count in counts.items():
        yield name, _rows(connection, name)
        done += count
        progress(done, total)


def _rows(connection: Connection, name: str) -> Iterator[bytes]:
    """The names of the columns in the first line, then COPY's text, which is the same in every version of PostgreSQL."""
    columns = ", ".join(f'"{column["name"]}"' for column in inspect(connection).get_columns(name))
    yield f"{columns}\n".encode()
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{name}" ({columns}) TO STDOUT') as copy:
        for chunk in copy:
            yield bytes(chunk)
