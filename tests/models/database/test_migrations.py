"""Migrations: numbered, one head, up and down and up again, and the models are what they make."""

import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hotline.models.catalogue import metadata
from hotline.models.database import migrate
from hotline.models.database.session import Database
from hotline.settings.config_files import resource


def test_up_down_and_up_again_ends_at_the_models(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")
    migrate.upgrade(empty_url)
    database = Database(empty_url)
    try:
        assert migrate.current(database) == migrate.head()
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
    finally:
        database.dispose()


def test_migrations_are_numbered_in_one_line() -> None:
    script = ScriptDirectory(str(resource("migrations")))
    names = sorted(
        path.name for path in (resource("migrations") / "versions").glob("*.py") if path.name != "__init__.py"
    )
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)
    assert len(script.get_heads()) == 1
