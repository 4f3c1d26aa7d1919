"""Going on: a suspended matter before its date (row 17), and a closed one for new facts (row 23)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.dispatch import desk_transfer
from hotline.casework.handling import tracking
from hotline.casework.ratings import rectification
from hotline.casework.tickets import closing, notices, timeline
from hotline.casework.tickets.access import advance, bring_up_to_date, open_for_action, resume_at
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet, WindowClosed
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, Audience, Role, State

UNIT_TOLD = frozenset({Role.HANDLER, Role.LIAISON, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Resuming:
    version: int | None = None


def resume(
    session: Session, number: str, given: Resuming, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 17 by a supervisor: what was waited for has come before the date."""
    action = Action.RESUME
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    resume_at(session, ticket, now, actor=actor, now=now, rulebook=rulebook)
    return ticket


def resume_due(session: Session, *, now: datetime, rulebook: Rulebook, limit: int = 200) -> int:
    """Row 17 by the system: each suspension that has run out, at its true instant; answers how many."""
    query = select(Ticket).where(Ticket.state == State.SUSPENDED, Ticket.suspended_until <= now)
    query = query.order_by(Ticket.suspended_until, Ticket.id).limit(limit)
    tickets = session.scalars(query.with_for_update(of=Ticket, skip_locked=True)).all()
    for ticket in tickets:
        bring_up_to_date(session, ticket, now=now, rulebook=rulebook)
    return len(tickets)


@dataclass(frozen=True, slots=True)
class Reopening:
    """The new facts."""

    facts: str
    version: int | None = None


def reopen(
    session: Session, number: str, given: Reopening, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 23: new facts within 30 working days of the closing, or a bad rating found true; a new round of the same unit.

    Refuses a direct answer, which no unit ever handled.
    """
    action = Action.REOPEN
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    assert ticket.closed_at is not None, "a closed ticket knows when it was closed"
    days = rulebook.limits.reopen_days
    if ticket.imported or ticket.lead_unit_id is None:
        raise ConditionUnmet("这张工单没有承办单位，请另行登记")
    if now > rulebook.calendar.due(ticket.closed_at, days).at and not rectification.found_true(session, ticket):
        raise WindowClosed(f"重新办理（办结后{days}个工作日内）")
    new_round(session, ticket, given.facts, actor=actor, now=now, rulebook=rulebook)
    return ticket


def new_round(session: Session, ticket: Ticket, facts: str, *, actor: Actor, now: datetime, rulebook: Rulebook) -> None:
    """The same unit begins again; what was promised, and what was objected, is answered by that."""
    advance(ticket, Action.REOPEN, now)
    ticket.round, ticket.no_return = ticket.round + 1, True
    ticket.closed_at = ticket.closed_by = ticket.outcome = ticket.archive_after = None
    closing.lapse_objection(session, ticket, now=now)
    tracking.lapse(session, ticket, actor=actor, now=now)
    desk_transfer.begin_handling(session, ticket, now, rulebook=rulebook)
    rectification.follow_new_round(session, ticket, facts, actor=actor, now=now, rulebook=rulebook)
    public = Audience.PUBLIC
    timeline.write(session, ticket, "reopened", actor=actor, now=now, audience=public, facts=facts)
    event = f"ticket:{ticket.id}:reopened:{ticket.round}"
    notices.notify(session, ticket, event, "reopened", UNIT_TOLD, now=now, rulebook=rulebook, number=ticket.number)
