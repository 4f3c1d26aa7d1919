"""The centre's review of a result (rows 19, 20): a bad reply buys the unit no time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.handling import tracking
from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import advance, open_for_action
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.actors import Actor
from hotline.rules.handling.tracking import CONSENT
from hotline.rules.permissions import check_not_own_work
from hotline.rules.reason_codes import Fault
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, Audience, ClockKind, Role

NO_TIME_BACK = frozenset({Fault.PERFUNCTORY, Fault.FALSE})
UNIT_TOLD = frozenset({Role.HANDLER, Role.LEADER})


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


def _reviewed(session: Session, ticket: Ticket, actor: Actor, now: datetime, passed: bool) -> Result:
    result = submitted_result(session, ticket)
    check_not_own_work(actor, ticket.desk_path, {result.drafted_by, result.submitted_by}, "审核")
    result.reviewed_by, result.reviewed_at, result.passed = actor.staff_id, now, passed
    return result


def audit_refuse(
    session: Session, number: str, given: Refusing, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 19: same round, same due. The first refusal of a round gives back the whole days that the result lay here."""
    action = Action.AUDIT_REFUSE
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    result = _reviewed(session, ticket, actor, now, passed=False)
    given_back = _days_given_back(session, ticket, result, given.fault, now, rulebook)
    result.fault, result.remark = str(given.fault), given.remark
    advance(ticket, action, now)
    clocks.stop(session, ticket, ClockKind.REVIEW, now=now)
    clock = clocks.resume_halted(session, ticket, given_back, rulebook=rulebook)
    timeline.write(
        session,
        ticket,
        "result_refused",
        actor=actor,
        now=now,
        fault=str(given.fault),
        remark=given.remark,
        given_back=given_back,
        due_at=clock.due_at.isoformat(),
    )
    event = f"ticket:{ticket.id}:refused:{ticket.version}"
    notices.notify(
        session, ticket, event, "result_refused", UNIT_TOLD, now=now, rulebook=rulebook, number=ticket.number
    )
    return ticket


def _days_given_back(
    session: Session, ticket: Ticket, result: Result, fault: Fault, now: datetime, rulebook: Rulebook
) -> int:
    refused = select(func.count()).where(
        Result.ticket_id == ticket.id, Result.round == ticket.round, Result.passed.is_(False), Result.id != result.id
    )
    if fault in NO_TIME_BACK or session.scalar(refused) or result.submitted_at is None:
        return 0
    days = clocks.whole_days_between(result.submitted_at, now, rulebook=rulebook)
    return min(days, rulebook.limits.review_days_given_back)


def audit_pass(
    session: Session, number: str, given: Passing, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 20: the round ends at the instant of the submission, the enterprise can read the reply, the call-back begins.

    What is only promised is tracked from then on; its reply is the interim one.
    """
    action = Action.AUDIT_PASS
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    result = _reviewed(session, ticket, actor, now, passed=True)
    result.remark = given.remark
    assert result.submitted_at is not None
    advance(ticket, action, now)
    clocks.settle(session, ticket, result.submitted_at)
    ticket.reply, ticket.replied_at = result.reply, now
    clocks.stop(session, ticket, ClockKind.REVIEW, now=now)
    clocks.start(session, ticket, ClockKind.CALL_BACK, now, rulebook=rulebook)
    timeline.write(session, ticket, "result_passed", actor=actor, now=now, audience=Audience.PUBLIC)
    if result.kind in CONSENT:
        tracking.open_item(session, ticket, result, now=now, rulebook=rulebook)
    return ticket
