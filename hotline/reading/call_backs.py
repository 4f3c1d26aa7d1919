"""The desk of the calls: the queue in the order it is taken from, whose turn each is, and what is said."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.reading.shown import instant
from hotline.records.call_backs import CallBack, CallBackTurn
from hotline.records.scope import tickets_within
from hotline.records.staff import Staff
from hotline.records.tickets import IS_OPEN, Ticket
from hotline.records.units import Unit
from hotline.rules.actors import Actor
from hotline.rules.rulebook import Rulebook
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Role, State

CALLERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})


def waiting(session: Session, actor: Actor, *, now: datetime, limit: int = 50) -> list[dict[str, Any]]:
    """Tickets that wait for a call, the nearest due first, with the attempts of this round and whose turn it is."""
    attempts = (
        select(func.count())
        .where(CallBack.ticket_id == Ticket.id, CallBack.round == Ticket.round)
        .correlate(Ticket)
        .scalar_subquery()
    )
    query = select(Ticket, Unit.name, attempts, CallBackTurn, Staff.name).outerjoin(
        Unit, Unit.id == Ticket.lead_unit_id
    )
    query = query.outerjoin(CallBackTurn, CallBackTurn.ticket_id == Ticket.id)
    query = query.outerjoin(Staff, Staff.id == CallBackTurn.held_by)
    query = query.where(IS_OPEN, Ticket.state == State.CALLING_BACK, tickets_within(scope_of(actor)))
    return [
        {
            "number": ticket.number,
            "title": ticket.title,
            "unit": unit,
            "round": ticket.round,
            "due_at": instant(ticket.due_at),
            "attempts": tried,
            **_turn(turn, holder, actor, now),
        }
        for ticket, unit, tried, turn, holder in session.execute(query.order_by(Ticket.due_at, Ticket.id).limit(limit))
    ]


def _turn(turn: CallBackTurn | None, holder: str | None, actor: Actor, now: datetime) -> dict[str, Any]:
    held = turn is not None and turn.held_until is not None and turn.held_until > now
    to_come = turn is not None and turn.booked_at is not None and (turn.booked or turn.booked_at > now)
    return {
        "held_by": holder if held else None,
        "held_until": instant(turn.held_until) if turn and held else None,
        "mine": held and turn is not None and turn.held_by == actor.staff_id,
        "booked_at": instant(turn.booked_at) if turn and to_come else None,
        "booked": bool(turn and turn.booked),
    }


def call_of(
    session: Session, ticket: Ticket, actor: Actor, *, unit: str | None, now: datetime, rulebook: Rulebook
) -> dict[str, Any] | None:
    """Beside the file of a ticket that waits for a call: whose turn it is, and the script."""
    if ticket.state is not State.CALLING_BACK or not actor.roles & CALLERS:
        return None
    turn = session.get(CallBackTurn, ticket.id)
    holder = session.get(Staff, turn.held_by) if turn and turn.held_by else None
    shown = _turn(turn, holder.name if holder else None, actor, now)
    return {**shown, "script": rulebook.call_back.spoken(ticket.title, unit or "承办单位")}
