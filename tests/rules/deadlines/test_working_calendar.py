"""Counting in working days: the worked examples, and what must hold for any start."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules.deadlines.business_hours import BusinessHours
from hotline.rules.deadlines.working_calendar import ZONE, Layer, WorkingCalendar
from hotline.rules.refusals import CalendarNotPublished
from hotline.settings.calendar_layers import package_layer

CALENDAR = WorkingCalendar((package_layer(last_year=2026),), BusinessHours(), "frozen at 2026")
DAYS = st.dates(date(2007, 1, 1), date(2026, 10, 1))
INSTANTS = st.datetimes(datetime(2007, 1, 1), datetime(2026, 10, 1)).map(lambda at: at.replace(tzinfo=ZONE))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


WORKED = (
    ("2026-11-24 10:00", "2026-11-25", "2026-12-01", "2026-12-15"),
    ("2026-11-20 20:10", "2026-11-23", "2026-11-27", "2026-12-11"),
    ("2026-11-21 09:00", "2026-11-23", "2026-11-27", "2026-12-11"),
    ("2026-02-13 15:00", "2026-02-14", "2026-02-27", "2026-03-12"),
    ("2026-02-14 11:00", "2026-02-24", "2026-02-28", "2026-03-13"),
    ("2026-09-18 10:00", "2026-09-20", "2026-09-24", "2026-10-15"),
    ("2026-09-30 17:00", "2026-10-08", "2026-10-13", "2026-10-27"),
    ("2020-06-19 10:00", "2020-06-22", "2020-06-29", "2020-07-13"),
    ("2020-09-25 18:30", "2020-09-27", "2020-10-09", "2020-10-22"),
)


@pytest.mark.parametrize(("start", "one", "five", "fifteen"), WORKED)
def test_the_worked_examples(start: str, one: str, five: str, fifteen: str) -> None:
    for days, on in ((1, one), (5, five), (15, fifteen)):
        due = CALENDAR.due(at(start), days)
        assert (due.at, due.provisional) == (at(f"{on} 17:30"), False)


@pytest.mark.parametrize("days", [1, 5, 15])
def test_a_due_in_a_year_nobody_announced_is_provisional_and_never_exact(days: int) -> None:
    assert CALENDAR.due(at("2026-12-31 10:00"), days).provisional
    with pytest.raises(CalendarNotPublished, match="2027"):
        CALENDAR.exact_due(at("2026-12-31 10:00"), days)
    with pytest.raises(CalendarNotPublished):
        CALENDAR.is_working_day(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("on", "working"),
    [
        ("2018-12-29", True),
        ("2018-12-30", False),
        ("2018-12-31", False),
        ("2020-01-31", False),
        ("2020-02-01", False),
        ("2020-02-02", False),
        ("2020-02-03", True),
        ("2020-01-19", True),
        ("2026-02-14", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_make_up_days_work_and_holidays_rest(on: str, working: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(on)) is working


@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_and_the_count_undo_each_other(on: date, n: int) -> None:
    found = CALENDAR.nth_working_day_after(on, n)
    assert CALENDAR.working_days_between(on, found) == n
    assert CALENDAR.is_working_day(found)


@given(INSTANTS, INSTANTS, st.integers(1, 30))
def test_order_is_never_reversed(one: datetime, other: datetime, days: int) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.due(first, days).at <= CALENDAR.due(second, days).at


@given(INSTANTS, st.integers(1, 30))
def test_a_due_is_a_close_of_business_on_a_working_day_after_the_start(start: datetime, days: int) -> None:
    due = CALENDAR.due(start, days).at
    assert CALENDAR.is_working_day(due.date())
    assert due == CALENDAR.close(due.date())
    assert due.date() > start.date()


@given(DAYS)
def test_counting_agrees_with_looking_at_each_day(on: date) -> None:
    until = on + timedelta(days=60)
    by_hand = sum(CALENDAR.is_working_day(on + timedelta(days=n)) for n in range(1, 61))
    assert CALENDAR.working_days_between(on, until) == by_hand == -CALENDAR.working_days_between(until, on)


@given(INSTANTS, st.integers(1, 15))
def test_an_explanation_counts_as_many_days_as_it_was_asked(start: datetime, days: int) -> None:
    explanation = CALENDAR.explain(start, days)
    assert sum(day.counts for day in explanation.counted) == days
    assert explanation.counted[-1].counts
    assert explanation.counted[-1].on == explanation.due.at.date()


def test_an_explanation_names_each_day_it_skips() -> None:
    skipped = [
        (day.on.day, day.reason) for day in CALENDAR.explain(at("2026-09-30 17:00"), 5).counted if not day.counts
    ]
    assert skipped == [*((day, "国庆节") for day in range(1, 8)), (11, "周末")]


def test_the_layer_above_wins_day_by_day() -> None:
    friday = date(2026, 11, 27)
    above = Layer("config", {friday: (False, "停电放假")}, frozenset())
    calendar = CALENDAR.with_layer(above, 0, "2")
    assert calendar.day(friday).reason == "停电放假"
    assert calendar.due(at("2026-11-24 10:00"), 5).at == at("2026-12-02 17:30")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-24 08:00", "2026-11-24 17:30"),
        ("2026-11-24 15:30", "2026-11-24 17:30"),
        ("2026-11-24 15:31", "2026-11-25 17:30"),
        ("2026-11-21 09:00", "2026-11-23 17:30"),
        ("2026-09-30 16:00", "2026-10-08 17:30"),
    ],
)
def test_a_same_day_limit_that_starts_late_is_due_the_next_working_day(start: str, due: str) -> None:
    assert CALENDAR.same_day_due(at(start)).at == at(due)


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-11-24 09:00", "2026-11-24 09:00"),
        ("2026-11-24 12:30", "2026-11-24 14:00"),
        ("2026-11-24 17:30", "2026-11-25 08:30"),
        ("2026-09-30 18:00", "2026-10-08 08:30"),
    ],
)
def test_people_are_told_in_working_hours(when: str, opens: str) -> None:
    assert CALENDAR.next_opening(at(when)) == at(opens)


@given(INSTANTS, st.integers(0, 40 * 3600))
def test_working_time_added_is_working_time_counted(start: datetime, seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert CALENDAR.working_time_between(start, CALENDAR.after_working_time(start, span)) == span


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.due(datetime(2026, 11, 24, 10), 1)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-09-30 17:29", 0),
        ("2026-10-03 12:00", 0),
        ("2026-10-08 17:29", 0),
        ("2026-10-08 17:30", 1),
        ("2026-10-09 08:00", 1),
        ("2026-10-10 23:00", 3),
    ],
)
def test_over_by_a_working_day_is_past_its_close_of_business(calendar: WorkingCalendar, now: str, days: int) -> None:
    """As the ladder counts: 2026-10-10 is a Saturday on which is worked."""
    assert calendar.working_days_over(at("2026-09-30 17:30"), at(now)) == days
