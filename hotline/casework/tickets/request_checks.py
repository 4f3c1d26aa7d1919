"""What has to hold when a request is put forward: its terms (`rules.handling.request_terms`), and what is written in it."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, secrecy_guard, units
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.requests import Request
from hotline.models.tickets.progress import asked_of
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.handling import request_terms
from hotline.rules.handling.request_terms import suspension_left
from hotline.rules.reason_codes import SuspensionReason
from hotline.rules.refusals import ConditionUnmet, InvalidInput
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, ResultKind


def check_asked(ctx: Context, ticket: Ticket, request: Request) -> None:
    """Refuses what may not be asked for now, or not in this way."""
    asked = asked_of(ctx.session, {ticket.id: ticket})[ticket.id]
    request_terms.check(request.kind, asked, ctx.now, ctx.rules.limits, ctx.rules.calendar)
    check = CHECKS.get(request.kind)
    if check is not None:
        check(ctx, ticket, request)


def current_dispatch(session: Session, ticket: Ticket) -> Dispatch:
    """The dispatch by which the ticket lies where it lies."""
    query = select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id.desc()).limit(1)
    return session.scalars(query).one()


def handle_clock(session: Session, ticket: Ticket) -> Clock:
    """The handling clock that runs, paused or not."""
    (clock,) = clocks.running(session, ticket, ClockKind.HANDLE)
    return clock


def _suggested(ctx: Context, ticket: Ticket, request: Request) -> None:
    unit = units.unit_by_code(ctx.session, request.details["suggested_unit"], "/suggested_unit", local(ctx.now).date())
    if unit.id == ticket.lead_unit_id:
        raise InvalidInput({"/suggested_unit": "请写明应由哪个其他单位承办"})
    secrecy_guard.check(ctx.session, ticket, unit)


def _extension(ctx: Context, ticket: Ticket, request: Request) -> None:
    longest = ctx.rules.limits.extension[ticket.difficulty or Difficulty.ORDINARY]
    if not 1 <= request.details["days"] <= longest:
        raise InvalidInput({"/days": f"最多延期{longest}个工作日"})


def _suspension(ctx: Context, ticket: Ticket, request: Request) -> None:
    on, limits = date.fromisoformat(request.details["until"]), ctx.rules.limits
    if on <= local(ctx.now).date():
        raise InvalidInput({"/until": "挂起的截止日期应在今天之后"})
    asked = asked_of(ctx.session, {ticket.id: ticket})[ticket.id]
    waiting = request.details["code"] == SuspensionReason.MATERIAL
    left = suspension_left(asked, limits)
    longest = min(limits.suspension_material_days, left) if waiting else left
    if ctx.rules.calendar.remaining_working_days(ctx.now, ctx.rules.calendar.close(on)) > longest:
        raise InvalidInput({"/until": f"最多挂起{longest}个工作日"})
    if request.details["code"] in asked.suspended_for:
        raise ConditionUnmet("本轮办理已经因同一原因挂起过")


def _promise(ctx: Context, ticket: Ticket, request: Request) -> None:
    """A day that lies ahead, and not too far: a promise without an end is none."""
    longest = ctx.rules.limits.tracked[ResultKind(request.kind)]
    until = ctx.rules.calendar.close(date.fromisoformat(request.details["until"]))
    if not 1 <= ctx.rules.calendar.remaining_working_days(ctx.now, until) <= longest:
        raise InvalidInput({"/until": f"日期应在今后{longest}个工作日之内"})


CHECKS: dict[RequestKind, Callable[[Context, Ticket, Request], None]] = {
    RequestKind.RETURN: _suggested,
    RequestKind.REASSIGN: _suggested,
    RequestKind.EXTENSION: _extension,
    RequestKind.SUSPENSION: _suspension,
    RequestKind.PROMISED: _promise,
    RequestKind.STATUTORY: _promise,
}
