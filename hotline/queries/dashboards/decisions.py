"""What waits for a decision: open supervision orders, requests that this person may decide, objections; the oldest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.handling.requests import IS_OPEN_REQUEST, Request
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.objections import IS_OPEN_OBJECTION, Objection
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.dashboards.desk import for_decision
from hotline.queries.formatting import instant, labelled
from hotline.rules.actors import Actor
from hotline.rules.deadlines.due_counts import Decided
from hotline.rules.masking import text_for
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import OrderState, RequestKind


def _orders(_: Actor) -> Any:
    query: Any = select(Order, Ticket.number, Ticket.title, Unit.name).join(Ticket, Ticket.id == Order.ticket_id)
    return query.join(Unit, Unit.id == Order.unit_id).where(IS_OPEN_ORDER)


def _requests(actor: Actor) -> Any:
    query: Any = select(Request, Ticket.number, Ticket.title, Unit.name).join(Ticket, Ticket.id == Request.ticket_id)
    return query.outerjoin(Unit, Unit.id == Ticket.lead_unit_id).where(IS_OPEN_REQUEST, for_decision(actor))


def _objections(_: Actor) -> Any:
    query: Any = select(Objection, Ticket.number, Ticket.title, Unit.name)
    query = query.join(Ticket, Ticket.id == Objection.ticket_id)
    return query.outerjoin(Unit, Unit.id == Ticket.lead_unit_id).where(IS_OPEN_OBJECTION)


ROWS: dict[Decided, tuple[Callable[[Actor], Any], Any, Any]] = {
    Decided.ORDER: (_orders, Order.drafted_at, Order.id),
    Decided.REQUEST: (_requests, Request.asked_at, Request.id),
    Decided.OBJECTION: (_objections, Objection.objected_at, Objection.id),
}


def _narrowed(what: Decided, actor: Actor, unit: str | None) -> Any:
    query = ROWS[what][0](actor).where(visible_tickets(scope_of(actor)))
    return query if unit is None else query.where(Unit.code == unit)


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """What waits: orders by their `state`, requests by their `kind`; None narrows nothing."""

    what: Decided
    state: OrderState | None = None
    kind: RequestKind | None = None
    unit: str | None = None


def decision_page(ctx: Context, filters: DecisionFilters, page: paging.Page) -> dict[str, Any]:
    """`items` and the cursors."""
    query = _narrowed(filters.what, ctx.actor, filters.unit)
    if filters.state is not None and filters.what is Decided.ORDER:
        query = query.where(Order.state == filters.state)
    if filters.kind is not None and filters.what is Decided.REQUEST:
        query = query.where(Request.kind == filters.kind)
    _, at, id = ROWS[filters.what]
    found = paging.read(ctx.session, query, paging.Order(at, id), page)
    return {"items": [_line(ctx, filters.what, line) for line in found.rows], **found.ends()}


def _line(ctx: Context, what: Decided, line: Any) -> dict[str, Any]:
    row, number, title, unit, at, _ = line
    texts: dict[Decided, Callable[[], tuple[str, str]]] = {
        Decided.ORDER: lambda: (row.number, row.state.label),
        Decided.REQUEST: lambda: (f"{row.kind.label}：{row.reason}", row.state.label),
        Decided.OBJECTION: lambda: (f"对“{row.ended_as.label}”有异议", row.state.label),
    }
    subject, state = texts[what]()
    return {
        "number": number,
        "place": f"{what}s",
        "title": text_for(ctx.actor)(title),
        "unit": unit,
        "subject": text_for(ctx.actor, by_office=True)(subject),
        "state_label": state,
        "at": instant(at),
    }


def decision_counts(ctx: Context, *, unit: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """How many of each: orders by state, requests by kind, objections."""
    return {
        "orders": _counted(ctx.session, _narrowed(Decided.ORDER, ctx.actor, unit), Order.state, "state"),
        "requests": _counted(ctx.session, _narrowed(Decided.REQUEST, ctx.actor, unit), Request.kind, "kind"),
        "objections": _counted(ctx.session, _narrowed(Decided.OBJECTION, ctx.actor, unit), Objection.state, "state"),
    }


def _counted(session: Session, query: Any, by: Any, name: str) -> list[dict[str, Any]]:
    counted = query.with_only_columns(by, func.count(), maintain_column_froms=True).group_by(by).order_by(by)
    return [{**labelled(name, word), "count": number} for word, number in session.execute(counted)]
