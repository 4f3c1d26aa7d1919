"""Repeats: the same matter of the same enterprise becomes a reminder of its first ticket, and itself again (rows 6, 27)."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.handling import early_closing, reminders
from hotline.casework.tickets import clocks, notices, order_drafts, secrecy_guard, timeline
from hotline.casework.tickets.access import advance, open_for, ticket_for
from hotline.context import Context
from hotline.models.intake.enterprises import Contact
from hotline.models.tickets.reminders import Reminder
from hotline.models.tickets.tickets import Ticket
from hotline.rules.permissions import check_action
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
    """Row 6: refuses another enterprise's matter, an ended master, itself, a confidential one into an open one, and a report
    into a ticket that its target reads.

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
    early_closing.finish(ctx, ticket, action)
    ticket.merged_into_id = master.id
    ticket.reply, ticket.replied_at = f"您反映的事项与工单{master.number}相同，已并入该工单一并办理。", ctx.now
    into, public = master.number, Audience.PUBLIC
    timeline.write(ctx, ticket, "merged", audience=public, master=into)
    event = f"ticket:{ticket.id}:merged:{ticket.version}"
    notices.tell_enterprise(ctx, ticket, event, "merged", master=into)
    reminders.remind_of_repeat(ctx, master, ticket)
    repeats = select(func.count()).where(Reminder.ticket_id == master.id, Reminder.repeat_id.is_not(None))
    if repeats_call_for_order(ctx.session.scalar(repeats) or 0, ctx.rules.limits):
        order_drafts.draft_order(ctx, master, "repeats")
    return ticket


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
        raise ConditionUnmet("两张工单不是同一家企业的诉求，不能并单")
    secrecy_guard.check_merge(session, ticket, master)


def _same_enterprise(session: Session, ticket: Ticket, master: Ticket) -> bool:
    if ticket.enterprise_id is not None and ticket.enterprise_id == master.enterprise_id:
        return True
    ids = [one.contact_id for one in (ticket, master) if one.contact_id is not None]
    hashes = list(session.scalars(select(Contact.phone_hash).where(Contact.id.in_(ids))))
    return len(ids) == 2 and None not in hashes and len(set(hashes)) == 1


@dataclass(frozen=True, slots=True)
class Unmerge:
    reason: str
    version: int | None = None


def unmerge(ctx: Context, number: str, given: Unmerge) -> Ticket:
    """Row 27: a wrong merge is undone; the clock counts from the first receipt, and the reminder is taken back."""
    action = Action.UNMERGE
    ticket = open_for(ctx, number, action, version=given.version)
    reminder = ctx.session.scalar(select(Reminder).where(Reminder.repeat_id == ticket.id))
    if reminder is not None:
        ctx.session.delete(reminder)
    advance(ticket, action, ctx.now)
    ticket.merged_into_id = ticket.closed_at = ticket.closed_by = ticket.reply = ticket.replied_at = None
    clocks.start(ctx, ticket, ClockKind.ACCEPT, ticket.received_at)
    public = Audience.PUBLIC
    timeline.write(ctx, ticket, "unmerged", audience=public, reason=given.reason)
    event = f"ticket:{ticket.id}:unmerged:{ticket.version}"
    notices.tell_enterprise(ctx, ticket, event, "unmerged")
    return ticket
