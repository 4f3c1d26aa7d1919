"""Access to a ticket, here alone: what the actor may not see is not there."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from hotline.casework.tickets import clocks, timeline
from hotline.casework.tickets.escalation import catch_up
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.rules import workflow
from hotline.rules.actors import SYSTEM
from hotline.rules.permissions import allowed_actions, allowed_deeds, check_action
from hotline.rules.refusals import Stale, UnknownTicket
from hotline.rules.tickets.ticket_number import normalise
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Action, Audience, ClockKind


def ticket_for(ctx: Context, number: str, *, lock: bool = False) -> Ticket:
    """The ticket, if this actor may see it; refuses `UnknownTicket` alike when it is not there and when it is not theirs.

    `lock` keeps everybody else from acting on it until the transaction ends.
    """
    query = select(Ticket).where(Ticket.number == normalise(number), visible_tickets(scope_of(ctx.actor)))
    if lock:
        query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
    ticket = ctx.session.scalar(query)
    if ticket is None:
        raise UnknownTicket()
    return ticket


def open_for(
    ctx: Context,
    number: str,
    action: Action,
    version: int | None = None,
    desk: Callable[[Ticket], str | None] | None = None,
) -> Ticket:
    """Return the locked ticket, once permission, state and version allow this action; a refusal says what is allowed.

    What time alone has done to it is done first, so that a scheduler that was off takes nothing back. `desk` says on whose
    desk the matter of this action lies, where that is not the ticket's.
    """
    ticket = ticket_for(ctx, number, lock=True)
    bring_up_to_date(ctx, ticket)
    check_action(ctx.actor, action, ticket.desk_path if desk is None else desk(ticket), ticket.state)
    allowed = allowed_actions(ctx.actor, ticket)
    workflow.step(ticket.state, action, allowed, allowed_deeds(ctx.actor, ticket))
    if version is not None and version != ticket.version:
        raise Stale(allowed)
    return ticket


def bring_up_to_date(ctx: Context, ticket: Ticket) -> None:
    """What time alone has done to this (locked) ticket by now, whether a scheduler has been there or not."""
    if ticket.suspended_until is not None and ticket.suspended_until <= ctx.now:
        resume_at(ctx.by(SYSTEM), ticket, ticket.suspended_until)
    catch_up(ctx, ticket)


def resume_at(ctx: Context, ticket: Ticket, at: datetime) -> None:
    """Row 17: the handling goes on from this instant, its due later by the working days for which it stood still."""
    advance(ticket, Action.RESUME, at)
    ticket.suspended_until = None
    clocks.resume(ctx.at(at), ticket, ClockKind.HANDLE, ClockKind.ASSIST)
    timeline.write(ctx, ticket, "resumed", at=at, audience=Audience.PUBLIC)


def advance(ticket: Ticket, action: Action, now: datetime, *, after_dispatch: bool = False) -> None:
    """Take the row of the workflow: the new state and, where the row counts one, the next version."""
    row = workflow.step(ticket.state, action)
    target = row.after_dispatch if after_dispatch and row.after_dispatch is not None else row.target
    if target is not None:
        ticket.state, ticket.state_at = target, now
    if row.counts_version:
        ticket.version += 1
