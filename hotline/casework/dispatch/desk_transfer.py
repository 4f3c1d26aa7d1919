"""The way of a ticket to a unit's desk and back: what a dispatch, a return and a reassignment have in common."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.dispatch import assisting
from hotline.casework.tickets import assist_clocks, clocks
from hotline.casework.tickets.closing import lapse_requests
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.vocabulary import ClockKind

OF_THE_DISPATCH = (ClockKind.SIGN, ClockKind.HANDLE, ClockKind.ASSIST)


def take_back(ctx: Context, ticket: Ticket, how: DispatchEnd) -> None:
    """The ticket leaves the unit: its clocks end, what was asked there lapses, and the centre has the day to dispatch again."""
    row = current_dispatch(ctx.session, ticket)
    row.ended_at, row.ended_how = ctx.now, how
    assisting.end_all(ctx, ticket)
    clocks.end(ctx, ticket, *OF_THE_DISPATCH)
    lapse_requests(ctx, ticket)
    ticket.lead_unit_id = ticket.desk_unit_id = ticket.desk_path = None
    ticket.unsigned_late = False
    clocks.start(ctx, ticket, ClockKind.DISPATCH, ctx.now)


def kept_clock(session: Session, ticket: Ticket, unit: Unit) -> Clock | None:
    """The handling clock that goes on because the ticket was reassigned within the subtree that it came from."""
    query = select(Dispatch, Unit.path).join(Unit, Unit.id == Dispatch.unit_id).where(Dispatch.ticket_id == ticket.id)
    last = session.execute(query.order_by(Dispatch.id.desc()).limit(1)).first()
    if last is None or last[0].ended_how is not DispatchEnd.REASSIGNED or not unit.path.startswith(last[1]):
        return None
    return clocks.latest(session, ticket, ClockKind.HANDLE)


def begin_handling(ctx: Context, ticket: Ticket, at: datetime) -> None:
    """The handling clock starts, and those of whoever assists with it."""
    handle = clocks.start(ctx, ticket, ClockKind.HANDLE, at)
    ctx.session.flush()
    assist_clocks.start_under(ctx, ticket, handle)
