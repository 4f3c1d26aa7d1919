"""The timeline cannot be changed, not even by hand in SQL; and where somebody managed to, it shows."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hotline.app_context import AppContext
from hotline.casework.tickets.timeline import verify
from tests.support.build import Builder

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
REPLACE = "INSERT OR REPLACE INTO timeline SELECT * FROM timeline WHERE id = 1"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE timeline SET actor = '别人'", "DELETE FROM timeline", "DELETE FROM timeline WHERE id = 1", REPLACE],
)
def test_no_line_is_changed_or_deleted_by_hand(app_context: AppContext, build: Builder, statement: str) -> None:
    build.ticket("handling", NOW)
    if statement is REPLACE and not app_context.database.is_sqlite:
        statement = "TRUNCATE timeline"
    with pytest.raises(DBAPIError, match=r"append-only|syntax"), app_context.transaction() as ctx:
        ctx.session.execute(text(statement))
    with app_context.snapshot() as ctx:
        assert [broken for _, broken in verify(ctx.session) if broken] == []


def disarm(app_context: AppContext, statement: str) -> None:
    """What somebody with all rights on the database could do."""
    with app_context.transaction() as ctx:
        if app_context.database.is_sqlite:
            for name in ("timeline_no_update", "timeline_no_delete"):
                ctx.session.execute(text(f"DROP TRIGGER {name}"))
        else:
            ctx.session.execute(text("ALTER TABLE timeline DISABLE TRIGGER ALL"))
        ctx.session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE timeline SET actor = '别人' WHERE sequence = 2", 2),
        ("DELETE FROM timeline WHERE sequence = 2", 2),
        ("DELETE FROM timeline WHERE sequence = (SELECT max(sequence) FROM timeline)", None),
        ("UPDATE timeline SET at = recorded_at, hash = previous_hash WHERE sequence = 1", 1),
    ],
)
def test_what_was_changed_all_the_same_is_named(
    app_context: AppContext, build: Builder, statement: str, sequence: int | None
) -> None:
    build.ticket("handling", NOW)
    with app_context.snapshot() as ctx:
        length = ctx.session.scalar(text("SELECT max(sequence) FROM timeline"))
    disarm(app_context, statement)
    with app_context.snapshot() as ctx:
        (broken,) = [broken for _, broken in verify(ctx.session) if broken]
    assert broken.sequence == (sequence or length)
