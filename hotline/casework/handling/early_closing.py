"""Endings before the work is done: nothing runs, waits or is owed any more on a ticket that has ended."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.dispatch import assisting
from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.closing import lapse_requests
from hotline.context import Context
from hotline.models.call_backs.call_backs import QualityCall
from hotline.models.database.session import keys_of
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.messages.recipients import REVIEWERS, UNIT_DESK
from hotline.rules.reason_codes import Receiver
from hotline.rules.refusals import ConditionUnmet, LookUpRefused
from hotline.rules.vocabulary import Action, Audience, ClockKind, OrderState


def finish(ctx: Context, ticket: Ticket, action: Action) -> None:
    """Takes the row to a final state: clocks end, requests lapse, tasks and orders are over.

    Refuses `ConditionUnmet` while a rectification is open: a case closes only after its re-check.
    """
    open_case = select(Rectification.id).where(Rectification.ticket_id == ticket.id, IS_OPEN_CASE)
    if ctx.session.scalar(open_case.limit(1)) is not None:
        raise ConditionUnmet("这张工单的差评整改还没有销号")
    advance(ticket, action, ctx.now)
    ticket.closed_at, ticket.closed_by, ticket.suspended_until = ctx.now, ctx.actor.staff_id, None
    assisting.end_all(ctx, ticket)
    for order in ctx.session.scalars(select(Order).where(Order.ticket_id == ticket.id, IS_OPEN_ORDER)):
        ended = OrderState.DECLINED if order.state is OrderState.DRAFT else OrderState.CLOSED
        order.state, order.closed_at, order.reason = ended, ctx.now, f"工单已{action.label}"
    lapse_requests(ctx, ticket)
    clocks.end(ctx, ticket)


def check_code(session: Session, ticket: Ticket, code: str) -> None:
    """Refuses `LookUpRefused` unless this is the query code, which only the enterprise knows."""
    keys = keys_of(session)
    if not keys.same(ticket.query_code_hash, keys.query_code_hash(ticket.number, code)):
        raise LookUpRefused()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`code` is the query code, which the enterprise types or tells the operator."""

    code: str
    reason: str = ""
    version: int | None = None


def withdraw(ctx: Context, number: str, given: Withdrawal) -> Ticket:
    """Row 25: the enterprise withdraws, by itself or on a call; never the unit. Refuses `LookUpRefused` for a wrong code.

    After a dispatch somebody calls within two working days, so that nobody is talked into it.
    """
    action = Action.WITHDRAW
    ticket = open_for(ctx, number, action, version=given.version)
    check_code(ctx.session, ticket, given.code)
    if ticket.lead_unit_id is not None:
        days = ctx.rules.limits.quality_call_days
        ctx.session.add(QualityCall(ticket_id=ticket.id, due_at=ctx.rules.calendar.due(ctx.now, days).at, remark=""))
        event, kind = f"ticket:{ticket.id}:withdrawn", "withdrawn"
        notices.notify(ctx, ticket, event, kind, UNIT_DESK | REVIEWERS, number=ticket.number)
    finish(ctx, ticket, action)
    # On a secret ticket the enterprise's own words may say who it is.
    reason = "" if ticket.confidential or ticket.anonymous else given.reason
    timeline.write(ctx, ticket, "withdrawn", audience=Audience.PUBLIC, reason=reason)
    return ticket


@dataclass(frozen=True, slots=True)
class Remark:
    remark: str
    version: int | None = None


def no_info(ctx: Context, number: str, given: Remark) -> Ticket:
    """Row 4: nothing came within the window; refuses `ConditionUnmet` before it is over."""
    action = Action.NO_INFO
    ticket = open_for(ctx, number, action, version=given.version)
    supplies = clocks.running(ctx.session, ticket, ClockKind.SUPPLY)
    if not all(has_passed(clock.due_at, ctx.now) for clock in supplies):
        raise ConditionUnmet("企业补正的期限还没有过")
    finish(ctx, ticket, action)
    ticket.reply, ticket.replied_at = given.remark, ctx.now
    timeline.write(ctx, ticket, "not_supplied", audience=Audience.PUBLIC, remark=given.remark)
    _tell(ctx, ticket, "not_supplied")
    return ticket


@dataclass(frozen=True, slots=True)
class Transfer:
    """To whom the matter is handed, and what the enterprise is told to do."""

    receiver: Receiver
    path: str
    version: int | None = None


def transfer(ctx: Context, number: str, given: Transfer) -> Ticket:
    """Row 28: another line's matter; the enterprise is told whose."""
    action = Action.TRANSFER
    ticket = open_for(ctx, number, action, version=given.version)
    finish(ctx, ticket, action)
    ticket.reply, ticket.replied_at = given.path, ctx.now
    receiver, public = given.receiver.label, Audience.PUBLIC
    timeline.write(ctx, ticket, "transferred", audience=public, receiver=receiver, path=given.path)
    _tell(ctx, ticket, "transferred")
    return ticket


def _tell(ctx: Context, ticket: Ticket, kind: str) -> None:
    event = f"ticket:{ticket.id}:{kind}:{ticket.version}"
    notices.tell_enterprise(ctx, ticket, event, kind, text=ticket.reply)
