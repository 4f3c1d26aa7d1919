"""What a closing leaves behind, whichever row it came by: when it is archived, until when it may be rated, what lapses."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, notices
from hotline.models.handling.requests import Request
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.rulebook import Rulebook
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import ClockKind, Outcome, RequestState

OPEN = (RequestState.DRAFTED, RequestState.PENDING)


def close_ticket(
    session: Session, ticket: Ticket, outcome: Outcome, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> None:
    """Invites the rating and plans the archiving, 30 working days on (the job asks the calendar again before it archives)."""
    ticket.outcome, ticket.closed_at, ticket.closed_by = outcome, now, actor.staff_id
    ticket.rating_invited_at = now
    ticket.archive_after = rulebook.calendar.due(now, rulebook.limits.archive_after_days).at
    if outcome is not Outcome.NO_REPLY_WANTED:
        event, round = f"ticket:{ticket.id}:rating:{ticket.round}", ticket.round
        notices.tell_enterprise(session, ticket, event, "rating_invited", now=now, rulebook=rulebook, round=round)


def lapse_requests(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """What was asked has lost its object: nobody decides it any more."""
    for request in session.scalars(select(Request).where(Request.ticket_id == ticket.id, Request.state.in_(OPEN))):
        request.state, request.decided_at = RequestState.LAPSED, now
    clocks.end(session, ticket, ClockKind.REQUEST, now=now)


def open_objection(session: Session, ticket: Ticket) -> Objection | None:
    """The objection of the enterprise that waits for its decision."""
    query = select(Objection).where(Objection.ticket_id == ticket.id, Objection.state == ObjectionState.OPEN)
    return session.scalar(query)


def lapse_objection(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The matter goes on already: there is nothing left to decide."""
    objection = open_objection(session, ticket)
    if objection is not None:
        objection.state, objection.decided_at = ObjectionState.LAPSED, now
        clocks.end(session, ticket, ClockKind.OBJECTION, now=now)
