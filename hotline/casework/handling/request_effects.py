"""What a decided request does to its ticket (rows 5, 11-16, 26)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select

from hotline.casework.dispatch import desk_transfer
from hotline.casework.handling import early_closing
from hotline.casework.tickets import clocks, notices, order_drafts, timeline
from hotline.casework.tickets.access import advance
from hotline.casework.tickets.request_checks import Case, current_dispatch, handle_clock
from hotline.context import Context
from hotline.models.handling.requests import Request
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.deadlines.time_limits import counts_minutes
from hotline.rules.reason_codes import DispatchEnd, RejectReason, TerminationGround
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.supervision.orders import refused_returns_call_for_order
from hotline.rules.vocabulary import Action, Audience, ClockKind, Difficulty, RequestKind, RequestState


class Decided(Case):
    """A decided request, with what its consequences write."""

    def write(self, entry: str, audience: Audience = Audience.PUBLIC, **data: Any) -> None:
        timeline.write(self.ctx, self.ticket, entry, audience=audience, **data)

    def tell_enterprise(self, kind: str, **data: Any) -> None:
        event = f"request:{self.request.id}:{kind}"
        notices.tell_enterprise(self.ctx, self.ticket, event, kind, **data)


def carry_out(case: Case) -> None:
    """Takes the row of the workflow that the decision stands for."""
    approved = case.request.state is RequestState.APPROVED
    effect = EFFECTS.get((case.request.kind, approved))
    if effect is not None:
        effect(Decided(case.ctx, case.ticket, case.request))


def _return_approved(case: Decided) -> None:
    """Row 11: the dispatch was wrong; the centre dispatches again, within the day."""
    advance(case.ticket, Action.RETURN_APPROVED, case.ctx.now)
    desk_transfer.take_back(case.ctx, case.ticket, DispatchEnd.RETURNED)
    case.write("returned", Audience.CENTRE, suggested=case.request.details["suggested_unit"])


def _return_refused(case: Decided) -> None:
    """Row 12: the sign due stays; a refusal after it lets the handling start at that due, as for whoever does not sign."""
    ctx, ticket = case.ctx, case.ticket
    advance(ticket, Action.RETURN_REFUSED, ctx.now)
    row = current_dispatch(ctx.session, ticket)
    sign = desk_transfer.asked_back(ctx, ticket, row)
    due_at = row.sign_due_at
    if sign is not None and not has_passed(due_at, ctx.now):
        clocks.restart(ctx, ticket, sign)
    elif not clocks.running(ctx.session, ticket, ClockKind.HANDLE):
        desk_transfer.begin_handling(ctx, ticket, due_at)
    query = select(func.count()).where(
        Request.ticket_id == ticket.id,
        Request.kind == RequestKind.RETURN,
        Request.state == RequestState.REFUSED,
        Request.round == ticket.round,
    )
    if refused_returns_call_for_order(ctx.session.scalar(query) or 0, ctx.rules.limits):
        order_drafts.draft_order(ctx, ticket, "returns")


def reassigned(ctx: Context, ticket: Ticket) -> None:
    """Row 13: the leaving unit's clock ends, late if its due had passed; the centre dispatches again."""
    advance(ticket, Action.REASSIGN, ctx.now)
    desk_transfer.take_back(ctx, ticket, DispatchEnd.REASSIGNED)
    timeline.write(ctx, ticket, "reassigned")


def _reassigned(case: Decided) -> None:
    reassigned(case.ctx, case.ticket)


def _difficult(case: Decided) -> None:
    """Row 14: the same start and the longer limit, by the rules with which the clock began; the first due stays visible."""
    ticket = case.ticket
    advance(ticket, Action.DIFFICULTY_APPROVED, case.ctx.now)
    ticket.difficulty, ticket.difficulty_ground = Difficulty.DIFFICULT, case.request.details["code"]
    clock = handle_clock(case.ctx.session, ticket)
    limits, had = case.ctx.rules.began_by(clock.rules_version).limits, clock.days or 0
    limit = limits.limit(ClockKind.HANDLE, ticket)
    clocks.set_limit(case.ctx, ticket, clock, limit)
    _follow(case, (clock.days or 0) - had)
    case.write("difficulty_approved", ground=case.request.details["code"], due_at=clock.due_at.isoformat())


def _extended(case: Decided) -> None:
    """Row 15: n working days more (n times 24 hours on the wall for what is counted so), and the enterprise is told."""
    advance(case.ticket, Action.EXTENSION_APPROVED, case.ctx.now)
    days, clock = case.request.details["days"], handle_clock(case.ctx.session, case.ticket)
    clocks.extend(case.ctx, case.ticket, clock, days)
    _follow(case, days)
    wall: dict[str, Any] = {"on_the_wall": True} if counts_minutes(clock.days, clock.limit_text) else {}
    case.write("extended", days=days, due_at=clock.due_at.isoformat(), reason=case.request.reason, **wall)
    case.tell_enterprise("extended", due_at=clock.due_at.isoformat())


def _follow(case: Decided, days: int) -> None:
    """Assisting units get the days that the lead unit got."""
    for clock in clocks.running(case.ctx.session, case.ticket, ClockKind.ASSIST):
        clocks.extend(case.ctx, case.ticket, clock, days)


def _suspended(case: Decided) -> None:
    """Row 16: the handling stands still until the close of that day, and the enterprise is told."""
    ticket, calendar = case.ticket, case.ctx.rules.calendar
    until = calendar.close(date.fromisoformat(case.request.details["until"]))
    if until <= case.ctx.now:
        raise ConditionUnmet("申请挂起的截止日期已过，请不同意后由单位重新申请")
    granted = calendar.remaining_working_days(case.ctx.now, until)
    case.request.details = {**case.request.details, "granted_days": granted}
    advance(ticket, Action.SUSPEND, case.ctx.now)
    ticket.suspended_until = until
    clocks.pause(case.ctx, ticket, ClockKind.HANDLE, ClockKind.ASSIST)
    case.write("suspended", ground=case.request.details["code"], until=until.isoformat())
    case.tell_enterprise("suspended", until=until.isoformat())


def _terminated(case: Decided) -> None:
    """Row 26: the enterprise is told why, and where to go."""
    ground = TerminationGround(case.request.details["code"])
    early_closing.finish(case.ctx, case.ticket, Action.TERMINATE)
    _tell_why(case, "terminated", ground.label)


def _rejected(case: Decided) -> None:
    """Row 5: confirmed by the supervisor; the enterprise is told why, and the right path to take."""
    ground = RejectReason(case.request.details["code"])
    early_closing.finish(case.ctx, case.ticket, Action.REJECT)
    _tell_why(case, "rejected", ground.label)


def _tell_why(case: Decided, entry: str, ground: str) -> None:
    path = case.request.details["path"]
    case.ticket.reply, case.ticket.replied_at = f"{ground}。{path}", case.ctx.now
    case.write(entry, ground=ground, path=path)
    case.tell_enterprise(entry, ground=ground, path=path)


EFFECTS: dict[tuple[RequestKind, bool], Callable[[Decided], None]] = {
    (RequestKind.RETURN, True): _return_approved,
    (RequestKind.RETURN, False): _return_refused,
    (RequestKind.REASSIGN, True): _reassigned,
    (RequestKind.DIFFICULT, True): _difficult,
    (RequestKind.EXTENSION, True): _extended,
    (RequestKind.SUSPENSION, True): _suspended,
    (RequestKind.TERMINATE, True): _terminated,
    (RequestKind.REJECT, True): _rejected,
}
