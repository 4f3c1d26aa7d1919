"""The time that a pause gives back: wall time on a clock of minutes, working time on a clock of days.

The working time of all pauses of a clock adds up. Every full working day of it moves the due by one day; the rest waits for
the next pause. A working day on which the clock stood still from its opening to its close is one day however long it is;
parts of days are added up as time, and a day of them is as long as the business hours of the day on which the clock goes on.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hotline.rules.deadlines.working_calendar import ONE_DAY, ZONE, WorkingCalendar, local


@dataclass(frozen=True, slots=True)
class Standstill:
    """Whole working days, and the working time that is less than a day."""

    days: int
    rest: timedelta


def standstill(begin: datetime, end: datetime, waiting: timedelta, calendar: WorkingCalendar) -> Standstill:
    """Return what a pause gives back, with the working time that was `waiting` since the pauses before it."""
    days, rest = _stood(local(begin), local(end), calendar)
    more, rest = divmod(waiting + rest, calendar.hours.on(local(end).date()).length)
    return Standstill(days + more, rest)


def _stood(begin: datetime, end: datetime, calendar: WorkingCalendar) -> tuple[int, timedelta]:
    """(the working days on which it stood still from opening to close, the working time of the other days)."""
    if begin.date() == end.date():
        return _part(begin, end, calendar)
    tomorrow, today = (datetime.combine(on, time(), ZONE) for on in (begin.date() + ONE_DAY, end.date()))
    (first, before), (last, after) = _part(begin, tomorrow, calendar), _part(today, end, calendar)
    between = calendar.remaining_working_days(begin, end - ONE_DAY)
    return first + between + last, before + after


def _part(begin: datetime, end: datetime, calendar: WorkingCalendar) -> tuple[int, timedelta]:
    """The same of one day."""
    stood = calendar.working_time_between(begin, end)
    return (1, timedelta()) if stood == calendar.hours.on(begin.date()).length else (0, stood)
