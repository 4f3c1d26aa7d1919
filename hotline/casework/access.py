"""The only door to a ticket: what the actor may not see is not there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.escalation import catch_up
from hotline.records.scope import tickets_within
from hotline.records.tickets import Ticket
from hotline.rules import workflow
from hotline.rules.actors import Actor
from hotline.rules.permissions import allowed_actions, check_action, check_deed
from hotline.rules.refusals import Stale, UnknownTicket
from hotline.rules.rulebook import Rulebook
from hotline.rules.ticket_number import normalise
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Action, Deed


def ticket_for(session: Session, number: str, actor: Actor, *, lock: bool = False) -> Ticket:
    """The ticket, if this actor may see it; refuses `UnknownTicket` alike when it is not there and when it is not theirs.

    `lock` keeps everybody else from acting on it until the transaction ends.
    """
    query = select(Ticket).where(Ticket.number == normalise(number), tickets_within(scope_of(actor)))
    if lock:
        query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
    ticket = session.scalar(query)
    if ticket is None:
        raise UnknownTicket()
    return ticket


def open_for_action(
    session: Session,
    number: str,
    action: Action,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    rulebook: Rulebook,
) -> Ticket:
    """The locked ticket, once permission, state and version allow this action; otherwise the refusal says what is allowed.

    What the ladder owes it is climbed first, so that a scheduler that was off takes nothing back.
    """
    ticket = ticket_for(session, number, actor, lock=True)
    check_action(actor, action, ticket.desk_path)
    allowed = allowed_actions(actor, ticket)
    workflow.step(ticket.state, action, allowed)
    if version is not None and version != ticket.version:
        raise Stale(allowed)
    catch_up(session, ticket, now=now, rulebook=rulebook)
    return ticket


def open_for_deed(
    session: Session, number: str, deed: Deed, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """The locked ticket, once permission and state allow this deed, which moves no state."""
    ticket = ticket_for(session, number, actor, lock=True)
    check_deed(actor, deed, ticket.desk_path)
    workflow.check_deed(ticket.state, deed, allowed_actions(actor, ticket))
    catch_up(session, ticket, now=now, rulebook=rulebook)
    return ticket


def advance(ticket: Ticket, action: Action, now: datetime) -> None:
    """Takes the row of the workflow: the new state and the next version."""
    target = workflow.step(ticket.state, action).target
    if target is not None:
        ticket.state, ticket.state_at = target, now
    ticket.version += 1
