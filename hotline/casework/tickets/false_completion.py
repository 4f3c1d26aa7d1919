"""Sham finishing 虚假办结: a call of the centre proves that what the unit submitted is untrue. The round is marked, for good."""

from sqlalchemy import select

from hotline.casework.tickets import notices, timeline
from hotline.context import Context
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.messages.recipients import SUPERVISORS, UNIT_HEADS
from hotline.rules.refusals import ConditionUnmet


def mark(ctx: Context, ticket: Ticket) -> None:
    """Marks the round of the last result; a second proof changes nothing. It moves no clock and takes no mark back."""
    query = select(Result).where(Result.ticket_id == ticket.id, Result.submitted_at.is_not(None))
    result = ctx.session.scalars(query.order_by(Result.id.desc()).limit(1)).first()
    if result is None:
        raise ConditionUnmet("这张工单没有提交过办理结果")
    if result.sham_at is not None:
        return
    result.sham_at = ctx.now
    timeline.write(ctx, ticket, "sham_found", round=result.round)
    event, data = f"result:{result.id}:sham", {"number": ticket.number}
    notices.notify(ctx, ticket, event, "sham_found", UNIT_HEADS | SUPERVISORS, **data)
