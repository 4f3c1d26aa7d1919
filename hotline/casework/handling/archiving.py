"""Archiving (row 24): 30 working days after the closing, when nothing is open any more, a ticket becomes read-only."""

from sqlalchemy import exists, select

from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import advance
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.tracked import IS_OPEN_ITEM, TrackedItem
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.refusals import CalendarNotPublished
from hotline.rules.tickets.states import TO_ARCHIVE
from hotline.rules.vocabulary import Action

BATCH = 200


def archive_batch(ctx: Context) -> int:
    """Archives what may be archived, the longest closed first; answers how many.

    Open orders, cases and tracked items keep a ticket back.
    """
    open_order = exists().where(Order.ticket_id == Ticket.id, IS_OPEN_ORDER)
    open_case = exists().where(Rectification.ticket_id == Ticket.id, IS_OPEN_CASE)
    open_item = exists().where(TrackedItem.ticket_id == Ticket.id, IS_OPEN_ITEM)
    running = exists().where(Clock.ticket_id == Ticket.id, Clock.stopped_at.is_(None))
    query = select(Ticket).where(in_states(TO_ARCHIVE), Ticket.archive_after <= ctx.now)
    query = (
        query.where(~open_order, ~open_case, ~open_item, ~running)
        .order_by(Ticket.archive_after, Ticket.id)
        .limit(BATCH)
    )
    tickets = ctx.session.scalars(query.with_for_update(of=Ticket, skip_locked=True)).all()
    for ticket in tickets:
        _archive(ctx, ticket)
    return len(tickets)


def _archive(ctx: Context, ticket: Ticket) -> None:
    days = ctx.rules.limits.archive_after_days
    assert ticket.closed_at is not None
    try:
        ticket.archive_after = ctx.rules.calendar.exact_due(ticket.closed_at, days)
    except CalendarNotPublished:
        # The plan was made Monday to Friday; what is not sure can wait a while longer.
        ticket.archive_after = ctx.rules.calendar.due(ctx.now, 5).at
        return
    if ticket.archive_after <= ctx.now:
        advance(ticket, Action.ARCHIVE, ctx.now)
        timeline.write(ctx.by(SYSTEM), ticket, "archived", at=ticket.archive_after)
