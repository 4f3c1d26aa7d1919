"""Drafts of supervision orders: by the ladder for what stays late, and for the causes named here (`rules/supervision/orders.py`).

One order at most is open for a ticket and unit; a draft has one working day to be signed or declined. Where the configuration
says so (`order_issue = "automatic"`) nobody signs: the order is issued at once in the name of the system.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.numbers import next_number, next_numbers
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.ladder import OrderIssue
from hotline.rules.messages.recipients import SUPERVISORS, WHOLE_UNIT
from hotline.rules.refusals import Duplicate
from hotline.rules.tickets.ticket_number import ORDER
from hotline.rules.vocabulary import Audience, ClockKind, OrderState

CAUSES = {
    "rework": "企业回访后仍不认可，第二次退回重办",
    "returns": "两次退单均不成立",
    "repeats": "企业多次重复反映同一事项",
    "rectification": "差评整改复核未通过",
    "tracked": "销账回访未完成",
}
"""Why an order is drafted where no clock is."""
AddLine = Callable[[Any, str, datetime, Audience, dict[str, Any]], None]


def draft_orders(ctx: Context, causes: Sequence[tuple[Any, Any, datetime]], add_line: AddLine) -> list[dict[str, Any]]:
    """Drafts an order for each (clock, ticket, instant) whose unit has none open on it; answers the rows of their clocks.

    Where the centre itself was rated, no unit is there to be ordered: the red step has told the supervisors.
    """
    ids = {ticket.id for _, ticket, _ in causes}
    query = select(Order.ticket_id, Order.unit_id).where(Order.ticket_id.in_(ids), IS_OPEN_ORDER)
    taken = {(ticket_id, unit_id) for ticket_id, unit_id in ctx.session.execute(query)}
    wanted: dict[tuple[int, int], tuple[Any, Any, datetime]] = {}
    # The first that came, whichever clock was climbed first: when somebody looks changes nothing.
    for clock, ticket, at in sorted(causes, key=lambda cause: cause[2]):
        key = (ticket.id, clock.unit_id or ticket.lead_unit_id)
        if key[1] is not None and key not in taken:
            wanted.setdefault(key, (clock, ticket, at))
    return _draft(ctx, wanted, add_line)


def _draft(
    ctx: Context, wanted: dict[tuple[int, int], tuple[Any, Any, datetime]], add_line: AddLine
) -> list[dict[str, Any]]:
    if not wanted:
        return []
    at_once = ctx.rules.ladder.order_issue is OrderIssue.AUTOMATIC
    rows = []
    numbers = next_numbers(ctx, ORDER, len(wanted))
    for number, ((ticket_id, unit_id), (clock, ticket, at)) in zip(numbers, wanted.items(), strict=True):
        cause = clock if isinstance(clock, str) else str(clock.kind)
        order = {"number": number, "ticket_id": ticket_id, "unit_id": unit_id, "round": ticket.round, "cause": cause}
        order |= {"state": OrderState.DRAFT, "drafted_at": at, "demand": None, "issued_at": None}
        if at_once:
            order |= {"state": OrderState.ISSUED, "demand": _demand(cause), "issued_at": at}
            add_line(ticket, "order_issued", at, Audience.UNIT, {"order": number, "demand": order["demand"]})
        else:
            add_line(ticket, "order_drafted", at, Audience.CENTRE, {"order": number, "cause": cause})
        rows.append(order)
    inserted = ctx.session.execute(
        insert(Order).returning(Order.ticket_id, Order.unit_id, Order.id, Order.number), rows
    )
    orders = [(row.id, row.number, row.unit_id, *wanted[row.ticket_id, row.unit_id][1:]) for row in inserted]
    if at_once:
        return _begin_replies(ctx, orders)
    kind = ClockKind.ORDER_ISSUE
    return [clocks.new_row(ticket, kind, at, rulebook=ctx.rules, order_id=id) for id, _, _, ticket, at in orders]


def _demand(cause: str) -> str:
    """What the system asks for when nobody signs its orders."""
    why = CAUSES.get(cause) or f"{ClockKind(cause).label}时限已超期"
    return f"{why}，请立即办理，并按期书面回复原因和措施。"


def _begin_replies(ctx: Context, orders: Sequence[tuple[int, str, int, Any, datetime]]) -> list[dict[str, Any]]:
    """The reply is due from the instant at which the ladder was climbed, whenever that is written down; the units are told."""
    unit_ids = {unit_id for _, _, unit_id, _, _ in orders}
    paths = {unit.id: unit.path for unit in ctx.session.scalars(select(Unit).where(Unit.id.in_(unit_ids)))}
    directory, starting, notice_rows = notices.Directory.read(ctx.session), [], []
    for id, number, unit_id, ticket, at in orders:
        path, kind = paths[unit_id], ClockKind.ORDER_REPLY
        starting.append(clocks.new_row(ticket, kind, at, rulebook=ctx.rules, unit=(unit_id, path), order_id=id))
        data = {"number": ticket.number, "order": number}
        event = notices.Event(f"order:{id}:order_issued:0", "order_issued", at, data)
        people = directory.people(WHOLE_UNIT, path)
        notice_rows += notices.build_rows(ctx, people, ticket, event)
    notices.enqueue(ctx.session, notice_rows)
    return starting


def add_order(ctx: Context, ticket: Ticket, unit_id: int, cause: str) -> Order:
    """An order without demand and clock; refuses `Duplicate` while another is open for this ticket and unit."""
    taken = select(Order.id).where(Order.ticket_id == ticket.id, Order.unit_id == unit_id, IS_OPEN_ORDER)
    if ctx.session.scalar(taken.limit(1)) is not None:
        raise Duplicate("这个单位未销号的督办单")
    order = Order(number=next_number(ctx, ORDER), ticket_id=ticket.id, unit_id=unit_id, cause=cause)
    order.round, order.state, order.drafted_at, order.sent_back = ticket.round, OrderState.DRAFT, ctx.now, 0
    ctx.session.add(order)
    ctx.session.flush()
    return order


def lapse_late_drafts(ctx: Context, ticket: Ticket, why: str) -> None:
    """Decline the drafts for a late signing or handling: whom they would hasten has the matter no more. What was issued stays."""
    drafts = select(Order).where(Order.ticket_id == ticket.id, Order.state == OrderState.DRAFT)
    for order in ctx.session.scalars(drafts.where(Order.cause.in_([str(kind) for kind in clocks.OF_THE_DESK]))).all():
        order.state, order.reason, order.closed_at = OrderState.DECLINED, why, ctx.now
        clocks.end(ctx, ticket, ClockKind.ORDER_ISSUE, order_id=order.id)
        timeline.write(ctx, ticket, "order_declined", audience=Audience.CENTRE, order=order.number, reason=why)


def draft_order(ctx: Context, ticket: Ticket, cause: str) -> None:
    """A second rework, a second refused return, a third merged repeat: an order to the lead unit is drafted."""

    at_once = ctx.rules.ladder.order_issue is OrderIssue.AUTOMATIC
    author = SYSTEM if at_once else ctx.actor

    def add_line(ticket: Any, entry: str, at: datetime, audience: Audience, data: dict[str, Any]) -> None:
        timeline.write(ctx.by(author), ticket, entry, at=at, audience=audience, **data)

    query = select(Order.id).where(Order.ticket_id == ticket.id, IS_OPEN_ORDER)
    if ticket.lead_unit_id is not None and ctx.session.scalar(query.limit(1)) is None:
        key = (ticket.id, ticket.lead_unit_id)
        wanted = {key: (cause, ticket, ctx.now)}
        for row in _draft(ctx, wanted, add_line):
            ctx.session.add(Clock(**row))
        if not at_once:
            event = f"ticket:{ticket.id}:{cause}:{ticket.version}:order"
            notices.notify(ctx, ticket, event, "order_drafted", SUPERVISORS, number=ticket.number)
