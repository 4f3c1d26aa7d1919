"""What has to hold when a request is put forward: its terms (`rules.handling.request_terms`), and what is written in it."""

from collections.abc import Callable
from dataclasses import dataclass
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
from hotline.rules.handling.request_terms import Position
from hotline.rules.reason_codes import SuspensionReason
from hotline.rules.refusals import ConditionUnmet, InvalidInput
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, ResultKind


@dataclass(frozen=True, slots=True)
class Case:
    """A request, the ticket that it is about, and the context in which it is asked for or decided."""

    ctx: Context
    ticket: Ticket
    request: Request

    def position(self) -> Position:
        """Return where the ticket stands now."""
        asked = asked_of(self.ctx.session, {self.ticket.id: self.ticket})[self.ticket.id]
        return Position(asked, self.ctx.now, self.ctx.rules.limits, self.ctx.rules.calendar)


def check_asked(case: Case) -> None:
    """Refuses what may not be asked for now, or not in this way."""
    request_terms.check(case.request.kind, case.position())
    check = CHECKS.get(case.request.kind)
    if check is not None:
        check(case)


def current_dispatch(session: Session, ticket: Ticket) -> Dispatch:
    """The dispatch by which the ticket lies where it lies."""
    query = select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id.desc()).limit(1)
    return session.scalars(query).one()


def handle_clock(session: Session, ticket: Ticket) -> Clock:
    """The handling clock that runs, paused or not."""
    (clock,) = clocks.running(session, ticket, ClockKind.HANDLE)
    return clock


def _suggested(case: Case) -> None:
    ctx, ticket, request = case.ctx, case.ticket, case.request
    unit = units.unit_by_code(ctx.session, request.details["suggested_unit"], "/suggested_unit", local(ctx.now).date())
    if unit.id == ticket.lead_unit_id:
        raise InvalidInput({"/suggested_unit": "请写明应由哪个其他单位承办"})
    secrecy_guard.check(ctx.session, ticket, unit)


def _extension(case: Case) -> None:
    longest = case.ctx.rules.limits.extension[case.ticket.difficulty or Difficulty.ORDINARY]
    if not 1 <= case.request.details["days"] <= longest:
        raise InvalidInput({"/days": f"最多延期{longest}个工作日"})


def _suspension(case: Case) -> None:
    ctx, request = case.ctx, case.request
    on, limits = date.fromisoformat(request.details["until"]), ctx.rules.limits
    if on <= local(ctx.now).date():
        raise InvalidInput({"/until": "挂起的截止日期应在今天之后"})
    here = case.position()
    waiting = request.details["code"] == SuspensionReason.MATERIAL
    longest = min(limits.suspension_material_days, here.suspension_left) if waiting else here.suspension_left
    if ctx.rules.calendar.remaining_working_days(ctx.now, ctx.rules.calendar.close(on)) > longest:
        raise InvalidInput({"/until": f"最多挂起{longest}个工作日"})
    if request.details["code"] in here.asked.suspended_for:
        raise ConditionUnmet("本轮办理已经因同一原因挂起过")


def _promise(case: Case) -> None:
    """A day that lies ahead, and not too far: a promise without an end is none."""
    ctx, request = case.ctx, case.request
    longest = ctx.rules.limits.tracked[ResultKind(request.kind)]
    until = ctx.rules.calendar.close(date.fromisoformat(request.details["until"]))
    if not 1 <= ctx.rules.calendar.remaining_working_days(ctx.now, until) <= longest:
        raise InvalidInput({"/until": f"日期应在今后{longest}个工作日之内"})


CHECKS: dict[RequestKind, Callable[[Case], None]] = {
    RequestKind.RETURN: _suggested,
    RequestKind.REASSIGN: _suggested,
    RequestKind.EXTENSION: _extension,
    RequestKind.SUSPENSION: _suspension,
    RequestKind.PROMISED: _promise,
    RequestKind.STATUTORY: _promise,
}
