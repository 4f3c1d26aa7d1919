"""The handling clock while a result is reviewed: halted at the submission, ended when the review passes, or going on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.lateness import ends_late
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import ClockKind


def halt(ctx: Context, ticket: Ticket) -> Clock:
    """A result was submitted: the handling clock halts. After the due it is late now; before it, the review will tell."""
    (clock,) = clocks.running(ctx.session, ticket, ClockKind.HANDLE)
    clock.late = ends_late(clock, ctx.now)
    clock.stopped_at, clock.next_step_at = ctx.now, None
    if clock.late:
        clock.met_at = ctx.now
    ctx.session.flush()
    clocks.refresh(ctx.session, ticket)
    return clock


def halted(session: Session, ticket: Ticket) -> Clock:
    """The handling clock of this round, halted by a submission."""
    query = select(Clock).where(
        Clock.ticket_id == ticket.id, Clock.kind == ClockKind.HANDLE, Clock.round == ticket.round
    )
    return session.scalars(query.order_by(Clock.id.desc()).limit(1)).one()


def settle(session: Session, ticket: Ticket, submitted_at: datetime) -> None:
    """The review passed: the round ends at the instant of the submission, on time when that came before the due."""
    clock = halted(session, ticket)
    clock.met_at = clock.met_at or submitted_at
    session.flush()


def resume_halted(ctx: Context, ticket: Ticket, given_back: int) -> Clock:
    """The review refused: the same clock with the same due goes on; `given_back` whole working days are added to the due."""
    clock = halted(ctx.session, ticket)
    clocks.restart(ctx, ticket, clock)
    if given_back and not clock.late:
        clocks.extend(ctx, ticket, clock, given_back)
    return clock


def whole_days_between(begin: datetime, end: datetime, *, rulebook: Rulebook) -> int:
    """Whole working days for which something lay with the centre."""
    days = rulebook.calendar.remaining_working_days(begin, end)
    return max(0, days - 1 if local(end).time() < local(begin).time() else days)
