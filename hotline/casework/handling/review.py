"""The centre's review of a result (rows 19, 20): a bad reply buys the unit no time."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.handling import result_clock, tracking
from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.context import Context
from hotline.models.tickets.result_authors import result_authors
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.handling.tracking import CONSENT
from hotline.rules.messages.recipients import RESULT_AUTHORS
from hotline.rules.permissions import check_not_own_work
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import Action, Audience, ClockKind

NO_TIME_BACK = frozenset({Fault.PERFUNCTORY, Fault.FALSE})


@dataclass(frozen=True, slots=True)
class Refusing:
    """Why the result goes back: a coded fault and a sentence for the unit."""

    fault: Fault
    remark: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    remark: str | None = None
    version: int | None = None


def submitted_result(session: Session, ticket: Ticket) -> Result:
    """The result that lies before the reviewer."""
    query = select(Result).where(Result.ticket_id == ticket.id, Result.submitted_at.is_not(None))
    return session.scalars(query.order_by(Result.id.desc()).limit(1)).one()


def _reviewed(ctx: Context, ticket: Ticket, passed: bool) -> Result:
    result = submitted_result(ctx.session, ticket)
    check_not_own_work(ctx.actor, ticket.desk_path, result_authors(ctx.session, ticket), "审核")
    result.reviewed_by, result.reviewed_at, result.passed = ctx.actor.staff_id, ctx.now, passed
    return result


def audit_refuse(ctx: Context, number: str, given: Refusing) -> Ticket:
    """Row 19: same round, same due. The first refusal of a round gives back the whole days that the result lay here."""
    action = Action.AUDIT_REFUSE
    ticket = open_for(ctx, number, action, version=given.version)
    result = _reviewed(ctx, ticket, passed=False)
    given_back = _days_given_back(ctx, ticket, result, given.fault)
    result.fault, result.remark = str(given.fault), given.remark
    advance(ticket, action, ctx.now)
    clocks.stop(ctx, ticket, ClockKind.REVIEW)
    clock = result_clock.resume_halted(ctx, ticket, given_back)
    timeline.write(
        ctx,
        ticket,
        "result_refused",
        fault=str(given.fault),
        remark=given.remark,
        given_back=given_back,
        due_at=clock.due_at.isoformat(),
    )
    event = f"ticket:{ticket.id}:refused:{ticket.version}"
    notices.notify(ctx, ticket, event, "result_refused", RESULT_AUTHORS, number=ticket.number)
    return ticket


def _days_given_back(ctx: Context, ticket: Ticket, result: Result, fault: Fault) -> int:
    refused = select(func.count()).where(
        Result.ticket_id == ticket.id, Result.round == ticket.round, Result.passed.is_(False), Result.id != result.id
    )
    if fault in NO_TIME_BACK or ctx.session.scalar(refused) or result.submitted_at is None:
        return 0
    days = result_clock.whole_days_between(result.submitted_at, ctx.now, rulebook=ctx.rules)
    return min(days, ctx.rules.limits.review_days_given_back)


def audit_pass(ctx: Context, number: str, given: Passing) -> Ticket:
    """Row 20: the round ends at the instant of the submission, the enterprise can read the reply, the call-back begins.

    What is only promised is tracked from then on; its reply is the interim one.
    """
    action = Action.AUDIT_PASS
    ticket = open_for(ctx, number, action, version=given.version)
    result = _reviewed(ctx, ticket, passed=True)
    result.remark = given.remark
    assert result.submitted_at is not None
    advance(ticket, action, ctx.now)
    result_clock.settle(ctx.session, ticket, result.submitted_at)
    ticket.reply, ticket.replied_at = result.reply, ctx.now
    clocks.stop(ctx, ticket, ClockKind.REVIEW)
    clocks.start(ctx, ticket, ClockKind.CALL_BACK, ctx.now)
    timeline.write(ctx, ticket, "result_passed", audience=Audience.PUBLIC)
    if result.kind in CONSENT:
        tracking.open_item(ctx, ticket, result)
    return ticket
