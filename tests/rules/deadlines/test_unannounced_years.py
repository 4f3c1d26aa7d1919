"""Years that nobody has announced: what is fixed by law rests, everything else is a guess; and dates that are none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.rules.deadlines.working_calendar import WorkingCalendar
from hotline.rules.refusals import DateOutOfRange
from tests.rules.conftest import at

FIXED = ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-12-31 10:00", 1, "2027-01-04 17:30"),
        ("2026-12-30 10:00", 2, "2027-01-04 17:30"),
        ("2027-04-30 10:00", 1, "2027-05-03 17:30"),
        ("2027-09-30 10:00", 1, "2027-10-04 17:30"),
        ("2027-12-31 10:00", 1, "2028-01-03 17:30"),
        ("2029-09-28 09:00", 2, "2029-10-05 17:30"),
        ("2057-12-31 09:00", 1, "2058-01-02 17:30"),
    ],
)
def test_the_festivals_that_the_law_fixes_rest(calendar: WorkingCalendar, start: str, days: int, due: str) -> None:
    found = calendar.due(at(start), days)
    assert (found.at, found.provisional) == (at(due), True)


@pytest.mark.parametrize("year", [2027, 2028, 2033, 2060])
def test_each_of_them_is_named_and_nothing_else_is_known(calendar: WorkingCalendar, year: int) -> None:
    days = [calendar.look(date(year, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert [f"{day.on:%m-%d}" for day in days if day.reason not in ("工作日", "周末")] == list(FIXED)
    assert all(day.provisional and day.layer == "" for day in days)
    assert all(day.working is (day.on.weekday() < 5 and f"{day.on:%m-%d}" not in FIXED) for day in days)


def test_the_second_of_may_rests_since_2025_only(calendar: WorkingCalendar) -> None:
    assert calendar.look(date(2002, 5, 2)).working and not calendar.look(date(2002, 5, 1)).working
    assert not calendar.look(date(2030, 5, 2)).working


def test_working_time_and_opening_know_them_too(calendar: WorkingCalendar) -> None:
    eve, monday = at("2026-12-31 17:30"), at("2027-01-04 08:30")
    assert calendar.next_opening(eve) == monday
    assert not calendar.is_open(at("2027-01-01 10:00"))
    assert calendar.working_time_between(eve, monday) == timedelta()
    assert calendar.after_working_time(at("2026-12-31 16:30"), timedelta(hours=2)) == at("2027-01-04 09:30")
    assert calendar.same_day_due(at("2027-01-01 10:00")).at == at("2027-01-04 17:30")
    assert calendar.remaining_working_days(at("2026-12-31 10:00"), monday) == 1
    assert calendar.span_between(at("2026-12-31 17:30"), at("2027-01-04 17:30")).text() == "1个工作日"


def test_an_explanation_says_why_they_are_skipped(calendar: WorkingCalendar) -> None:
    found = calendar.explain(at("2026-12-31 10:00"), 1)
    assert [(day.on.day, day.reason) for day in found.counted] == [
        (1, "元旦"),
        (2, "周末"),
        (3, "周末"),
        (4, "工作日"),
    ]
    assert "（暂定：该年节假日安排尚未公布）" in found.sentence()


FAR = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, tzinfo=UTC),
    datetime(1948, 12, 31, tzinfo=UTC),
    datetime(3000, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("far", FAR)
def test_what_is_no_date_of_any_matter_is_refused_everywhere(calendar: WorkingCalendar, far: datetime) -> None:
    now = at("2026-11-24 10:00")
    for ask in (
        lambda: calendar.due(far, 5),
        lambda: calendar.same_day_due(far),
        lambda: calendar.explain(far, 5),
        lambda: calendar.close(far.date()),
        lambda: calendar.opening(far.date()),
        lambda: calendar.next_opening(far),
        lambda: calendar.remaining_working_days(now, far),
        lambda: calendar.working_days_between(now.date(), far.date()),
        lambda: calendar.span_between(min(now, far), max(now, far)),
        lambda: calendar.nth_working_day_after(far.date(), 1),
    ):
        with pytest.raises(DateOutOfRange, match="1949年至2999年"):
            ask()


def test_a_due_after_the_last_year_is_refused_and_not_cut(calendar: WorkingCalendar) -> None:
    with pytest.raises(DateOutOfRange):
        calendar.due(datetime(2999, 12, 31, 10, tzinfo=UTC), 5)
