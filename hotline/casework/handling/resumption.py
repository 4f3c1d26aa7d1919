"""Going on: a suspended matter before its date (row 17), and a closed one for new facts (row 23)."""

from dataclasses import dataclass

from sqlalchemy import select

from hotline.casework.dispatch import desk_transfer, succession
from hotline.casework.handling import tracking
from hotline.casework.ratings import rectification
from hotline.casework.tickets import closing, notices, timeline
from hotline.casework.tickets.access import advance, bring_up_to_date, open_for, resume_at
from hotline.context import Context
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.messages.recipients import UNIT_DESK
from hotline.rules.refusals import ConditionUnmet, WindowClosed
from hotline.rules.tickets.states import TO_RESUME
from hotline.rules.vocabulary import Action, Audience

BATCH = 200


@dataclass(frozen=True, slots=True)
class Resuming:
    version: int | None = None


def resume(ctx: Context, number: str, given: Resuming) -> Ticket:
    """Row 17 by a supervisor: what was waited for has come before the date."""
    action = Action.RESUME
    ticket = open_for(ctx, number, action, version=given.version)
    resume_at(ctx, ticket, ctx.now)
    return ticket


def resume_due(ctx: Context) -> int:
    """Row 17 by the system: each suspension that has run out, at its true instant; answers how many."""
    query = select(Ticket).where(in_states(TO_RESUME), Ticket.suspended_until <= ctx.now)
    query = query.order_by(Ticket.suspended_until, Ticket.id).limit(BATCH)
    tickets = ctx.session.scalars(query.with_for_update(of=Ticket, skip_locked=True)).all()
    for ticket in tickets:
        bring_up_to_date(ctx, ticket)
    return len(tickets)


@dataclass(frozen=True, slots=True)
class Reopening:
    """The new facts."""

    facts: str
    version: int | None = None


def reopen(ctx: Context, number: str, given: Reopening) -> Ticket:
    """Row 23: new facts within 30 working days of the closing, or a bad rating found true; a new round of the same unit.

    Refuses a direct answer, which no unit ever handled.
    """
    action = Action.REOPEN
    ticket = open_for(ctx, number, action, version=given.version)
    assert ticket.closed_at is not None, "a closed ticket knows when it was closed"
    days = ctx.rules.limits.reopen_days
    if ticket.imported or ticket.lead_unit_id is None:
        raise ConditionUnmet("这张工单没有承办单位，请另行登记")
    until = ctx.rules.calendar.due(ticket.closed_at, days).at
    if has_passed(until, ctx.now) and not rectification.found_true(ctx.session, ticket):
        raise WindowClosed(f"重新办理（办结后{days}个工作日内）")
    new_round(ctx, ticket, given.facts)
    return ticket


def new_round(ctx: Context, ticket: Ticket, facts: str) -> None:
    """The same unit begins again; what was promised, and what was objected, is answered by that."""
    advance(ticket, Action.REOPEN, ctx.now)
    ticket.round, ticket.no_return = ticket.round + 1, True
    ticket.closed_at = ticket.closed_by = ticket.outcome = ticket.archive_after = None
    closing.lapse_objection(ctx, ticket)
    tracking.lapse(ctx, ticket)
    succession.follow(ctx, ticket)
    desk_transfer.begin_handling(ctx, ticket, ctx.now)
    rectification.follow_new_round(ctx, ticket, facts)
    public = Audience.PUBLIC
    timeline.write(ctx, ticket, "reopened", audience=public, facts=facts)
    event = f"ticket:{ticket.id}:reopened:{ticket.round}"
    notices.notify(ctx, ticket, event, "reopened", UNIT_DESK, number=ticket.number)
