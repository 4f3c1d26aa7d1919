"""Clocks and their steps on the way down to the earlier program and up again: nothing is lost, and what fell silent speaks."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hotline.models.database import migrate
from hotline.models.database.session import Database
from hotline.rules.vocabulary import Action, RequestKind
from tests.rules.conftest import at
from tests.support.build import Builder
from tests.support.clocked import Case

BEFORE = "r09_recall"
OLD_STEP = (
    "INSERT INTO escalations (clock_id, ticket_id, step, round, at, recorded_at, passed_over) "
    "SELECT id, ticket_id, {step}, round, '2026-03-09 09:30:00', '2026-03-09 09:30:00', false FROM clocks WHERE kind = 'handle'"
)


def rows(url: str, query: str) -> list[Any]:
    database = Database(url)
    try:
        with database.snapshot() as session:
            return [tuple(row) for row in session.execute(text(query))]
    finally:
        database.dispose()


def execute(url: str, *statements: str) -> None:
    database = Database(url)
    try:
        with database.transaction() as session:
            for statement in statements:
                session.execute(text(statement))
    finally:
        database.dispose()


@pytest.fixture
def moved(build: Builder) -> Case:
    """Red on 03-09 with an order after it, then difficult: due on 03-23, and climbed to 预警 by that due."""
    case = Case(build, build.ticket("handling", at("2026-03-02 09:00")))
    case.ask("2026-03-05 17:00", RequestKind.DIFFICULT, code="testing")
    case.climb("2026-03-11 18:00")
    case.take("2026-03-12 08:30", Action.DIFFICULTY_APPROVED)
    case.climb("2026-03-12 09:00")
    return case


HANDLE = "SELECT step FROM escalations WHERE clock_id = (SELECT id FROM clocks WHERE kind = 'handle') ORDER BY step"


def test_the_earlier_program_finds_one_row_for_a_clock_and_step_and_goes_on(moved: Case, database_url: str) -> None:
    moved.app_context.database.dispose()
    assert rows(database_url, HANDLE) == [(0,), (0,), (1,), (2,), (3,)]
    migrate.downgrade(database_url, BEFORE)
    assert rows(database_url, HANDLE) == [(0,)], "what is armed again fires as if it had never been"
    with pytest.raises(IntegrityError):
        execute(database_url, OLD_STEP.format(step=0))
    migrate.upgrade(database_url)
    moved.climb("2026-03-26 09:00")
    assert [(step, when) for step, _, when in moved.steps()][-2:] == [(2, "03-23 17:30"), (3, "03-25 17:30")]


def test_a_ladder_that_fell_silent_speaks_again(moved: Case, database_url: str) -> None:
    """The earlier program left such a clock on the step of its first due, with nothing to look at any more."""
    moved.app_context.database.dispose()
    migrate.downgrade(database_url, BEFORE)
    execute(
        database_url,
        *(OLD_STEP.format(step=step) for step in (1, 2, 3)),
        "UPDATE clocks SET step = 3, next_step_at = NULL WHERE kind = 'handle'",
        "UPDATE tickets SET step = 3",
    )
    migrate.upgrade(database_url)
    assert moved.badge() == (1, 1) and moved.clock().next_step_at == at("2026-03-23 17:30")
    moved.climb("2026-03-26 09:00")
    assert [(step, due) for step, due, _ in moved.steps()][-2:] == [(2, "03-23"), (3, "03-23")]
    assert moved.badge() == (3, 3)


def test_a_step_of_the_earlier_program_beside_this_one_is_taken(moved: Case, database_url: str) -> None:
    execute(database_url, OLD_STEP.format(step=1))
    moved.climb("2026-03-26 09:00")
    assert moved.badge() == (3, 3)
