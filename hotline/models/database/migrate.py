"""Migrations: numbered, linear, run from the folder that the package carries.

Before the first release there were seventeen of them, `0001` to `0017`. They were drawn together by subject, and a database at
`0017` has the schema that the new ones make: it is renamed to the last of these and goes on. Whoever stands at an earlier one
is refused.
"""

from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, inspect, text

from hotline.models.database.session import Database
from hotline.settings.config_files import resource

OLD_REVISIONS = tuple(f"{number:04d}" for number in range(1, 18))
LAST_OLD = OLD_REVISIONS[-1]
SUCCESSOR = "r08_notices_and_jobs"
"""The revision whose schema is that of the last old one."""
TABLE = "alembic_version"
Shape = dict[str, set[str]]


class NotMigrated(Exception):
    """The migration was refused; the sentence says why."""


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    config.attributes.update(attributes)
    return config


def upgrade(url: str, revision: str = "head") -> bool:
    """Bring the database to the revision given, all of it or nothing on PostgreSQL.

    Return whether it was renamed from the last old revision before that. Refuse (`NotMigrated`) one at an earlier revision.
    """
    return _move(command.upgrade, url, revision)


def downgrade(url: str, revision: str) -> bool:
    """Take the database back to the revision given ("base": empty). Return and refuse as `upgrade` does."""
    return _move(command.downgrade, url, revision)


def _move(action: Callable[[Config, str], None], url: str, revision: str) -> bool:
    renamed = _rename(url)
    try:
        action(_config(url=url), _present_name(revision))
    except CommandError as error:
        raise NotMigrated(f"不能迁移到 {revision}：本程序没有这个版本，或不认识数据库现在的版本。") from error
    return renamed


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Bring a database that was empty at first to the revision given, in the caller's transaction.

    For PostgreSQL only: on SQLite a migration may have to make a table anew outside any transaction.
    """
    command.upgrade(_config(connection=connection), _present_name(revision))


def _present_name(revision: str) -> str:
    return SUCCESSOR if revision == LAST_OLD else revision


def head() -> str | None:
    """Return the newest revision that this version of the service knows."""
    return _script().get_current_head()


def is_too_old(revision: str) -> bool:
    """Return whether the revision is an old one that this version cannot go on from."""
    return revision in OLD_REVISIONS and revision != LAST_OLD


def is_later(revision: str) -> bool:
    """Return whether the revision is of a later release: this version does not know it, and it is no old one."""
    own_revisions = {script.revision for script in _script().walk_revisions()}
    return revision not in own_revisions and revision not in OLD_REVISIONS


def serves(revision: str | None) -> bool:
    """Return whether this version works on a database at this revision: its own newest, or one of a later release.

    A later release is installed while this one still serves: its migrations run beside the previous code. The last old
    revision has the schema of its successor and does not serve all the same: it is upgraded like any other before it does.
    """
    return revision is not None and (revision == head() or is_later(revision))


def current(database: Database) -> str | None:
    """Return the revision that the database stands at."""
    with database.engine.connect() as connection:
        return current_within(connection)


def current_within(connection: Connection) -> str | None:
    """Return the revision as this transaction sees it."""
    return MigrationContext.configure(connection).get_current_revision()


def _rename(url: str) -> bool:
    """Write the successor's name over that of the last old revision, once the schemas are found to be the same."""
    database = Database(url)
    try:
        found = current(database)
        if found not in OLD_REVISIONS:
            return False
        if is_too_old(found):
            raise NotMigrated(
                f"数据库版本 {found} 太旧，本程序不能升级，未作改动：请先用当时的程序升级到 {LAST_OLD}，再用本程序升级。"
            )
        with database.transaction() as session:
            _compare(_shape_of(session.connection()))
            change = text(f"UPDATE {TABLE} SET version_num = :new WHERE version_num = :old")
            session.execute(change, {"new": SUCCESSOR, "old": LAST_OLD})
    finally:
        database.dispose()
    return True


def _compare(found: Shape) -> None:
    """Refuse a schema that is not the successor's, with the name of a table in which they differ."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        command.upgrade(_config(connection=connection), SUCCESSOR)
        expected = _shape_of(connection)
    engine.dispose()
    for table in sorted(found.keys() | expected.keys()):
        if found.get(table) != expected.get(table):
            raise NotMigrated(
                f"数据库版本 {LAST_OLD} 的表 {table} 与该版本不符，未作改动：请用当时的程序检查数据库，或从备份恢复。"
            )


def _shape_of(connection: Connection) -> Shape:
    """Return what each table consists of, in words that are the same on both engines; the types of columns are not."""
    schema = inspect(connection)
    found: Shape = {name: set() for name in schema.get_table_names() if name != TABLE}
    for name, words in found.items():
        words |= {f"column {column['name']} {column['nullable']}" for column in schema.get_columns(name)}
        words |= {f"key {schema.get_pk_constraint(name)['constrained_columns']}"}
        words |= {
            f"refers {key['constrained_columns']} {key['referred_table']}" for key in schema.get_foreign_keys(name)
        }
        words |= {f"once {key['column_names']}" for key in schema.get_unique_constraints(name)}
        words |= {f"check {check['name']}" for check in schema.get_check_constraints(name)}
        words |= {
            f"index {index['name']} {index['column_names']} {bool(index['unique'])}"
            for index in schema.get_indexes(name)
            if not index.get("duplicates_constraint")
        }
    return found


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
