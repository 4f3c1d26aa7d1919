"""Clocks of days stand still in working time: full days move the due, the rest waits for the next pause of the same clock."""

from datetime import date

import pytest

from hotline.casework.handling import resumption
from hotline.casework.intake import missing_information
from hotline.rules.vocabulary import Action, ClockKind, RequestKind
from tests.rules.conftest import at
from tests.support.build import Builder
from tests.support.clocked import Case

GROUNDS = ("court", "testing", "material")


@pytest.fixture
def handled(build: Builder) -> Case:
    """Signed on Tue 2026-11-24 10:00; due on 12-01 17:30."""
    return Case(build, build.ticket("handling", at("2026-11-24 10:00")))


def suspend(case: Case, ground: str, begin: str, end: str) -> None:
    case.ask(
        begin,
        RequestKind.SUSPENSION,
        code=ground,
        until=date(2026, 12, 1) if ground == "material" else date(2026, 12, 9),
    )
    case.take(begin, Action.SUSPEND)
    case.take(end, Action.RESUME, resumption.Resuming())


@pytest.mark.parametrize(
    ("pauses", "due", "seconds"),
    [
        ([("2026-11-24 17:29", "2026-11-25 08:31")], "12-01 17:30", 120),
        ([("2026-11-25 08:31", "2026-11-25 17:29")], "12-01 17:30", 418 * 60),
        ([("2026-11-24 17:29", "2026-11-25 08:31"), ("2026-11-25 08:31", "2026-11-25 17:29")], "12-02 17:30", 0),
        ([("2026-11-24 17:29", "2026-11-25 08:31"), ("2026-11-25 08:31", "2026-11-25 17:28")], "12-01 17:30", 419 * 60),
        ([("2026-11-25 10:00", "2026-11-26 10:00")], "12-02 17:30", 0),
        ([("2026-11-25 12:00", "2026-11-25 14:00"), ("2026-11-28 09:00", "2026-11-29 18:00")], "12-01 17:30", 0),
        # Three hours on each of three days: nine hours are a day and two hours.
        (
            [(f"2026-11-{day} 09:00", f"2026-11-{day} 12:00") for day in (25, 26, 27)],
            "12-02 17:30",
            2 * 3600,
        ),
        # On the last day until after the due: the working time of that day is no full day, so that the due stays.
        ([("2026-12-01 10:00", "2026-12-02 09:00")], "12-01 17:30", 6 * 3600),
    ],
)
def test_paused_working_time_adds_up(handled: Case, pauses: list[tuple[str, str]], due: str, seconds: float) -> None:
    for ground, (begin, end) in zip(GROUNDS, pauses, strict=False):
        suspend(handled, ground, begin, end)
    assert (handled.due(), handled.clock().paused_seconds) == (due, seconds)


@pytest.mark.parametrize(
    ("supplied", "due", "seconds"),
    [
        ("2026-11-25 17:29", "11-27 17:30", 329 * 60),
        ("2026-11-26 10:00", "11-30 17:30", 0),
        ("2026-11-30 11:00", "12-02 17:30", 3600),
    ],
)
def test_what_is_supplied_late_gives_the_accepting_desk_its_working_time(
    build: Builder, supplied: str, due: str, seconds: float
) -> None:
    """Received on 11-24, to be accepted until 11-27; asked for on 11-25 10:00."""
    case = Case(build, build.ticket("submitted", at("2026-11-24 10:00"), difficulty=None))
    case.take("2026-11-25 10:00", Action.ASK_INFO, missing_information.Gaps(("营业执照",)), "operator")
    case.take(supplied, Action.SUPPLY_INFO, missing_information.Supplied("123"), "operator")
    clock = case.clock(ClockKind.ACCEPT)
    assert (case.due(ClockKind.ACCEPT), clock.paused_seconds) == (due, seconds)
