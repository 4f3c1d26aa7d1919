"""Late: what runs, is neither paused nor provisional, and whose due has passed; and what was late, which is another question."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from hotline.rules.deadlines.lateness import due_is_late, ends_late, has_come, has_passed, is_late, was_late
from tests.rules.conftest import at

DUE = at("2026-11-25 17:30")
BEFORE, AFTER = at("2026-11-25 10:00"), at("2026-11-26 10:00")
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Timed:
    due_at: datetime = DUE
    provisional: bool = False
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    late: bool | None = None


@pytest.mark.parametrize(
    ("clock", "late", "was"),
    [
        (Timed(), True, True),
        (Timed(due_at=AFTER), False, False),
        (Timed(provisional=True), False, False),
        (Timed(paused_at=BEFORE), False, False),
        (Timed(paused_at=DUE + INSTANT), False, True),
        (Timed(late=True, paused_at=BEFORE), False, True),
        (Timed(stopped_at=AFTER, late=True), False, True),
        (Timed(stopped_at=BEFORE, late=False), False, False),
    ],
)
def test_what_does_not_run_is_not_late_but_may_have_been(clock: Timed, late: bool, was: bool) -> None:
    assert (is_late(clock, AFTER), was_late(clock, AFTER)) == (late, was)


def test_at_the_due_itself_there_is_time_and_the_ladder_is_red() -> None:
    assert [is_late(Timed(), now) for now in (DUE - INSTANT, DUE, DUE + INSTANT)] == [False, False, True]
    assert [has_passed(DUE, now) for now in (DUE - INSTANT, DUE, DUE + INSTANT)] == [False, False, True]
    assert [has_come(DUE, now) for now in (DUE - INSTANT, DUE, DUE + INSTANT)] == [False, True, True]


def test_without_a_due_nothing_is_late() -> None:
    assert not due_is_late(None, AFTER, provisional=False)
    assert due_is_late(DUE, AFTER, provisional=False) and not due_is_late(DUE, AFTER, provisional=True)


@pytest.mark.parametrize(
    ("clock", "ended_at", "late"),
    [
        (Timed(), DUE, False),
        (Timed(), AFTER, True),
        (Timed(paused_at=BEFORE), AFTER, False),
        (Timed(paused_at=DUE + INSTANT), AFTER, True),
        (Timed(provisional=True), AFTER, False),
        (Timed(provisional=True, paused_at=DUE + INSTANT), AFTER, False),
        (Timed(provisional=True, late=True), AFTER, True),
        (Timed(due_at=AFTER, late=True), BEFORE, True),
    ],
)
def test_a_clock_ends_late_by_its_end_or_by_when_it_was_paused(clock: Timed, ended_at: datetime, late: bool) -> None:
    assert ends_late(clock, ended_at) is late
