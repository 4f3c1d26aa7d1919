"""What a pause gives back to a clock of days: working time that adds up to full days, and a rest that waits."""

from datetime import date, datetime, time, timedelta

import pytest

from hotline.rules.deadlines.business_hours import BusinessHours, HoursOfDay
from hotline.rules.deadlines.pauses import Standstill, standstill
from hotline.rules.deadlines.working_calendar import WorkingCalendar
from hotline.settings.calendar_layers import package_layer
from tests.rules.conftest import at

LAYERS = (package_layer(last_year=2026),)
CALENDAR = WorkingCalendar(LAYERS, BusinessHours(), "frozen at 2026")
NOTHING = timedelta()


def stood(begin: str, end: str, waiting: timedelta = NOTHING) -> Standstill:
    return standstill(at(begin), at(end), waiting, CALENDAR)


@pytest.mark.parametrize(
    ("begin", "end", "days", "minutes"),
    [
        # Tue 2026-12-01 and the days after it are plain working days of seven hours.
        ("2026-12-01 17:29", "2026-12-02 08:31", 0, 2),
        ("2026-12-01 08:31", "2026-12-01 17:29", 0, 418),
        ("2026-12-01 08:30", "2026-12-01 17:30", 1, 0),
        ("2026-12-01 06:00", "2026-12-01 23:00", 1, 0),
        ("2026-12-01 10:00", "2026-12-02 10:00", 1, 0),
        ("2026-12-01 10:00", "2026-12-02 09:59", 0, 419),
        ("2026-12-01 10:00", "2026-12-07 11:30", 4, 90),
        ("2026-12-01 12:00", "2026-12-01 14:00", 0, 0),
        ("2026-12-04 17:30", "2026-12-07 08:30", 0, 0),
        ("2026-12-05 00:00", "2026-12-06 23:59", 0, 0),
        # National Day: the 1st to the 7th rest, Sat the 10th works.
        ("2026-09-30 16:30", "2026-10-08 09:30", 0, 120),
        ("2026-10-09 17:30", "2026-10-11 12:00", 1, 0),
    ],
)
def test_whole_days_and_the_rest(begin: str, end: str, days: int, minutes: int) -> None:
    assert stood(begin, end) == Standstill(days, timedelta(minutes=minutes))


def test_pauses_that_are_no_day_each_are_one_together() -> None:
    first = stood("2026-12-01 17:29", "2026-12-02 08:31")
    assert stood("2026-12-02 08:31", "2026-12-02 17:29", first.rest) == Standstill(1, NOTHING)
    assert stood("2026-12-02 08:31", "2026-12-02 17:28", first.rest) == Standstill(0, timedelta(minutes=419))


def test_parts_of_a_second_are_not_lost() -> None:
    half = timedelta(seconds=0.5)
    before = standstill(at("2026-12-01 10:00"), at("2026-12-01 11:00") + half, NOTHING, CALENDAR)
    after = standstill(at("2026-12-02 10:00") + half, at("2026-12-02 17:30"), before.rest, CALENDAR)
    assert (after.days, after.rest) == (0, timedelta(hours=6, minutes=30))


def test_a_whole_day_is_a_day_however_long_it_is() -> None:
    """Until the end of the month six hours are worked, then seven: each day that stood still is one."""
    short = HoursOfDay(date(2026, 1, 1), opens=time(9, 30))
    calendar = WorkingCalendar(LAYERS, BusinessHours((short, HoursOfDay(date(2026, 12, 1)))), "two hours")
    assert standstill(at("2026-11-27 09:00"), at("2026-12-02 18:00"), NOTHING, calendar) == Standstill(4, NOTHING)
    # Three of six hours, and three and a half of seven: a rest is a day when it fills one of the day on which the clock goes on.
    begin, end = at("2026-11-30 14:30"), at("2026-12-01 12:00")
    assert standstill(begin, end, NOTHING, calendar) == Standstill(0, timedelta(hours=6, minutes=30))
    assert standstill(begin, end, timedelta(minutes=30), calendar) == Standstill(1, NOTHING)


@pytest.mark.parametrize("cut", ["2026-12-01 11:11", "2026-12-01 13:00", "2026-12-03 17:30", "2026-12-05 12:00"])
def test_a_pause_in_two_parts_is_the_whole(cut: str) -> None:
    begin, end = "2026-12-01 09:17", "2026-12-09 15:43"
    first = stood(begin, cut)
    second = stood(cut, end, first.rest)
    whole = stood(begin, end)
    assert (first.days + second.days, second.rest) == (whole.days, whole.rest)


def test_a_year_that_nobody_has_announced_is_guessed_and_not_refused() -> None:
    begin, end = datetime.fromisoformat("2027-03-01T10:00+08:00"), datetime.fromisoformat("2027-03-03T10:00+08:00")
    assert standstill(begin, end, NOTHING, CALENDAR).days == 2
