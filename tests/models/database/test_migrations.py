"""Migrations: numbered, one head, up and down and up again, and the models are what they make; databases of the old ones."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from hotline.models.catalogue import metadata
from hotline.models.database import migrate
from hotline.models.database.migrate import NotMigrated
from hotline.models.database.session import Database
from hotline.settings.config_files import resource
from tests.commands.command import hotline

Found = TypeVar("Found")
FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"


def revisions() -> list[str]:
    """All revisions, the first first."""
    script = ScriptDirectory(str(resource("migrations")))
    return [found.revision for found in script.walk_revisions()][::-1]


def within(url: str, ask: Callable[[Database], Found]) -> Found:
    database = Database(url)
    try:
        return ask(database)
    finally:
        database.dispose()


def differences(database: Database) -> list[object]:
    """What the models say otherwise than the database."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def left(database: Database) -> list[str]:
    """The tables and functions that are there beside the one of the revision."""
    names = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            names |= set(connection.scalars(text(FUNCTIONS)))
    return sorted(names)


def counters(database: Database) -> list[tuple[object, ...]]:
    with database.snapshot() as session:
        return [tuple(row) for row in session.execute(text("SELECT name, value FROM counters"))]


def execute(url: str, *statements: str) -> None:
    def run(database: Database) -> None:
        with database.transaction() as session:
            for statement in statements:
                session.execute(text(statement))

    within(url, run)


def marked(url: str, revision: str) -> str:
    """A database with the schema of the last old revision that says that it stands at the one given."""
    migrate.upgrade(url, migrate.SUCCESSOR)
    execute(url, f"UPDATE alembic_version SET version_num = '{revision}'")
    return url


def test_up_down_and_up_again_ends_at_the_models(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")
    assert within(empty_url, left) == []
    migrate.upgrade(empty_url)
    assert within(empty_url, migrate.current) == migrate.head()
    assert within(empty_url, differences) == []


def test_each_migration_takes_back_what_it_made(empty_url: str) -> None:
    before: list[str] = []
    for revision in revisions():
        migrate.upgrade(empty_url, revision)
        made = within(empty_url, left)
        migrate.downgrade(empty_url, "-1")
        assert within(empty_url, left) == before, revision
        migrate.upgrade(empty_url, revision)
        assert within(empty_url, left) == made, revision
        before = made


def test_migrations_are_numbered_in_one_line() -> None:
    script = ScriptDirectory(str(resource("migrations")))
    names = sorted(
        path.name for path in (resource("migrations") / "versions").glob("*.py") if path.name != "__init__.py"
    )
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)
    assert len(script.get_heads()) == 1
    assert revisions() == [f"r{name[2:].removesuffix('.py')}" for name in names]


def test_no_revision_is_taken_for_an_old_one() -> None:
    """A revision may be written by its first letters."""
    assert len(migrate.OLD_REVISIONS) == 17
    assert not [revision for revision in revisions() if revision.startswith(migrate.OLD_REVISIONS)]
    assert migrate.SUCCESSOR in revisions()


def test_a_program_serves_its_own_schema_and_a_later_one_but_no_earlier_one() -> None:
    *earlier, newest = revisions()
    assert migrate.serves(newest)
    assert all(migrate.serves(later) for later in ("r99_later", "9999", "0018"))
    assert not any(migrate.serves(revision) for revision in (None, *earlier, *migrate.OLD_REVISIONS))


def test_a_database_at_the_last_old_revision_is_renamed_and_goes_on(empty_url: str, tmp_path: Path) -> None:
    marked(empty_url, migrate.LAST_OLD)
    execute(empty_url, "INSERT INTO counters (name, value) VALUES ('QS', 7)")
    told = hotline("db", "upgrade", url=empty_url, data=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == "数据库版本 0017 与 r08_notices_and_jobs 的表结构相同，已改记为后者。\n已升级。\n"
    assert within(empty_url, migrate.current) == migrate.head()
    assert within(empty_url, differences) == []
    assert within(empty_url, counters) == [("QS", 7)]
    assert hotline("db", "upgrade", url=empty_url, data=tmp_path).stdout == "已升级。\n"


def test_the_way_down_from_the_last_old_revision_is_that_of_its_successor(empty_url: str) -> None:
    assert migrate.downgrade(marked(empty_url, migrate.LAST_OLD), "base")
    assert within(empty_url, left) == []


def test_older_databases_are_refused_and_left_as_they_are(empty_url: str, tmp_path: Path) -> None:
    marked(empty_url, migrate.LAST_OLD)
    before = within(empty_url, left)
    for revision in migrate.OLD_REVISIONS[:-1]:
        execute(empty_url, f"UPDATE alembic_version SET version_num = '{revision}'")
        for arguments in (("upgrade",), ("upgrade", revision), ("downgrade", "base")):
            told = hotline("db", *arguments, url=empty_url, data=tmp_path)
            assert (told.returncode, told.stdout) == (1, "")
            assert told.stderr == (
                f"数据库版本 {revision} 太旧，本程序不能升级，未作改动：请先用当时的程序升级到 0017，再用本程序升级。\n"
            )
            assert within(empty_url, migrate.current) == revision
    assert within(empty_url, left) == before


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("counters", "DROP TABLE counters"),
        ("own_table", "CREATE TABLE own_table (id INTEGER)"),
        ("staff", "ALTER TABLE staff ADD COLUMN nickname VARCHAR(20)"),
        ("clocks", "DROP INDEX ix_clocks_running_due"),
    ],
)
def test_what_only_says_that_it_is_the_last_old_revision_is_refused(empty_url: str, table: str, change: str) -> None:
    execute(marked(empty_url, migrate.LAST_OLD), change)
    with pytest.raises(NotMigrated, match=f"数据库版本 0017 的表 {table} 与该版本不符，未作改动"):
        migrate.upgrade(empty_url)
    assert within(empty_url, migrate.current) == migrate.LAST_OLD


