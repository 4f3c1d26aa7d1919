"""The hours of a working day, as dated values: a change of the hours never moves what was counted before it.

Working hours (08:30-12:00 and 14:00-17:30 by default) and the due time (17:30) are separate values: the first say when
people are told, the second when a period ends (Civil Code art. 203: where there are business hours, at their close).
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Session = tuple[datetime, datetime]


@dataclass(frozen=True)
class HoursOfDay:
    """The hours in force from `from_on` on; local times of Asia/Shanghai. Refuses (ValueError) hours out of order."""

    from_on: date
    opens: time = time(8, 30)
    noon_from: time = time(12)
    noon_to: time = time(14)
    closes: time = time(17, 30)
    same_day_cutoff: time = time(15, 30)
    due_at: time = time(17, 30)

    def __post_init__(self) -> None:
        if not self.opens < self.noon_from <= self.noon_to < self.closes:
            raise ValueError(f"the working hours from {self.from_on} on are not in order")
        if self.same_day_cutoff > self.due_at:
            raise ValueError(f"from {self.from_on} on a same-day limit could start after its own due time")

    @property
    def sessions(self) -> tuple[tuple[time, time], tuple[time, time]]:
        """The morning and the afternoon, each half-open: at its end it is over."""
        return (self.opens, self.noon_from), (self.noon_to, self.closes)

    @property
    def length(self) -> timedelta:
        """The working time of a day."""
        return sum(
            (datetime.combine(self.from_on, b) - datetime.combine(self.from_on, a) for a, b in self.sessions),
            timedelta(),
        )


@dataclass(frozen=True, slots=True)
class WorkingSpan:
    """A stretch of working time as people say it: whole days of it, hours and minutes, each rounded down."""

    days: int
    hours: int
    minutes: int

    def text(self) -> str:
        """`2个工作日3小时`; minutes are said within the last hour only."""
        day = f"{self.days}个工作日" if self.days else ""
        hour = f"{self.hours}小时" if self.hours else ""
        minute = f"{self.minutes}分钟" if self.minutes else "不足1分钟"
        return day + hour or minute


def span_of(days: int, rest: timedelta, day: timedelta) -> WorkingSpan:
    """So many whole days and a rest, where a day has so much working time."""
    more, rest = divmod(rest, day)
    hours, rest = divmod(rest, timedelta(hours=1))
    return WorkingSpan(days + more, hours, rest // timedelta(minutes=1))


@dataclass(frozen=True)
class BusinessHours:
    """Dated hours, ascending by `from_on`; the first also holds for every day before it."""

    periods: tuple[HoursOfDay, ...] = (HoursOfDay(date(2000, 1, 1)),)

    def __post_init__(self) -> None:
        begins = [period.from_on for period in self.periods]
        if not begins or begins != sorted(set(begins)):
            raise ValueError("business hours need at least one period, each beginning after the one before it")

    def on(self, day: date) -> HoursOfDay:
        """The hours in force on this day."""
        if len(self.periods) == 1:
            return self.periods[0]
        return self.periods[max(0, bisect_right(self.periods, day, key=lambda period: period.from_on) - 1)]


def time_within(sessions: Iterable[Session], a: datetime, b: datetime) -> timedelta:
    """How much of the sessions (ascending) lies between two instants, a <= b."""
    total = timedelta()
    for begins, ends in sessions:
        if begins >= b:
            break
        total += max(timedelta(), min(b, ends) - max(a, begins))
    return total


def instant_after(sessions: Iterable[Session], start: datetime, span: timedelta) -> datetime:
    """The first instant at which `span` of the sessions (ascending, without end) has passed since `start`."""
    left = span
    for begins, ends in sessions:
        if not left:
            break
        begins = max(start, begins)
        if begins + left <= ends:
            return begins + left
        left -= max(timedelta(), ends - begins)
    return start
