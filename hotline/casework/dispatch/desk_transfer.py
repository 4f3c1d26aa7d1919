"""The way of a ticket to a unit's desk and back: what a dispatch, a return, a recall and a reassignment have in common."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.dispatch import assisting
from hotline.casework.tickets import assist_clocks, clocks, notices, order_drafts
from hotline.casework.tickets.closing import lapse_requests
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.messages.recipients import UNIT_DESK
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.vocabulary import ClockKind

OF_THE_DISPATCH = (ClockKind.SIGN, ClockKind.HANDLE, ClockKind.ASSIST)
KEPT = (ClockKind.SIGN, ClockKind.HANDLE)


def take_back(ctx: Context, ticket: Ticket, how: DispatchEnd) -> bool:
    """Take the ticket from the unit: its clocks end, what was asked there lapses, the centre has the day to dispatch again.

    An issued order stays, a draft for being late lapses. Return whether a clock of the unit ended late: that stays counted.
    """
    row = current_dispatch(ctx.session, ticket)
    row.ended_at, row.ended_how = ctx.now, how
    _tell_unit(ctx, ticket, row)
    assisting.end_all(ctx, ticket)
    running = clocks.running(ctx.session, ticket, *OF_THE_DISPATCH)
    clocks.end(ctx, ticket, *OF_THE_DISPATCH)
    lapse_requests(ctx, ticket)
    order_drafts.lapse_late_drafts(ctx, ticket, f"工单已{how.label}")
    leave_desk(ticket)
    clocks.start(ctx, ticket, ClockKind.DISPATCH, ctx.now)
    return any(clock.late for clock in running)


def asked_back(ctx: Context, ticket: Ticket, row: Dispatch) -> Clock | None:
    """Return the signing that a return has halted, if one has; its due on the dispatch follows a calendar that changed since."""
    sign = clocks.latest(ctx.session, ticket, ClockKind.SIGN)
    if sign is None or sign.stopped_at is None or sign.due_at != row.sign_due_at:
        return None
    due = clocks.due_by_calendar(sign, ctx.rules.calendar)
    row.sign_due_at = sign.due_at if due is None else due.at
    return sign


def leave_desk(ticket: Ticket) -> None:
    """Take the ticket off every unit's desk."""
    ticket.lead_unit_id = ticket.desk_unit_id = ticket.desk_path = None
    ticket.unsigned_late = False


def _tell_unit(ctx: Context, ticket: Ticket, row: Dispatch) -> None:
    data = {"number": ticket.number, "how": str(row.ended_how)}
    notices.notify(ctx, ticket, f"dispatch:{row.id}:ended", "taken_back", UNIT_DESK, **data)


def kept_clocks(session: Session, ticket: Ticket, unit: Unit) -> Sequence[Clock]:
    """Return the clocks that go on because the ticket was reassigned within the subtree that it came from.

    They are those that ended with that dispatch: the signing of what nobody had signed for, the handling where it had begun.
    """
    query = select(Dispatch, Unit.path).join(Unit, Unit.id == Dispatch.unit_id).where(Dispatch.ticket_id == ticket.id)
    last = session.execute(query.order_by(Dispatch.id.desc()).limit(1)).first()
    if last is None or last[0].ended_how is not DispatchEnd.REASSIGNED or not unit.path.startswith(last[1]):
        return ()
    ended = (Clock.ticket_id == ticket.id, Clock.stopped_at == last[0].ended_at, Clock.met_at.is_(None))
    of_that = (Clock.kind.in_(KEPT), Clock.unit_path.startswith(last[1]))
    return session.scalars(select(Clock).where(*ended, *of_that).order_by(Clock.id)).all()


def begin_handling(ctx: Context, ticket: Ticket, at: datetime) -> None:
    """The handling clock starts, and those of whoever assists with it."""
    handle = clocks.start(ctx, ticket, ClockKind.HANDLE, at)
    ctx.session.flush()
    assist_clocks.start_under(ctx, ticket, handle)
