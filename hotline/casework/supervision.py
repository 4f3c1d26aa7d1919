"""Supervision orders 督办单: drafted by the ladder or by a second rework, issued or declined by a supervisor.

A draft has one working day to be decided, an order three to be answered. Only its issuer closes it. It never extends a due.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework import clocks, notices, timeline
from hotline.casework.access import open_for_deed
from hotline.records.orders import Order
from hotline.records.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.rules.ticket_number import normalise
from hotline.rules.vocabulary import Audience, ClockKind, Deed, OrderState, Role

UNIT_TOLD = frozenset({Role.HANDLER, Role.LIAISON, Role.DEPUTY, Role.LEADER})


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


def _close_clocks(session: Session, ticket: Ticket, order: Order, now: datetime) -> None:
    clocks.stop(session, ticket, ClockKind.ORDER_ISSUE, ClockKind.ORDER_REPLY, now=now, order_id=order.id)


def issue(
    session: Session, number: str, given: OrderStep, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """A supervisor signs the draft: the unit is told in writing and has three working days to answer."""
    ticket = open_for_deed(session, number, Deed.ISSUE_ORDER, actor=actor, now=now, rulebook=rulebook)
    order = _order(session, ticket, given.order, OrderState.DRAFT)
    order.state, order.demand, order.issued_by, order.issued_at = OrderState.ISSUED, given.text, actor.staff_id, now
    _close_clocks(session, ticket, order, now)
    clocks.start(session, ticket, ClockKind.ORDER_REPLY, now, rulebook=rulebook, order_id=order.id)
    timeline.write(session, ticket, "order_issued", actor=actor, now=now, order=order.number, demand=given.text)
    event = f"order:{order.id}:issued"
    notices.tell(session, ticket, event, "order_issued", UNIT_TOLD, now=now, rulebook=rulebook, number=ticket.number)
    return ticket


def decline(
    session: Session, number: str, given: OrderStep, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """A supervisor declines the draft, with a reason."""
    ticket = open_for_deed(session, number, Deed.DECLINE_ORDER, actor=actor, now=now, rulebook=rulebook)
    order = _order(session, ticket, given.order, OrderState.DRAFT)
    order.state, order.reason, order.closed_at = OrderState.DECLINED, given.text, now
    _close_clocks(session, ticket, order, now)
    centre = Audience.CENTRE
    timeline.write(
        session, ticket, "order_declined", actor=actor, now=now, audience=centre, order=order.number, reason=given.text
    )
    return ticket


def reply(
    session: Session, number: str, given: OrderStep, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """The unit's leader answers the order in writing."""
    ticket = open_for_deed(session, number, Deed.REPLY_ORDER, actor=actor, now=now, rulebook=rulebook)
    order = _order(session, ticket, given.order, OrderState.ISSUED)
    order.state, order.reply, order.replied_by, order.replied_at = OrderState.REPLIED, given.text, actor.staff_id, now
    _close_clocks(session, ticket, order, now)
    timeline.write(session, ticket, "order_replied", actor=actor, now=now, order=order.number, reply=given.text)
    event = f"order:{order.id}:replied"
    told = {Role.SUPERVISOR}
    notices.tell(session, ticket, event, "order_replied", told, now=now, rulebook=rulebook, number=ticket.number)
    return ticket


def close(
    session: Session, number: str, given: OrderStep, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """The issuer, and nobody else, closes an answered order."""
    ticket = open_for_deed(session, number, Deed.CLOSE_ORDER, actor=actor, now=now, rulebook=rulebook)
    order = _order(session, ticket, given.order, OrderState.REPLIED)
    if order.issued_by != actor.staff_id:
        raise ConditionUnmet("督办单只能由签发人销号")
    order.state, order.reason, order.closed_at = OrderState.CLOSED, given.text, now
    timeline.write(session, ticket, "order_closed", actor=actor, now=now, order=order.number, reason=given.text)
    return ticket
