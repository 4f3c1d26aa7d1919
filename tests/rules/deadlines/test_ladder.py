"""The ladder's instants, and that each step comes once, in order, whenever somebody looks."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules.deadlines.business_hours import BusinessHours
from hotline.rules.deadlines.ladder import CIRCULAR, ORDER, RED, Timing
from hotline.rules.deadlines.working_calendar import ZONE, WorkingCalendar
from hotline.rules.vocabulary import ORDER_CLOCKS, ClockKind, Role
from hotline.settings.calendar_layers import package_layer
from hotline.settings.config_files import resource
from hotline.settings.rulebook import rulebook_from

CALENDAR = WorkingCalendar((package_layer(last_year=2026),), BusinessHours(), "frozen at 2026")
LADDER = rulebook_from(resource("config")).ladder
STARTS = st.datetimes(datetime(2010, 1, 1), datetime(2026, 9, 1)).map(lambda at: at.replace(tzinfo=ZONE))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def timing(kind: ClockKind, start: datetime, days: int, reached: int = -1) -> Timing:
    return Timing(kind, start, CALENDAR.due(start, days).at, short=days <= 1, reached=reached)


def instants(kind: ClockKind, start: str, days: int) -> list[str]:
    plan = LADDER.plan(timing(kind, at(start), days), CALENDAR)
    return [f"{step.at:%m-%d %H:%M}" for step in plan]


def test_signing_on_the_eve_of_national_day() -> None:
    # 8 working hours from 17:00 on the eve to 17:30 on 10-08 less the noon break: 0.5 + 3.5 + 3.5; half of 7.5 h is 3.75 h.
    assert instants(ClockKind.SIGN, "2026-09-30 17:00", 1) == [
        "10-08 11:45",
        "10-08 15:30",
        "10-08 17:30",
        "10-10 17:30",
    ]


def test_handling_five_days_turns_yellow_at_the_opening_of_its_last_day() -> None:
    # 35 working hours from Tue 10:00 to Tue 17:30 a week on, plus 5.5 h of the first day: half is 20.25 h.
    assert instants(ClockKind.HANDLE, "2026-11-24 10:00", 5)[1:] == ["12-01 08:30", "12-01 17:30", "12-03 17:30"]


@pytest.mark.parametrize("kind", ClockKind)
def test_orders_are_for_the_units_clocks_only(kind: ClockKind) -> None:
    above = CIRCULAR if kind is ClockKind.ORDER_REPLY else ORDER
    assert LADDER.last_step(kind) == (above if kind in ORDER_CLOCKS else RED)


def test_an_order_unanswered_for_five_days_drafts_a_circular() -> None:
    assert instants(ClockKind.ORDER_REPLY, "2026-11-24 10:00", 3)[2:] == ["11-27 17:30", "12-01 17:30", "12-01 17:30"]


@pytest.mark.parametrize("kind", ClockKind)
def test_from_red_on_the_supervisor_is_told(kind: ClockKind) -> None:
    for step in range(LADDER.last_step(kind) + 1):
        unit, centre = LADDER.recipients(kind, step)
        assert unit or centre
        if step >= RED:
            assert Role.SUPERVISOR in centre


@given(st.sampled_from(sorted(ORDER_CLOCKS)), STARTS, st.integers(1, 15))
def test_steps_come_in_order_and_red_at_the_due(kind: ClockKind, start: datetime, days: int) -> None:
    plan = LADDER.plan(timing(kind, start, days), CALENDAR)
    assert [step.step for step in plan] == list(range(LADDER.last_step(kind) + 1))
    assert [step.at for step in plan] == sorted(step.at for step in plan)
    assert plan[RED].at == CALENDAR.due(start, days).at
    assert not plan[RED].passed_over


@given(st.sampled_from(sorted(ORDER_CLOCKS)), STARTS, st.integers(1, 15), st.lists(st.integers(0, 40 * 24), max_size=8))
def test_each_step_fires_once_at_its_instant_whenever_somebody_looks(
    kind: ClockKind, start: datetime, days: int, hours: list[int]
) -> None:
    whole = LADDER.plan(timing(kind, start, days), CALENDAR)
    reached, fired = -1, []
    for hour in sorted(hours):
        now = start + timedelta(hours=hour)
        steps, following = LADDER.due_steps(timing(kind, start, days, reached), now, CALENDAR)
        fired += steps
        reached = steps[-1].step if steps else reached
        assert following is None or following > now
    assert fired == list(whole[: len(fired)])


def test_a_step_in_a_year_nobody_announced_waits_for_the_calendar() -> None:
    plan = LADDER.plan(timing(ClockKind.SIGN, at("2026-12-30 10:00"), 1), CALENDAR)
    assert [step.step for step in plan] == [0, 1, 2]


def on_the_wall(start: str, minutes: int, kind: ClockKind = ClockKind.SIGN) -> list[str]:
    """The instants of a clock of minutes, to the second."""
    begin = at(start)
    timing = Timing(kind, begin, begin + timedelta(minutes=minutes), short=True, on_the_wall=True)
    plan = LADDER.plan(timing, CALENDAR)
    assert not any(fired.passed_over for fired in plan)
    return [f"{fired.at:%m-%d %H:%M:%S}" for fired in plan[:3]]


@pytest.mark.parametrize(
    ("start", "minutes", "instants"),
    [
        ("2026-12-01 10:00", 15, ["12-01 10:07:30", "12-01 10:11:15", "12-01 10:15:00"]),
        ("2026-12-01 10:00", 30, ["12-01 10:15:00", "12-01 10:22:30", "12-01 10:30:00"]),
        ("2026-12-01 10:00", 1440, ["12-01 22:00:00", "12-02 04:00:00", "12-02 10:00:00"]),
        # At night, on a rest day, over the noon break: it runs all the same.
        ("2026-10-03 23:55", 15, ["10-04 00:02:30", "10-04 00:06:15", "10-04 00:10:00"]),
        ("2026-12-01 11:50", 30, ["12-01 12:05:00", "12-01 12:12:30", "12-01 12:20:00"]),
    ],
)
def test_a_clock_of_minutes_warns_at_half_and_at_three_quarters(start: str, minutes: int, instants: list[str]) -> None:
    assert on_the_wall(start, minutes) == instants


def test_a_clock_with_no_more_time_than_the_warning_tells_somebody_before_red() -> None:
    """A same-day limit from 15:30 on has two working hours until 17:30."""
    start = at("2026-12-01 15:30")
    plan = LADDER.plan(Timing(ClockKind.DISPATCH, start, CALENDAR.same_day_due(start).at, short=True), CALENDAR)
    assert [(f"{step.at:%H:%M}", step.passed_over) for step in plan] == [
        ("16:30", False),
        ("17:00", False),
        ("17:30", False),
    ]


@pytest.mark.parametrize(
    ("reached", "now", "behind"),
    [
        (RED, "2026-11-25 09:00", []),
        (ORDER, "2026-12-01 08:30", [0, 1]),
        (ORDER, "2026-12-01 17:30", [0, 1, 2]),
        (0, "2026-12-04 10:00", [0]),
        (-1, "2026-12-04 10:00", []),
    ],
)
def test_steps_that_lie_ahead_by_the_due_are_not_behind_a_clock(reached: int, now: str, behind: list[int]) -> None:
    """Due on 12-01 17:30; a step that was never reached is not behind it either."""
    found = LADDER.behind(timing(ClockKind.HANDLE, at("2026-11-24 10:00"), 5, reached), at(now), CALENDAR)
    assert [fired.step for fired in found] == behind