def test_a_revision_that_nobody_knows_is_said_in_one_line(empty_url: str, tmp_path: Path) -> None:
    for arguments in (("upgrade", "nonsense"), ("upgrade", "0009"), ("downgrade", "nonsense")):
        told = hotline("db", *arguments, url=empty_url, data=tmp_path)
        assert told.returncode == 1
        assert told.stderr == f"不能迁移到 {arguments[1]}：本程序没有这个版本，或不认识数据库现在的版本。\n"
    assert within(marked(empty_url, "9999"), migrate.current) == "9999"
    assert "不能迁移到 head" in hotline("db", "upgrade", url=empty_url, data=tmp_path).stderr


BEFORE_VERIFICATION, VERIFIED = "r11_rule_versions", "r12_enterprises"
COLUMNS_OF_TICKET = (
    "id, number, query_code_hash, title, content, channel, urgency, confidential, anonymous, state, round, no_return, "
    "enterprise_id, logged_by, received_at, state_at, unsigned_late, due_provisional, step, version, timeline_length, "
    "timeline_head, imported"
)
AT = "'2026-01-05 01:00:00'"


def _a_ticket(id: int, enterprise: int, logged_by: str) -> str:
    values = f"'x', 't', 'c', 'web', 'routine', false, false, 'submitted', 1, false, {enterprise}, {logged_by}"
    return (
        f"INSERT INTO tickets ({COLUMNS_OF_TICKET}) VALUES ({id}, 'QS{id}', {values}, {AT}, {AT}, "
        "false, false, -1, 1, 0, '', false)"
    )


def _enterprises(database: Database) -> list[tuple[object, ...]]:
    with database.snapshot() as session:
        query = "SELECT id, name_key, credit_code, given_code, verified_at IS NOT NULL, named_alike FROM enterprises"
        return [(*row[:4], bool(row[4]), bool(row[5])) for row in session.execute(text(f"{query} ORDER BY id"))]


def _credit_codes(database: Database) -> list[object]:
    with database.snapshot() as session:
        return list(session.scalars(text("SELECT credit_code FROM enterprises ORDER BY id")))


def test_an_enterprise_that_staff_have_logged_is_verified_and_others_are_names_on_their_tickets(empty_url: str) -> None:
    migrate.upgrade(empty_url, BEFORE_VERIFICATION)
    names = ((1, "甲（集团）", "'A'"), (2, "某骗子公司", "'B'"), (3, "甲(集团)", "NULL"), (4, "乙", "NULL"))
    rows = [f"INSERT INTO enterprises VALUES ({id}, '{name}', {code}, {AT})" for id, name, code in names]
    unit = "INSERT INTO units (id, code, name, kind, path, aliases) VALUES (1, 'u', 'u', 'centre', '/1/', '')"
    staff = "INSERT INTO staff (id, username, name, password_hash, unit_id) VALUES (1, 'a', 'a', 'x', 1)"
    tickets = (_a_ticket(1, 1, "1"), _a_ticket(2, 1, "NULL"), _a_ticket(3, 2, "NULL"), _a_ticket(4, 3, "1"))
    execute(empty_url, unit, staff, *rows, *tickets)
    migrate.upgrade(empty_url, VERIFIED)
    assert within(empty_url, _enterprises) == [
        (1, "甲(集团)", "A", None, True, True),
        (2, "某骗子公司", None, "B", False, False),
        (3, "甲(集团)", None, None, True, True),
        (4, "乙", None, None, False, False),
    ]
    execute(empty_url, "UPDATE enterprises SET head_id = 1, part_of_id = 1 WHERE id = 3")
    migrate.downgrade(empty_url, BEFORE_VERIFICATION)
    assert within(empty_url, _credit_codes) == ["A", "B", None, None]
    with_head = "SELECT enterprise_id FROM tickets WHERE id = 4"
    assert within(empty_url, lambda database: _one(database, with_head)) == 1
    migrate.upgrade(empty_url)


def _one(database: Database, query: str) -> object:
    with database.snapshot() as session:
        return session.scalar(text(query))
