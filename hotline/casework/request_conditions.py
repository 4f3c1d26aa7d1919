"""What has to hold when a request is put forward; each condition is asked once, here."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework import clocks, secrecy_guard, units
from hotline.records.clocks import Clock
from hotline.records.requests import Request
from hotline.records.tickets import Dispatch, Ticket
from hotline.rules.grounds import DispatchEnd, SuspensionReason
from hotline.rules.refusals import ConditionUnmet, InvalidInput, WindowClosed
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, RequestState, ResultKind
from hotline.rules.working_calendar import local


def check_asked(session: Session, ticket: Ticket, request: Request, *, now: datetime, rulebook: Rulebook) -> None:
    """Refuses what may not be asked for now, or not in this way."""
    check = CHECKS.get(request.kind)
    if check is not None:
        check(session, ticket, request, now, rulebook)


def current_dispatch(session: Session, ticket: Ticket) -> Dispatch:
    """The dispatch by which the ticket lies where it lies."""
    query = select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id.desc()).limit(1)
    return session.scalars(query).one()


def returns_of(session: Session, ticket: Ticket) -> int:
    """How many times units have given this ticket back."""
    query = select(func.count()).where(Dispatch.ticket_id == ticket.id, Dispatch.ended_how == DispatchEnd.RETURNED)
    return session.scalar(query) or 0


def handle_clock(session: Session, ticket: Ticket) -> Clock:
    """The handling clock that runs, paused or not."""
    (clock,) = clocks.running(session, ticket, ClockKind.HANDLE)
    return clock


def _return(session: Session, ticket: Ticket, request: Request, now: datetime, rulebook: Rulebook) -> None:
    if ticket.no_return:
        raise ConditionUnmet("承办单位已经裁定，不能再退单")
    if returns_of(session, ticket) >= rulebook.limits.returns:
        raise ConditionUnmet(f"工单已退过{rulebook.limits.returns}次，不能再退单")
    if now > current_dispatch(session, ticket).sign_due_at:
        raise WindowClosed("退单")
    _suggested(session, ticket, request, now, rulebook)


def _suggested(session: Session, ticket: Ticket, request: Request, now: datetime, rulebook: Rulebook) -> None:
    unit = units.unit_by_code(session, request.details["suggested_unit"], "/suggested_unit", local(now).date())
    if unit.id == ticket.lead_unit_id:
        raise InvalidInput({"/suggested_unit": "请写明应由哪个其他单位承办"})
    secrecy_guard.check(session, ticket, unit)


def _difficult(session: Session, ticket: Ticket, request: Request, now: datetime, rulebook: Rulebook) -> None:
    if ticket.difficulty is Difficulty.DIFFICULT:
        raise ConditionUnmet("这张工单已经认定为疑难")
    days = rulebook.limits.difficult_within_days
    if now > rulebook.calendar.due(handle_clock(session, ticket).started_at, days).at:
        raise WindowClosed(f"认定疑难（开始办理后{days}个工作日内）")


def _extension(session: Session, ticket: Ticket, request: Request, now: datetime, rulebook: Rulebook) -> None:
    longest = rulebook.limits.extension[ticket.difficulty or Difficulty.ORDINARY]
    if not longest:
        raise ConditionUnmet("一般事项不能延期")
    if not 1 <= request.details["days"] <= longest:
        raise InvalidInput({"/days": f"最多延期{longest}个工作日"})
    if now > handle_clock(session, ticket).due_at:
        raise WindowClosed("申请延期")
    _once_a_round(session, ticket, request, "本轮办理已经延期过一次")


def _suspension(session: Session, ticket: Ticket, request: Request, now: datetime, rulebook: Rulebook) -> None:
    on, limits = date.fromisoformat(request.details["until"]), rulebook.limits
    if on <= local(now).date():
        raise InvalidInput({"/until": "挂起的截止日期应在今天之后"})
    waiting = request.details["code"] == SuspensionReason.MATERIAL
    longest = limits.suspension_material_days if waiting else limits.suspension_days
    days = rulebook.calendar.remaining_working_days(now, rulebook.calendar.close(on))
    used = suspended_days(session, ticket)
    if days > longest or days + used > limits.suspension_days:
        raise InvalidInput({"/until": f"最多挂起{min(longest, limits.suspension_days - used)}个工作日"})
    for other in _approved(session, ticket, request.kind):
        if other.details["code"] == request.details["code"]:
            raise ConditionUnmet("本轮办理已经因同一原因挂起过")


def suspended_days(session: Session, ticket: Ticket) -> int:
    """Working days for which this round has been granted suspensions."""
    return sum(request.details.get("granted_days", 0) for request in _approved(session, ticket, RequestKind.SUSPENSION))


def _promise(session: Session, ticket: Ticket, request: Request, now: datetime, rulebook: Rulebook) -> None:
    """A day that lies ahead, and not too far: a promise without an end is none."""
    longest = rulebook.limits.tracked[ResultKind(request.kind)]
    until = rulebook.calendar.close(date.fromisoformat(request.details["until"]))
    if not 1 <= rulebook.calendar.remaining_working_days(now, until) <= longest:
        raise InvalidInput({"/until": f"日期应在今后{longest}个工作日之内"})


def _approved(session: Session, ticket: Ticket, kind: RequestKind) -> list[Request]:
    query = select(Request).where(
        Request.ticket_id == ticket.id,
        Request.kind == kind,
        Request.round == ticket.round,
        Request.state == RequestState.APPROVED,
    )
    return list(session.scalars(query.order_by(Request.id)))


def _once_a_round(session: Session, ticket: Ticket, request: Request, sentence: str) -> None:
    if _approved(session, ticket, request.kind):
        raise ConditionUnmet(sentence)


CHECKS: dict[RequestKind, Callable[[Session, Ticket, Request, datetime, Rulebook], None]] = {
    RequestKind.RETURN: _return,
    RequestKind.REASSIGN: _suggested,
    RequestKind.DIFFICULT: _difficult,
    RequestKind.EXTENSION: _extension,
    RequestKind.SUSPENSION: _suspension,
    RequestKind.PROMISED: _promise,
    RequestKind.STATUTORY: _promise,
}
