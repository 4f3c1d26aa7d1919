"""The work that waits on a desk, and the choices that forms offer."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.models.call_backs.call_backs import QualityCall
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import IS_OPEN_REQUEST, Request
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.objections import IS_OPEN_OBJECTION, Objection
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import on_desk_of, visible_tickets
from hotline.queries.formatting import instant, labelled
from hotline.queries.shown import Shown, shown
from hotline.rules.actors import Actor
from hotline.rules.handling.assisting import AssistState
from hotline.rules.handling.requests import ROWS
from hotline.rules.masking import text_for
from hotline.rules.supervision.orders import OPEN_ORDERS
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import OrderState, RequestState, Role

WATCHING = frozenset({Role.SUPERVISOR, Role.INSPECTOR})
DECIDERS = frozenset({Role.LEADER}).union(*(row.deciders for row in ROWS.values()))
"""Who signs requests of the own unit, or decides those of others."""
MOST = 50


def units(session: Session) -> list[dict[str, Any]]:
    """The active units, in the order of the tree, with the other names that people have for them."""
    query = select(Unit).where(Unit.closed_on.is_(None)).order_by(Unit.id)
    return [
        {"code": unit.code, "name": unit.name, "kind": unit.kind, "aliases": unit.aliases.split()}
        for unit in session.scalars(query)
    ]


def categories(session: Session) -> list[dict[str, Any]]:
    """The categories, each with the unit it suggests."""
    query = select(Category, Unit.code).outerjoin(Unit, Unit.id == Category.lead_unit_id).order_by(Category.position)
    return [
        {"code": category.code, "name": category.name, "parent": category.parent_code, "unit": unit}
        for category, unit in session.execute(query)
    ]


def decisions_waiting(ctx: Context) -> dict[str, Shown]:
    """Open orders and objections, the requests that this person may sign or decide, rectifications; a unit sees what it got."""
    within, watches = visible_tickets(scope_of(ctx.actor)), bool(ctx.actor.roles & WATCHING)
    decides = watches or Role.REVIEWER in ctx.actor.roles
    states: tuple[OrderState, ...] = OPEN_ORDERS if watches else () if ctx.actor.at_centre else (OrderState.ISSUED,)
    return {
        "objections": _objections(ctx.session, within) if decides else Shown(),
        "orders": _orders(ctx.session, within, states) if states else Shown(),
        "requests": _requests(ctx, within) if ctx.actor.roles & DECIDERS else Shown(),
        "rectifications": _cases(ctx.session, within) if decides or not ctx.actor.at_centre else Shown(),
    }


def _objections(session: Session, within: ColumnElement[bool]) -> Shown:
    query = select(Objection, Ticket.number).join(Ticket, Ticket.id == Objection.ticket_id)

    def line(row: Objection, number: str) -> dict[str, Any]:
        return {"number": number, **labelled("ended_as", row.ended_as), "at": instant(row.objected_at)}

    return shown(session, query.where(IS_OPEN_OBJECTION, within).order_by(Objection.id), MOST, line)


def _orders(session: Session, within: ColumnElement[bool], states: tuple[OrderState, ...]) -> Shown:
    query = select(Order, Ticket.number, Unit.name).join(Ticket, Ticket.id == Order.ticket_id)
    query = query.join(Unit, Unit.id == Order.unit_id).where(IS_OPEN_ORDER, Order.state.in_(states), within)

    def line(row: Order, number: str, unit: str) -> dict[str, Any]:
        named = {"order": row.number, "number": number, "unit": unit}
        return {**named, **labelled("state", row.state), "at": instant(row.drafted_at)}

    return shown(session, query.order_by(Order.drafted_at, Order.id), MOST, line)


def _requests(ctx: Context, within: ColumnElement[bool]) -> Shown:
    query = select(Request, Ticket.number).join(Ticket, Ticket.id == Request.ticket_id)
    query = query.where(IS_OPEN_REQUEST, for_decision(ctx.actor), within)

    def line(row: Request, number: str) -> dict[str, Any]:
        named = {"number": number, **labelled("kind", row.kind), **labelled("state", row.state)}
        return {**named, "reason": row.reason, "at": instant(row.asked_at)}

    return shown(ctx.session, query.order_by(Request.asked_at, Request.id), MOST, line)


def _cases(session: Session, within: ColumnElement[bool]) -> Shown:
    query = select(Rectification, Ticket.number).join(Ticket, Ticket.id == Rectification.ticket_id)

    def line(row: Rectification, number: str) -> dict[str, Any]:
        return {"case": row.number, "number": number, **labelled("state", row.state), "at": instant(row.opened_at)}

    order = (Rectification.opened_at, Rectification.id)
    return shown(session, query.where(IS_OPEN_CASE, within).order_by(*order), MOST, line)


def for_decision(actor: Actor) -> ColumnElement[bool]:
    """What waits for this person: decisions of their role on what others asked for, signatures of their unit."""
    kinds = [kind for kind, row in ROWS.items() if actor.roles & row.deciders]
    others = and_(Request.asked_by != actor.staff_id, func.coalesce(Request.signed_by, 0) != actor.staff_id)
    decided = and_(Request.state == RequestState.PENDING, Request.kind.in_(kinds), others)
    own = on_desk_of(actor.unit_paths(frozenset({Role.LEADER})))
    return or_(decided, and_(Request.state == RequestState.DRAFTED, own))


def assisting_tasks(ctx: Context) -> Shown:
    """The open tasks of this person's units, the nearest due first; those whose clock has not begun come last."""
    query = select(Assist, Ticket.number, Ticket.title, Clock.due_at).join(Ticket, Ticket.id == Assist.ticket_id)
    query = query.outerjoin(Clock, and_(Clock.assist_id == Assist.id, Clock.stopped_at.is_(None)))
    own = or_(false(), *(Assist.unit_path.like(f"{path}%") for path in ctx.actor.unit_paths()))
    query = query.where(Assist.state == AssistState.OPEN, own, visible_tickets(scope_of(ctx.actor)))

    def line(row: Assist, number: str, title: str, due_at: datetime | None) -> dict[str, Any]:
        return {"number": number, "title": text_for(ctx.actor)(title), "task": row.task, "due_at": instant(due_at)}

    return shown(ctx.session, query.order_by(Clock.due_at.is_(None), Clock.due_at, Assist.id), MOST, line)


def quality_calls(ctx: Context) -> Shown:
    """Withdrawals after a dispatch that nobody has called about, the nearest due first."""
    query = select(QualityCall, Ticket.number, Ticket.title).join(Ticket, Ticket.id == QualityCall.ticket_id)
    query = query.where(QualityCall.called_at.is_(None), visible_tickets(scope_of(ctx.actor)))

    def line(row: QualityCall, number: str, title: str) -> dict[str, Any]:
        return {"number": number, "title": text_for(ctx.actor)(title), "due_at": instant(row.due_at)}

    return shown(ctx.session, query.order_by(QualityCall.due_at, QualityCall.id), MOST, line)
