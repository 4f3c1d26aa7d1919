"""What is left until a due in working days and hours, how near it is, and the same on the wall for urgent matters."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.rules.deadlines.due_bucket import Nearness, edges_at
from hotline.rules.deadlines.time_left import time_left
from hotline.rules.deadlines.time_limits import runs_day_and_night
from hotline.rules.deadlines.working_calendar import WorkingCalendar
from hotline.rules.vocabulary import ClockKind, Urgency
from tests.rules.conftest import at


@pytest.mark.parametrize(
    ("now", "due_at", "text"),
    [
        ("2026-11-24 10:00", "2026-11-26 17:30", "还有2个工作日5小时"),
        ("2026-11-24 10:00", "2026-11-24 17:30", "还有5小时"),
        ("2026-11-24 17:10", "2026-11-24 17:30", "还有20分钟"),
        ("2026-11-24 17:30", "2026-11-24 17:30", "还有不足1分钟"),
        ("2026-11-20 20:00", "2026-11-23 17:30", "还有1个工作日"),
        ("2026-09-30 17:00", "2026-10-08 17:30", "还有1个工作日"),
        ("2026-02-13 15:00", "2026-02-14 17:30", "还有1个工作日2小时"),
        ("2026-11-25 17:30", "2026-11-24 17:30", "已超1个工作日"),
        ("2026-11-26 11:30", "2026-11-24 17:30", "已超1个工作日3小时"),
        ("2026-11-22 12:00", "2026-11-20 17:30", "已超期"),
    ],
)
def test_what_is_left_is_said_in_working_days_and_hours(
    calendar: WorkingCalendar, now: str, due_at: str, text: str
) -> None:
    assert time_left(at(due_at), at(now), calendar) == text


def test_an_urgent_matter_is_counted_on_the_wall(calendar: WorkingCalendar) -> None:
    assert time_left(at("2026-11-21 03:15"), at("2026-11-21 02:00"), calendar, on_the_wall=True) == "还有1小时15分钟"
    assert time_left(at("2026-11-21 03:15"), at("2026-11-21 03:20"), calendar, on_the_wall=True) == "已超5分钟"
    assert runs_day_and_night(ClockKind.SIGN, Urgency.DANGER, 2)
    assert runs_day_and_night(ClockKind.HANDLE, Urgency.UTILITY, 1)
    assert not runs_day_and_night(ClockKind.HANDLE, Urgency.UTILITY, 2)
    assert not runs_day_and_night(ClockKind.SIGN, Urgency.ROUTINE, 1)


@given(some.integers(0, 300 * 24 * 60), some.integers(0, 60 * 24 * 60))
def test_a_span_is_the_working_time_between(calendar: WorkingCalendar, begin: int, length: int) -> None:
    a = at("2026-01-05 00:00") + timedelta(minutes=begin)
    b = a + timedelta(minutes=length)
    span = calendar.span_between(a, b)
    said = timedelta(hours=7) * span.days + timedelta(hours=span.hours, minutes=span.minutes)
    assert said == calendar.working_time_between(a, b)


@pytest.mark.parametrize(
    ("due_at", "nearness"),
    [
        ("2026-09-30 10:59", Nearness.LATE),
        ("2026-09-30 17:30", Nearness.TODAY),
        ("2026-10-01 03:00", Nearness.NEAR),
        ("2026-10-08 17:30", Nearness.NEAR),
        ("2026-10-08 17:31", Nearness.LATER),
        ("2026-10-09 17:30", Nearness.LATER),
    ],
)
def test_near_is_the_next_working_day_however_long_the_holiday(
    calendar: WorkingCalendar, due_at: str, nearness: Nearness
) -> None:
    edges = edges_at(at("2026-09-30 11:00"), calendar)
    assert edges.of(at(due_at)) is nearness
    assert edges.of(at("2026-09-30 10:59"), provisional=True) is Nearness.TODAY
    assert edges.of(at(due_at), paused=True) is Nearness.PAUSED


@pytest.mark.parametrize("on_the_wall", [True, False])
@pytest.mark.parametrize("now", ["2026-11-24 17:31", "2026-11-26 11:30", "2027-03-01 09:00"])
def test_from_a_provisional_due_nothing_is_counted(calendar: WorkingCalendar, now: str, on_the_wall: bool) -> None:
    due_at = at("2026-11-24 17:30")
    said = time_left(due_at, at(now), calendar, provisional=True, on_the_wall=on_the_wall)
    assert said == "暂定的到期时间已过，待该年放假安排公布后确定"
    assert calendar.working_days_over(due_at, at(now), provisional=True) == 0
    assert time_left(at("2028-01-01 17:30"), due_at, calendar, provisional=True).startswith("还有")
