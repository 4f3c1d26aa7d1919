"""Working time counted by hand: day by day, from the days that the package of holidays lists and those that were changed since.

It shares no code with the service: what two ways of counting agree on is right, or wrong twice in the same way.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from chinese_calendar import constants

BEIJING = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
MORNING, AFTERNOON, CLOSE, CUTOFF = ("08:30", "12:00"), ("14:00", "17:30"), "17:30", "15:30"
HOURS_A_DAY = timedelta(hours=7)


def clock_time(on: date, text: str) -> datetime:
    """`17:30` on this day."""
    hour, minute = map(int, text.split(":"))
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=BEIJING)


class Days:
    """Which days are worked; `changed` are those that somebody has stated anew."""

    def __init__(self) -> None:
        self.changed: dict[date, bool] = {}

    def works(self, on: date) -> bool:
        if on in self.changed:
            return self.changed[on]
        if on in constants.workdays:
            return True
        return on.weekday() < 5 and on not in constants.holidays

    def close_after(self, start: datetime, days: int) -> datetime:
        """The close of business of the n-th working day after this one."""
        on = start.astimezone(BEIJING).date()
        while days:
            on += DAY
            days -= self.works(on)
        return clock_time(on, CLOSE)

    def same_day(self, start: datetime) -> datetime:
        """The close of this day, or of the next one that is worked where it is too late for that."""
        on = start.astimezone(BEIJING).date()
        if self.works(on) and start <= clock_time(on, CUTOFF):
            return clock_time(on, CLOSE)
        return self.close_after(start, 1)

    def stretches(self, begin: datetime, end: datetime) -> Iterator[tuple[date, datetime, datetime]]:
        """The working hours between two instants: on which day, from when, until when."""
        on = begin.astimezone(BEIJING).date()
        while on <= end.astimezone(BEIJING).date():
            for opens, closes in (MORNING, AFTERNOON) if self.works(on) else ():
                a, b = max(begin, clock_time(on, opens)), min(end, clock_time(on, closes))
                if a < b:
                    yield on, a, b
            on += DAY

    def worked(self, begin: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants."""
        return sum((b - a for _, a, b in self.stretches(begin, end)), timedelta())

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The instant at which so much working time has passed."""
        for _, a, b in self.stretches(start, start + 400 * DAY):
            if a + span <= b:
                return a + span
            span -= b - a
        raise AssertionError("a year has more working time than any limit")

    def whole_days(self, begin: datetime, end: datetime) -> int:
        """Whole working days that something lay there: the day of the end counts once its hour of the day has come again."""
        first, last = begin.astimezone(BEIJING), end.astimezone(BEIJING)
        count = sum(self.works(first.date() + n * DAY) for n in range(1, (last.date() - first.date()).days + 1))
        return max(0, count - (last.time() < first.time()))
