"""Calls at the line: each is a row from its beginning, whether it makes a ticket or not; the caller's number is sealed."""

from dataclasses import dataclass

from sqlalchemy import select

from hotline.casework.tickets import contacts
from hotline.casework.tickets.contacts import ContactGiven
from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.call_backs.call_backs import Call
from hotline.models.tickets.tickets import Ticket
from hotline.rules.reason_codes import CallResult
from hotline.rules.refusals import ConditionUnmet, RoleMissing, UnknownThing
from hotline.rules.workflow import INTAKE

NOT_SAID = frozenset({CallResult.OPEN, CallResult.TICKET, CallResult.LEFT})
"""What nobody says of a call: it follows from what is done."""


@dataclass(frozen=True, slots=True)
class CallBegun:
    """`phone` in its one form, or None where the number is withheld; `recording_id` is the telephone system's."""

    phone: str | None = None
    recording_id: str | None = None


@dataclass(frozen=True, slots=True)
class CallEnded:
    result: CallResult
    recording_id: str | None = None


def open_call(ctx: Context) -> Call | None:
    """The call that this operator is in."""
    return ctx.session.scalar(select(Call).where(Call.operator_id == ctx.actor.staff_id, Call.ended_at.is_(None)))


def begin(ctx: Context, given: CallBegun) -> Call:
    """One call at a time: begun again with the same number it is the same call; another one leaves the first without a result.

    Refuses `RoleMissing` to whoever does not sit at the line.
    """
    if not ctx.actor.roles & INTAKE:
        raise RoleMissing("接听来电")
    # Two screens of one operator that begin at once wait for each other here.
    ctx.session.execute(select(Staff.id).where(Staff.id == ctx.actor.staff_id).with_for_update())
    contact = contacts.contact_for(ctx, None, ContactGiven(phone=given.phone))
    contact_id = contact.id if contact else None
    call = open_call(ctx)
    if call is not None and call.contact_id == contact_id:
        call.recording_id = given.recording_id or call.recording_id
        return call
    if call is not None:
        call.result, call.ended_at = CallResult.LEFT, ctx.now
        ctx.session.flush()
    assert ctx.actor.staff_id is not None
    call = Call(contact_id=contact_id, began_at=ctx.now, operator_id=ctx.actor.staff_id, result=CallResult.OPEN)
    call.recording_id = given.recording_id
    ctx.session.add(call)
    ctx.session.flush()
    return call


def end(ctx: Context, call_id: int, given: CallEnded) -> Call:
    """A call that makes no ticket ends with a result. Refuses `UnknownThing` for another's call, and what has ended."""
    if given.result in NOT_SAID:
        raise ConditionUnmet(f"通话不能以“{given.result.label}”结束")
    call = _running(ctx, call_id)
    call.result, call.ended_at = given.result, ctx.now
    call.recording_id = given.recording_id or call.recording_id
    ctx.session.flush()
    return call


def end_with_ticket(ctx: Context, call_id: int, ticket: Ticket) -> None:
    """The call has become this ticket."""
    call = _running(ctx, call_id)
    call.result, call.ended_at, call.ticket_id = CallResult.TICKET, ctx.now, ticket.id
    ctx.session.flush()


def _running(ctx: Context, call_id: int) -> Call:
    query = select(Call).where(Call.id == call_id, Call.operator_id == ctx.actor.staff_id).with_for_update()
    call = ctx.session.scalar(query)
    if call is None:
        raise UnknownThing("这次通话")
    if call.ended_at is not None:
        raise ConditionUnmet("这次通话已经结束")
    return call
