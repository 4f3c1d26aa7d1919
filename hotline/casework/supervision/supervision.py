"""Supervision orders 督办单: drafted by the ladder and by what goes wrong twice, or placed by a supervisor's own hand.

A draft has one working day to be decided, an order three to be answered. Only its issuer sends the answer back or closes the
order; any supervisor, where the system issued it. It never extends a due.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, notices, order_drafts, timeline, units
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.accounts.role_holders import holders, is_held
from hotline.models.accounts.staff import StaffRole
from hotline.models.accounts.units import Unit
from hotline.models.handling.assists import Assist
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import SUPERVISORS, WHOLE_UNIT
from hotline.rules.refusals import ConditionUnmet, InvalidInput, UnknownThing
from hotline.rules.tickets.ticket_number import normalise
from hotline.rules.vocabulary import Action, Audience, ClockKind, OrderState, Role

REPLIERS = frozenset({Role.LEADER})


@dataclass(frozen=True, slots=True)
class OrderStep:
    """`text` is the demand, the reply or the reason, as the step needs it."""

    order: str
    text: str


def _order(session: Session, ticket: Ticket, number: str, *states: OrderState) -> Order:
    order = session.scalar(select(Order).where(Order.ticket_id == ticket.id, Order.number == normalise(number)))
    if order is None:
        raise UnknownThing("这份督办单")
    if order.state not in states:
        raise ConditionUnmet(f"督办单现在是“{order.state.label}”")
    return order


def _close_clocks(ctx: Context, ticket: Ticket, order: Order) -> None:
    clocks.stop(ctx, ticket, ClockKind.ORDER_ISSUE, ClockKind.ORDER_REPLY, order_id=order.id)


def issue(ctx: Context, number: str, given: OrderStep) -> Ticket:
    """A supervisor signs the draft: the unit is told in writing and has three working days to answer."""
    ticket = open_for(ctx, number, Action.ISSUE_ORDER)
    order = _order(ctx.session, ticket, given.order, OrderState.DRAFT)
    _put_in_force(ctx, ticket, order, given.text)
    return ticket


def _put_in_force(ctx: Context, ticket: Ticket, order: Order, demand: str) -> None:
    order.state, order.demand, order.issued_by, order.issued_at = OrderState.ISSUED, demand, ctx.actor.staff_id, ctx.now
    _close_clocks(ctx, ticket, order)
    _start_reply(ctx, ticket, order)
    timeline.write(ctx, ticket, "order_issued", order=order.number, demand=demand)
    _tell_unit(ctx, ticket, order, "order_issued")


def _start_reply(ctx: Context, ticket: Ticket, order: Order) -> None:
    unit, kind = ctx.session.get_one(Unit, order.unit_id), ClockKind.ORDER_REPLY
    clocks.start(ctx, ticket, kind, ctx.now, unit=(unit.id, unit.path), order_id=order.id)


def _tell_unit(ctx: Context, ticket: Ticket, order: Order, kind: str) -> None:
    people = notices.Directory.read(ctx.session).people(WHOLE_UNIT, ctx.session.get_one(Unit, order.unit_id).path)
    data = {"number": ticket.number, "order": order.number}
    event = notices.Event(f"order:{order.id}:{kind}:{order.sent_back}", kind, ctx.now, data)
    notice_rows = notices.build_rows(ctx, people, ticket, event)
    notices.enqueue(ctx.session, notice_rows)


@dataclass(frozen=True, slots=True)
class Placing:
    """`unit` by its code: the lead unit when None, or a unit that assists."""

    demand: str
    unit: str | None = None


def place(ctx: Context, number: str, given: Placing) -> Ticket:
    """A supervisor issues an order by hand; one open order for a ticket and unit."""
    ticket = open_for(ctx, number, Action.PLACE_ORDER)
    unit_id = ticket.lead_unit_id
    if given.unit is not None:
        unit_id = units.unit_by_code(ctx.session, given.unit, "/unit", local(ctx.now).date()).id
        helping = select(Assist.id).where(Assist.ticket_id == ticket.id, Assist.unit_id == unit_id)
        if unit_id != ticket.lead_unit_id and ctx.session.scalar(helping.limit(1)) is None:
            raise InvalidInput({"/unit": "督办单只能发给承办或协办这张工单的单位"})
    if unit_id is None:
        raise ConditionUnmet("这张工单没有承办单位")
    order = order_drafts.add_order(ctx, ticket, unit_id, "by_hand")
    _put_in_force(ctx, ticket, order, given.demand)
    return ticket


def send_back(ctx: Context, number: str, given: OrderStep) -> Ticket:
    """The issuer is not content with the answer: three working days for another one."""
    ticket = open_for(ctx, number, Action.SEND_BACK_ORDER)
    order = _order(ctx.session, ticket, given.order, OrderState.REPLIED)
    _check_issuer(ctx.session, order, ctx.actor, "退回")
    order.state, order.reason, order.sent_back = OrderState.ISSUED, given.text, order.sent_back + 1
    _start_reply(ctx, ticket, order)
    timeline.write(ctx, ticket, "order_sent_back", order=order.number, reason=given.text)
    _tell_unit(ctx, ticket, order, "order_sent_back")
    return ticket


def _check_issuer(session: Session, order: Order, actor: Actor, what: str) -> None:
    # What the system issued by itself is any supervisor's, and so is that of somebody who supervises no more.
    if order.issued_by in (None, actor.staff_id):
        return
    supervises = holders({Role.SUPERVISOR}).where(StaffRole.staff_id == order.issued_by)
    if session.scalar(supervises.limit(1)) is not None:
        raise ConditionUnmet(f"督办单只能由签发人{what}")


def decline(ctx: Context, number: str, given: OrderStep) -> Ticket:
    """A supervisor declines the draft, with a reason."""
    ticket = open_for(ctx, number, Action.DECLINE_ORDER)
    order = _order(ctx.session, ticket, given.order, OrderState.DRAFT)
    order.state, order.reason, order.closed_at = OrderState.DECLINED, given.text, ctx.now
    _close_clocks(ctx, ticket, order)
    centre = Audience.CENTRE
    timeline.write(ctx, ticket, "order_declined", audience=centre, order=order.number, reason=given.text)
    return ticket


def reply(ctx: Context, number: str, given: OrderStep) -> Ticket:
    """The unit's leader answers the order in writing."""

    def desk(ticket: Ticket) -> str | None:
        wanted = (Order.ticket_id == ticket.id, Order.number == normalise(given.order))
        return ctx.session.scalar(select(Unit.path).join(Order, Order.unit_id == Unit.id).where(*wanted))

    ticket = open_for(ctx, number, Action.REPLY_ORDER, desk=desk)
    order = _order(ctx.session, ticket, given.order, OrderState.ISSUED)
    order.state, order.reply, order.replied_by, order.replied_at = (
        OrderState.REPLIED,
        given.text,
        ctx.actor.staff_id,
        ctx.now,
    )
    clocks.stop(ctx, ticket, ClockKind.ORDER_REPLY, order_id=order.id)
    timeline.write(ctx, ticket, "order_replied", order=order.number, reply=given.text)
    event = f"order:{order.id}:replied"
    notices.notify(ctx, ticket, event, "order_replied", SUPERVISORS, number=ticket.number)
    return ticket


def close(ctx: Context, number: str, given: OrderStep) -> Ticket:
    """The issuer, and nobody else, closes an answered order; one that nobody in the unit can answer without an answer."""
    ticket = open_for(ctx, number, Action.CLOSE_ORDER)
    order = _order(ctx.session, ticket, given.order, OrderState.REPLIED, OrderState.ISSUED)
    if order.state is OrderState.ISSUED and is_held(ctx.session, REPLIERS, order.unit_id):
        raise ConditionUnmet("督办单还没有回复，不能销号")
    _check_issuer(ctx.session, order, ctx.actor, "销号")
    order.state, order.reason, order.closed_at = OrderState.CLOSED, given.text, ctx.now
    clocks.end(ctx, ticket, ClockKind.ORDER_REPLY, order_id=order.id)
    timeline.write(ctx, ticket, "order_closed", order=order.number, reason=given.text)
    return ticket
