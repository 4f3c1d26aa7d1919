"""A PostgreSQL of the test's own, which may be killed, in place of the one that other tests share."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from tests.cast import Cast
from tests.faults.postgres import Postgres


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        yield server.made()
    finally:
        server.removed()


@pytest.fixture(scope="session")
def postgresql_server(own_postgres: Postgres) -> URL:
    return own_postgres.url()


@pytest.fixture(scope="session")
def templates() -> dict[str, tuple[str, Cast]]:
    """They lie in the server of these tests."""
    return {}
