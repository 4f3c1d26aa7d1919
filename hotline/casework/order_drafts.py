"""Drafts of supervision orders: by the ladder for what stays late, by the centre for a second rework.

One order at most is open for a ticket and unit; a draft has one working day to be signed or declined.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from hotline.casework import clocks, notices, timeline
from hotline.casework.numbers import next_numbers
from hotline.records.clocks import Clock
from hotline.records.orders import Order
from hotline.records.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.rulebook import Rulebook
from hotline.rules.ticket_number import ORDER
from hotline.rules.vocabulary import Audience, ClockKind, OrderState, Role

OPEN = (OrderState.DRAFT, OrderState.ISSUED, OrderState.REPLIED)
AddLine = Callable[[Any, str, datetime, Audience, dict[str, Any]], None]


def draft_orders(
    session: Session,
    causes: Sequence[tuple[Any, Any, datetime]],
    add_line: AddLine,
    *,
    now: datetime,
    rulebook: Rulebook,
) -> list[dict[str, Any]]:
    """Drafts an order for each (clock, ticket, instant) whose unit has none open on it; answers the rows of their clocks."""
    ids = {ticket.id for _, ticket, _ in causes}
    query = select(Order.ticket_id, Order.unit_id).where(Order.ticket_id.in_(ids), Order.state.in_(OPEN))
    taken = {(ticket_id, unit_id) for ticket_id, unit_id in session.execute(query)}
    wanted: dict[tuple[int, int], tuple[Any, Any, datetime]] = {}
    for clock, ticket, at in causes:
        key = (ticket.id, clock.unit_id or ticket.lead_unit_id)
        if key not in taken:
            wanted.setdefault(key, (clock, ticket, at))
    return _draft(session, wanted, add_line, now=now, rulebook=rulebook)


def _draft(
    session: Session,
    wanted: dict[tuple[int, int], tuple[Any, Any, datetime]],
    add_line: AddLine,
    *,
    now: datetime,
    rulebook: Rulebook,
) -> list[dict[str, Any]]:
    if not wanted:
        return []
    rows, starting = [], []
    numbers = next_numbers(session, ORDER, now, len(wanted))
    for number, ((ticket_id, unit_id), (clock, ticket, at)) in zip(numbers, wanted.items(), strict=True):
        cause = str(clock.kind) if clock is not None else "rework"
        order = {"number": number, "ticket_id": ticket_id, "unit_id": unit_id, "round": ticket.round, "cause": cause}
        rows.append({**order, "state": OrderState.DRAFT, "drafted_at": at})
        add_line(ticket, "order_drafted", at, Audience.CENTRE, {"order": number, "cause": cause})
    ids = dict(session.execute(insert(Order).returning(Order.ticket_id, Order.id), rows).all())
    for _, ticket, at in wanted.values():
        kind = ClockKind.ORDER_ISSUE
        starting.append(clocks.new_row(ticket, kind, at, rulebook=rulebook, order_id=ids[ticket.id]))
    return starting


def draft_for_rework(session: Session, ticket: Ticket, *, actor: Actor, now: datetime, rulebook: Rulebook) -> None:
    """The second rework of a matter drafts an order to its unit."""

    def add_line(ticket: Any, entry: str, at: datetime, audience: Audience, data: dict[str, Any]) -> None:
        timeline.write(session, ticket, entry, actor=actor, now=now, at=at, audience=audience, **data)

    query = select(Order.id).where(Order.ticket_id == ticket.id, Order.state.in_(OPEN))
    if ticket.lead_unit_id is not None and session.scalar(query.limit(1)) is None:
        key = (ticket.id, ticket.lead_unit_id)
        for row in _draft(session, {key: (None, ticket, now)}, add_line, now=now, rulebook=rulebook):
            session.add(Clock(**row))
        notices.tell(
            session,
            ticket,
            f"ticket:{ticket.id}:rework:{ticket.round}:order",
            "order_drafted",
            {Role.SUPERVISOR},
            now=now,
            rulebook=rulebook,
            number=ticket.number,
        )
