"""Whose turn it is to call: one person at a time, given back when it is abandoned, not before the time that was booked."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hotline.models.accounts.staff import Staff
from hotline.models.call_backs.call_backs import CallBackTurn
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.rulebook import Rulebook


def check_turn(session: Session, ticket: Ticket, actor: Actor, *, now: datetime) -> CallBackTurn | None:
    """The turn of this (locked) ticket; refuses `ConditionUnmet` while somebody else holds it."""
    turn = session.get(CallBackTurn, ticket.id)
    if turn is not None and turn.held_until is not None and turn.held_until > now and turn.held_by != actor.staff_id:
        holder = session.get_one(Staff, turn.held_by)
        until = local(turn.held_until)
        raise ConditionUnmet(f"{holder.name}正在回访这张工单，{until:%H:%M}前由其办理")
    return turn


def take(session: Session, ticket: Ticket, actor: Actor, *, now: datetime, rulebook: Rulebook) -> None:
    """The ticket is this person's for a while."""
    turn = check_turn(session, ticket, actor, now=now)
    if turn is None:
        turn = CallBackTurn(ticket_id=ticket.id)
        session.add(turn)
    turn.held_by, turn.held_until = actor.staff_id, now + timedelta(minutes=rulebook.call_back.hold_minutes)
    session.flush()


def give_back(session: Session, ticket: Ticket, actor: Actor, *, now: datetime) -> None:
    """Whoever holds it lets it go; what is not held stays as it is."""
    turn = check_turn(session, ticket, actor, now=now)
    if turn is not None:
        turn.held_by = turn.held_until = None
        session.flush()


def book(session: Session, ticket: Ticket, actor: Actor, at: datetime, *, booked: bool, now: datetime) -> None:
    """Nobody calls before `at`; whoever held it lets it go."""
    turn = check_turn(session, ticket, actor, now=now)
    if turn is None:
        turn = CallBackTurn(ticket_id=ticket.id)
        session.add(turn)
    turn.held_by = turn.held_until = None
    turn.booked_at, turn.booked = at, booked
    session.flush()


def after_attempt(
    session: Session, ticket: Ticket, actor: Actor, *, connected: bool, now: datetime, rulebook: Rulebook
) -> None:
    """Reached: it stays with whoever had taken it, and has to end it. Not reached: it is left in peace for a while."""
    if not connected:
        later = now + timedelta(minutes=rulebook.call_back.retry_minutes)
        book(session, ticket, actor, later, booked=False, now=now)
    elif session.get(CallBackTurn, ticket.id) is not None:
        take(session, ticket, actor, now=now, rulebook=rulebook)


def end(session: Session, ticket: Ticket) -> None:
    """The matter is not to be called about any more. The answers are on the file: whoever may end it needs no turn."""
    session.execute(delete(CallBackTurn).where(CallBackTurn.ticket_id == ticket.id))
