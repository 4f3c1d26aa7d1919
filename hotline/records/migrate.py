"""Migrations: numbered, linear, run from the folder that the package carries."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hotline.records.session import Database
from hotline.settings import resource


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the database to the revision given, all of it or nothing on PostgreSQL."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Takes the database back to the revision given ("base": empty)."""
    command.downgrade(_config(url), revision)


def head() -> str | None:
    """The newest revision that this version of the service knows."""
    return ScriptDirectory.from_config(_config("")).get_current_head()


def current(database: Database) -> str | None:
    """The revision that the database stands at."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
