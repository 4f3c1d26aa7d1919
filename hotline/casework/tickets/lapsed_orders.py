"""Drafts of supervision orders that have lost their cause: the due has moved, and what was late is late no longer.

Where the due moves back, as after a calendar that was imported by mistake, the draft lies before the supervisors again: the step
of the ladder that drafted it does not fire twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hotline.casework.tickets.ladder_plan import plan
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.supervision.orders import Order
from hotline.rules.deadlines.ladder import ORDER
from hotline.rules.deadlines.lateness import ends_late, is_late
from hotline.rules.supervision.orders import is_open_order
from hotline.rules.vocabulary import ORDER_CLOCKS, ClockKind, OrderState

REASON = "时限已顺延，不再超期，草稿自动失效"
AddLine = Callable[[Any, str, dict[str, Any]], None]


def follow(
    ctx: Context, tickets: Mapping[int, Any], moved: Sequence[Any], running: Sequence[Any], add_line: AddLine
) -> None:
    """Let drafts lapse, or lie there again, for clocks that have `moved` from the step of the order or to it."""
    _lapse(ctx, tickets, moved, running, add_line)
    _restore(ctx, tickets, [clock for clock in moved if clock.step >= ORDER and _is_late(ctx, clock)], add_line)


def _lapse(
    ctx: Context, tickets: Mapping[int, Any], moved: Sequence[Any], running: Iterable[Any], add_line: AddLine
) -> None:
    """End the drafts of the ladder for the clocks that have `moved`, where none of the unit's clocks is late any more.

    `running`: all running clocks of these tickets. What a supervisor has signed stays, and so does a draft for another cause
    than a clock. Every draft that lapses writes a line on its ticket.
    """
    kinds = {(clock.ticket_id, str(clock.kind)) for clock in moved if clock.kind in ORDER_CLOCKS}
    late = {(clock.ticket_id, _unit(clock, tickets)) for clock in running if _is_late(ctx, clock)}
    for order in _drafts(ctx, kinds):
        if (order.ticket_id, order.cause) in kinds and (order.ticket_id, order.unit_id) not in late:
            order.state, order.reason, order.closed_at = OrderState.DECLINED, REASON, ctx.now
            _end_issuing(ctx, order)
            add_line(tickets[order.ticket_id], "order_lapsed", {"order": order.number})
    ctx.session.flush()


def _restore(ctx: Context, tickets: Mapping[int, Any], late: Sequence[Any], add_line: AddLine) -> None:
    wanted = {(clock.ticket_id, _unit(clock, tickets), str(clock.kind)) for clock in late}
    if not wanted:
        return
    query = select(Order).where(Order.ticket_id.in_({ticket_id for ticket_id, _, _ in wanted}))
    orders = ctx.session.scalars(query.order_by(Order.id.desc())).all()
    taken = {(order.ticket_id, order.unit_id) for order in orders if is_open_order(order.state)}
    for order in orders:
        key = (order.ticket_id, order.unit_id)
        lapsed = order.state is OrderState.DECLINED and order.reason == REASON
        if lapsed and key not in taken and (*key, order.cause) in wanted:
            taken.add(key)
            order.state, order.reason, order.closed_at = OrderState.DRAFT, None, None
            _go_on_issuing(ctx, order)
            add_line(tickets[order.ticket_id], "order_drafted", {"order": order.number, "cause": order.cause})
    ctx.session.flush()


def _is_late(ctx: Context, clock: Any) -> bool:
    return clock.kind in ORDER_CLOCKS and is_late(clock, ctx.now)


def _unit(clock: Any, tickets: Mapping[int, Any]) -> int | None:
    unit_id: int | None = clock.unit_id or tickets[clock.ticket_id].lead_unit_id
    return unit_id


def _drafts(ctx: Context, kinds: Iterable[tuple[int, str]]) -> Sequence[Order]:
    ids = {ticket_id for ticket_id, _ in kinds}
    if not ids:
        return ()
    query = select(Order).where(Order.ticket_id.in_(ids), Order.state == OrderState.DRAFT)
    return ctx.session.scalars(query.order_by(Order.id)).all()


def _go_on_issuing(ctx: Context, order: Order) -> None:
    """The supervisors have the time that they had; what was late already stays so."""
    query = select(Clock).where(Clock.order_id == order.id, Clock.kind == ClockKind.ORDER_ISSUE)
    for clock in ctx.session.scalars(query.execution_options(populate_existing=True)):
        clock.late, clock.stopped_at = clock.late or None, None
        plan(clock, rulebook=ctx.rules)


def _end_issuing(ctx: Context, order: Order) -> None:
    """Nobody has to sign it any more; a signature that was owed too long stays late."""
    query = select(Clock).where(Clock.order_id == order.id, Clock.stopped_at.is_(None))
    for clock in ctx.session.scalars(query.execution_options(populate_existing=True)):
        clock.late = ends_late(clock, ctx.now)
        clock.stopped_at, clock.next_step_at = ctx.now, None
