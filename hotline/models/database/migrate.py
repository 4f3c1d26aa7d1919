"""Migrations: numbered, linear, run from the folder that the package carries."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from hotline.models.database.session import Database
from hotline.settings.config_files import resource


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    config.attributes.update(attributes)
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the database to the revision given, all of it or nothing on PostgreSQL."""
    command.upgrade(_config(url=url), revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """The same in the caller's transaction, for PostgreSQL only: SQLite rebuilds tables outside any transaction."""
    command.upgrade(_config(connection=connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Takes the database back to the revision given ("base": empty)."""
    command.downgrade(_config(url=url), revision)


def head() -> str | None:
    """The newest revision that this version of the service knows."""
    return _script().get_current_head()


def is_known(revision: str) -> bool:
    """Whether this version of the service knows the revision; one that it does not know is newer."""
    return revision in {script.revision for script in _script().walk_revisions()}


def serves(revision: str | None) -> bool:
    """Whether this version works on a database at this revision: its own newest, or one of a later release.

    A later release is installed while this one still serves: its migrations run beside the previous code.
    """
    return revision == head() or (revision is not None and not is_known(revision))


def current(database: Database) -> str | None:
    """The revision that the database stands at."""
    with database.engine.connect() as connection:
        return current_within(connection)


def current_within(connection: Connection) -> str | None:
    """The revision as this transaction sees it."""
    return MigrationContext.configure(connection).get_current_revision()


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
