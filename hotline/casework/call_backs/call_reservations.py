"""Whose turn it is to call: one person at a time, given back when it is abandoned, not before the time that was booked."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.call_backs.call_backs import CallBackTurn
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import ConditionUnmet


def check_turn(ctx: Context, ticket: Ticket) -> CallBackTurn | None:
    """The turn of this (locked) ticket; refuses `ConditionUnmet` while somebody else holds it."""
    turn = ctx.session.get(CallBackTurn, ticket.id)
    if (
        turn is not None
        and turn.held_until is not None
        and turn.held_until > ctx.now
        and turn.held_by != ctx.actor.staff_id
    ):
        holder = ctx.session.get_one(Staff, turn.held_by)
        until = local(turn.held_until)
        raise ConditionUnmet(f"{holder.name}正在回访这张工单，{until:%H:%M}前由其办理")
    return turn


def take(ctx: Context, ticket: Ticket) -> None:
    """The ticket is this person's for a while."""
    turn = check_turn(ctx, ticket)
    if turn is None:
        turn = CallBackTurn(ticket_id=ticket.id)
        ctx.session.add(turn)
    turn.held_by, turn.held_until = ctx.actor.staff_id, ctx.now + timedelta(minutes=ctx.rules.call_back.hold_minutes)
    ctx.session.flush()


def give_back(ctx: Context, ticket: Ticket) -> None:
    """Whoever holds it lets it go; what is not held stays as it is."""
    turn = check_turn(ctx, ticket)
    if turn is not None:
        turn.held_by = turn.held_until = None
        ctx.session.flush()


def book(ctx: Context, ticket: Ticket, at: datetime, *, booked: bool) -> None:
    """Nobody calls before `at`; whoever held it lets it go."""
    turn = check_turn(ctx, ticket)
    if turn is None:
        turn = CallBackTurn(ticket_id=ticket.id)
        ctx.session.add(turn)
    turn.held_by = turn.held_until = None
    turn.booked_at, turn.booked = at, booked
    ctx.session.flush()


def after_attempt(ctx: Context, ticket: Ticket, *, connected: bool) -> None:
    """Reached: it stays with whoever had taken it, and has to end it. Not reached: it is left in peace for a while."""
    if not connected:
        later = ctx.now + timedelta(minutes=ctx.rules.call_back.retry_minutes)
        book(ctx, ticket, later, booked=False)
    elif ctx.session.get(CallBackTurn, ticket.id) is not None:
        take(ctx, ticket)


def end(session: Session, ticket: Ticket) -> None:
    """The matter is not to be called about any more. The answers are on the file: whoever may end it needs no turn."""
    session.execute(delete(CallBackTurn).where(CallBackTurn.ticket_id == ticket.id))
