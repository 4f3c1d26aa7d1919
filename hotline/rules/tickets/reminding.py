"""Reminders 催办: one on each working day."""

from datetime import date, datetime

from hotline.rules.deadlines.working_calendar import WorkingCalendar, local


def counted_on(calendar: WorkingCalendar, now: datetime) -> date:
    """The day that a reminder counts for: what is asked at night or on a rest day counts for the next working day."""
    return local(calendar.next_opening(now)).date()
