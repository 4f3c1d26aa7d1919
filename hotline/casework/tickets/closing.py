"""What a closing leaves behind, whichever row it came by: when it is archived, until when it may be rated, what lapses."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, notices
from hotline.context import Context
from hotline.models.handling.requests import IS_OPEN_REQUEST, Request
from hotline.models.tickets.objections import IS_OPEN_OBJECTION, Objection
from hotline.models.tickets.tickets import Ticket
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import ClockKind, Outcome, RequestState


def close_ticket(ctx: Context, ticket: Ticket, outcome: Outcome) -> None:
    """Invites the rating and plans the archiving, 30 working days on (the job asks the calendar again before it archives)."""
    ticket.outcome, ticket.closed_at, ticket.closed_by = outcome, ctx.now, ctx.actor.staff_id
    ticket.rating_invited_at = ctx.now
    ticket.archive_after = ctx.rules.calendar.due(ctx.now, ctx.rules.limits.archive_after_days).at
    if outcome is not Outcome.NO_REPLY_WANTED:
        event, round = f"ticket:{ticket.id}:rating:{ticket.round}", ticket.round
        notices.tell_enterprise(ctx, ticket, event, "rating_invited", round=round)


def lapse_requests(ctx: Context, ticket: Ticket) -> None:
    """What was asked has lost its object: nobody decides it any more."""
    for request in ctx.session.scalars(select(Request).where(Request.ticket_id == ticket.id, IS_OPEN_REQUEST)):
        request.state, request.decided_at = RequestState.LAPSED, ctx.now
    clocks.end(ctx, ticket, ClockKind.REQUEST)


def open_objection(session: Session, ticket: Ticket) -> Objection | None:
    """The objection of the enterprise that waits for its decision."""
    query = select(Objection).where(Objection.ticket_id == ticket.id, IS_OPEN_OBJECTION)
    return session.scalar(query)


def lapse_objection(ctx: Context, ticket: Ticket) -> None:
    """The matter goes on already: there is nothing left to decide."""
    objection = open_objection(ctx.session, ticket)
    if objection is not None:
        objection.state, objection.decided_at = ObjectionState.LAPSED, ctx.now
        clocks.end(ctx, ticket, ClockKind.OBJECTION)
