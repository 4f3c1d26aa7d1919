"""A PostgreSQL of the test's own, which may be killed, in place of the one that other tests share."""

from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.faults.postgres import Postgres
from tests.support.cast import Cast


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        yield server.made()
    finally:
        server.removed()


@pytest.fixture(scope="session")
def databases(own_postgres: Postgres) -> Databases:
    return Databases(own_postgres.url())


@pytest.fixture(scope="session")
def templates() -> dict[str, tuple[str, Cast]]:
    """They lie in the server of these tests."""
    return {}
