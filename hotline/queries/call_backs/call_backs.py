"""The desk of the calls: the queue in the order it is taken from, whose turn each is, and what is said."""

from functools import partial
from typing import Any

from sqlalchemy import and_, case, func, select

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.accounts.units import Unit
from hotline.models.call_backs.call_backs import CallBack, CallBackTurn, is_free
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.tickets import IS_OPEN, Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries.deadlines.due import standing_of
from hotline.queries.formatting import instant, labelled
from hotline.queries.shown import Shown, shown
from hotline.rules.masking import text_for
from hotline.rules.tickets.states import TO_CALL_BACK, is_to_call_back
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Role, Word

MOST_WAITING = 50
CALLERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})


class Stage(Word):
    """Whether a call may be made now."""

    MINE = "mine", "我正在回访"
    NOW = "now", "现在可以拨打"
    HELD = "held", "别人正在回访"
    LATER = "later", "约了时间，或稍后再拨"


def _stage(ctx: Context) -> Any:
    """The order of the desk; among those that may be called now, a booked time that has come goes first."""
    held = CallBackTurn.held_until > ctx.now
    return case(
        (and_(held, CallBackTurn.held_by == ctx.actor.staff_id), 0),
        (and_(is_free(ctx.now), CallBackTurn.booked), 1),
        (is_free(ctx.now), 2),
        (held, 3),
        else_=4,
    )


STAGES = (Stage.MINE, Stage.NOW, Stage.NOW, Stage.HELD, Stage.LATER)


def waiting(ctx: Context) -> Shown:
    """Tickets that wait for a call, what may be called now first and the nearest due first in each stage."""
    attempts = (
        select(func.count())
        .where(CallBack.ticket_id == Ticket.id, CallBack.round == Ticket.round)
        .correlate(Ticket)
        .scalar_subquery()
    )
    stage = _stage(ctx)
    query = select(Ticket, Unit.name, attempts, CallBackTurn, Staff.name, stage)
    query = query.outerjoin(Unit, Unit.id == Ticket.lead_unit_id)
    query = query.outerjoin(CallBackTurn, CallBackTurn.ticket_id == Ticket.id)
    query = query.outerjoin(Staff, Staff.id == CallBackTurn.held_by)
    query = query.where(IS_OPEN, in_states(TO_CALL_BACK), visible_tickets(scope_of(ctx.actor)))
    order = (stage, Ticket.due_at.is_(None), Ticket.due_at, Ticket.id)
    return shown(ctx.session, query.order_by(*order), MOST_WAITING, partial(_line, ctx))


def _line(
    ctx: Context,
    ticket: Ticket,
    unit: str | None,
    tried: int,
    turn: CallBackTurn | None,
    holder: str | None,
    place: int,
) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "title": text_for(ctx.actor)(ticket.title),
        "unit": unit,
        "round": ticket.round,
        "due_at": instant(ticket.due_at),
        **standing_of(ctx, ticket),
        "attempts": tried,
        **labelled("stage", STAGES[place]),
        **_turn(ctx, turn, holder),
    }


def _turn(ctx: Context, turn: CallBackTurn | None, holder: str | None) -> dict[str, Any]:
    held = turn is not None and turn.held_until is not None and turn.held_until > ctx.now
    to_come = turn is not None and turn.booked_at is not None and (turn.booked or turn.booked_at > ctx.now)
    return {
        "held_by": holder if held else None,
        "held_until": instant(turn.held_until) if turn and held else None,
        "mine": held and turn is not None and turn.held_by == ctx.actor.staff_id,
        "booked_at": instant(turn.booked_at) if turn and to_come else None,
        "booked": bool(turn and turn.booked),
    }


def call_of(ctx: Context, ticket: Ticket, *, unit: str | None) -> dict[str, Any] | None:
    """Beside the file of a ticket that waits for a call: whose turn it is, and the script."""
    if not is_to_call_back(ticket.state) or not ctx.actor.roles & CALLERS:
        return None
    turn = ctx.session.get(CallBackTurn, ticket.id)
    holder = ctx.session.get(Staff, turn.held_by) if turn and turn.held_by else None
    shown = _turn(ctx, turn, holder.name if holder else None)
    return {**shown, "script": ctx.rules.call_back.spoken(text_for(ctx.actor)(ticket.title), unit or "承办单位")}
