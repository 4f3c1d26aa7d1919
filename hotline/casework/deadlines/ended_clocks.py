"""Clocks that ended while their due was provisional: whether they were late is decided when the year is announced."""

from sqlalchemy import select

from hotline.casework.tickets.clocks import due_by_calendar, set_due
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.rules.deadlines.lateness import has_passed


def settle_ended(ctx: Context) -> None:
    """Make exact what ended by a guess: late where the end came after the due as the calendar counts now."""
    ended = (Clock.provisional, Clock.stopped_at.is_not(None), Clock.ticket_id.is_not(None))
    for clock in ctx.session.scalars(select(Clock).where(*ended).with_for_update(of=Clock)):
        due, end = due_by_calendar(clock, ctx.rules.calendar), clock.paused_at or clock.met_at or clock.stopped_at
        if due is not None and end is not None and not due.provisional:
            set_due(clock, due)
            clock.late = clock.late or has_passed(due.at, end)
    ctx.session.flush()
