"""Repeats: the same matter of the same enterprise becomes a reminder of its first ticket, and itself again (rows 6, 27, 31)."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hotline.casework.dispatch import desk_transfer
from hotline.casework.handling import early_closing, reminders
from hotline.casework.tickets import clocks, notices, order_drafts, secrecy_guard, timeline
from hotline.casework.tickets.access import advance, open_for, ticket_for
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.context import Context
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.tickets.merges import repeat_count, repeats_of
from hotline.models.tickets.reminders import Reminder
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.messages.recipients import UNIT_DESK
from hotline.rules.permissions import check_action
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.refusals import ConditionUnmet, InvalidInput, UnknownTicket
from hotline.rules.supervision.orders import repeats_call_for_order
from hotline.rules.tickets.states import is_open
from hotline.rules.tickets.ticket_number import normalise
from hotline.rules.vocabulary import Action, Audience, ClockKind


@dataclass(frozen=True, slots=True)
class Merge:
    """`master` is the number of the ticket that goes on."""

    master: str
    version: int | None = None


def merge(ctx: Context, number: str, given: Merge) -> Ticket:
    """Rows 6 and 31: refuses another enterprise's matter, an ended master, itself, a confidential one into an open one, and a
    report into a ticket that its target reads.

    Both rows are locked in the order of their numbers: of two merges in opposite directions one finds its ticket merged.
    """
    if normalise(number) == normalise(given.master):
        raise InvalidInput({"/master": "不能并入工单自己"})
    action = Action.MERGE
    seen = ticket_for(ctx, number)
    check_action(ctx.actor, action, seen.desk_path, seen.state)
    master = _lock_both(ctx, number, given.master)
    ticket = open_for(ctx, number, action, version=given.version)
    _check(ctx.session, ticket, master)
    _leave_unit(ctx, ticket, master)
    early_closing.finish(ctx, ticket, action)
    before = repeat_count(ctx.session, master.id)
    ticket.merged_into_id = master.id
    reminders.remind_of_repeat(ctx, master, ticket)
    _lead_to(ctx, master, [ticket, *repeats_of(ctx.session, ticket.id, lock=True)])
    if repeats_call_for_order(before, repeat_count(ctx.session, master.id), ctx.rules.limits):
        order_drafts.draft_order(ctx, master, "repeats")
    return ticket


def _leave_unit(ctx: Context, ticket: Ticket, master: Ticket) -> None:
    """The unit that has it works on it no more, and is told; it still reads what it had."""
    if ticket.lead_unit_id is not None:
        row = current_dispatch(ctx.session, ticket)
        row.ended_at, row.ended_how = ctx.now, DispatchEnd.MERGED
        event, data = f"ticket:{ticket.id}:merged:{ticket.version}:unit", {"master": master.number}
        notices.notify(ctx, ticket, event, "merged", UNIT_DESK, number=ticket.number, **data)


def _lead_to(ctx: Context, master: Ticket, merged: list[Ticket]) -> None:
    """All of these go on in this ticket: their words are its reminders, and each enterprise is told where to look."""
    moved = update(Reminder).where(Reminder.repeat_id.in_([ticket.id for ticket in merged]))
    ctx.session.execute(moved.values(ticket_id=master.id))
    for ticket in merged:
        ticket.reply, ticket.replied_at = f"您反映的事项与工单{master.number}相同，已并入该工单一并办理。", ctx.now
        timeline.write(ctx, ticket, "merged", audience=Audience.PUBLIC, master=master.number)
        event = f"ticket:{ticket.id}:merged:{ticket.timeline_length}"
        notices.tell_enterprise(ctx, ticket, event, "merged", master=master.number)


def _lock_both(ctx: Context, number: str, master: str) -> Ticket:
    found: dict[str, Ticket] = {}
    for name in sorted({normalise(number), normalise(master)}):
        try:
            found[name] = ticket_for(ctx, name, lock=True)
        except UnknownTicket:
            raise InvalidInput({"/master": "没有这张工单，或者您无权查看"}) from None
    return found[normalise(master)]


def _check(session: Session, ticket: Ticket, master: Ticket) -> None:
    if not is_open(master.state):
        raise ConditionUnmet(f"工单{master.number}{master.state.label}，不能再并入")
    if (ticket.confidential or ticket.anonymous) and not (master.confidential or master.anonymous):
        raise ConditionUnmet("保密、匿名的诉求不能并入公开的工单")
    if not _same_enterprise(session, ticket, master):
        raise ConditionUnmet(_why_not_the_same(session, ticket, master))
    secrecy_guard.check_merge(session, ticket, master)


def _same_enterprise(session: Session, ticket: Ticket, master: Ticket) -> bool:
    if _established(session, ticket) & _established(session, master):
        return True
    ids = [one.contact_id for one in (ticket, master) if one.contact_id is not None]
    hashes = list(session.scalars(select(Contact.phone_hash).where(Contact.id.in_(ids))))
    return len(ids) == 2 and None not in hashes and len(set(hashes)) == 1


def _why_not_the_same(session: Session, ticket: Ticket, master: Ticket) -> str:
    for one in (ticket, master):
        if one.enterprise_id is not None and not _established(session, one):
            return f"工单{one.number}的企业尚未核实，请先核实再并单"
    return "两张工单不是同一家企业的诉求，不能并单"


def _established(session: Session, ticket: Ticket) -> set[int]:
    """Return the id of the enterprise of this ticket, if staff have verified it: what somebody writes proves nothing."""
    head = select(func.coalesce(Enterprise.head_id, Enterprise.id)).where(Enterprise.id == ticket.enterprise_id)
    verified = select(Enterprise.id).where(Enterprise.id.in_(head), Enterprise.verified_at.is_not(None))
    return set(session.scalars(verified))


@dataclass(frozen=True, slots=True)
class Unmerge:
    reason: str
    version: int | None = None


def unmerge(ctx: Context, number: str, given: Unmerge) -> Ticket:
    """Row 27: a wrong merge is undone, and the reminder is taken back; what was merged into it comes along.

    Its clock counts from the first receipt. What had been dispatched waits for its dispatch again, from now on.
    """
    action = Action.UNMERGE
    ticket = open_for(ctx, number, action, version=given.version)
    reminder = ctx.session.scalar(select(Reminder).where(Reminder.repeat_id == ticket.id))
    if reminder is not None:
        ctx.session.delete(reminder)
    dispatched = select(Dispatch.id).where(Dispatch.ticket_id == ticket.id).limit(1)
    again = ctx.session.scalar(dispatched) is not None
    advance(ticket, action, ctx.now, after_dispatch=again)
    ticket.merged_into_id = ticket.closed_at = ticket.closed_by = ticket.reply = ticket.replied_at = None
    desk_transfer.leave_desk(ticket)
    clocks.start(ctx, ticket, *((ClockKind.DISPATCH, ctx.now) if again else (ClockKind.ACCEPT, ticket.received_at)))
    timeline.write(ctx, ticket, "unmerged", audience=Audience.PUBLIC, reason=given.reason, again=again)
    event = f"ticket:{ticket.id}:unmerged:{ticket.version}"
    notices.tell_enterprise(ctx, ticket, event, "unmerged")
    _lead_to(ctx, ticket, repeats_of(ctx.session, ticket.id, lock=True))
    return ticket
