"""The unit's work: it speaks with the enterprise, the handler drafts, the leader submits the result (row 18)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.handling import result_clock, tracking
from hotline.casework.tickets import clocks, notices, secrecy_guard, timeline, units
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.closing import lapse_requests
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.tickets.progress import progress_of
from hotline.models.tickets.tickets import ContactMade, Result, Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import RESULT_AUTHORS, REVIEWERS, UNIT_DESK, UNIT_LEADERS
from hotline.rules.refusals import InvalidInput
from hotline.rules.tickets.next_step import not_ready
from hotline.rules.vocabulary import Action, Audience, ClockKind, ResultKind


@dataclass(frozen=True, slots=True)
class ContactReport:
    """That the unit spoke with the enterprise; `at` is now when it is not given."""

    summary: str
    at: datetime | None = None


def record_contact(ctx: Context, number: str, given: ContactReport) -> Ticket:
    """Kept for this round; a result needs one. Refuses an instant that has not come, or lies before the matter."""
    ticket = open_for(ctx, number, Action.RECORD_CONTACT)
    at = given.at or ctx.now
    if not ticket.received_at <= at <= ctx.now:
        raise InvalidInput({"/at": "联系时间应在收到诉求之后、现在之前"})
    ctx.session.add(
        ContactMade(ticket_id=ticket.id, round=ticket.round, at=at, by=ctx.actor.staff_id, summary=given.summary)
    )
    timeline.write(ctx, ticket, "contact_recorded", at=at, summary=given.summary)
    return ticket


@dataclass(frozen=True, slots=True)
class Note:
    text: str


def add_note(ctx: Context, number: str, given: Note) -> Ticket:
    """A note for colleagues; the enterprise never reads it."""
    ticket = open_for(ctx, number, Action.ADD_NOTE)
    timeline.write(ctx, ticket, "noted", text=given.text)
    return ticket


def progress(ctx: Context, number: str, given: Note) -> Ticket:
    """How far the unit has come, in words that the enterprise reads; it moves no clock."""
    ticket = open_for(ctx, number, Action.PROGRESS)
    timeline.write(ctx, ticket, "progressed", audience=Audience.PUBLIC, text=given.text)
    return ticket


def relay(ctx: Context, number: str, given: Note) -> Ticket:
    """The centre passes words on between the unit and an enterprise that the unit does not know."""
    ticket = open_for(ctx, number, Action.RELAY)
    timeline.write(ctx, ticket, "relayed", text=given.text)
    event = f"ticket:{ticket.id}:relayed:{ticket.timeline_length}"
    notices.notify(ctx, ticket, event, "relayed", RESULT_AUTHORS, number=ticket.number)
    return ticket


@dataclass(frozen=True, slots=True)
class PassingDown:
    """The unit below by its code."""

    unit: str


def pass_down(ctx: Context, number: str, given: PassingDown) -> Ticket:
    """To a desk inside the lead unit's own subtree: lead and due stay. Refuses any other unit and the target of a report."""
    ticket = open_for(ctx, number, Action.PASS_DOWN)
    unit = units.unit_by_code(ctx.session, given.unit, "/unit", local(ctx.now).date())
    secrecy_guard.check(ctx.session, ticket, unit)
    assert ticket.lead_unit_id is not None
    lead = ctx.session.get_one(Unit, ticket.lead_unit_id)
    if not unit.path.startswith(lead.path):
        raise InvalidInput({"/unit": "只能在本单位及下属单位之间转派"})
    ticket.desk_unit_id, ticket.desk_path = unit.id, unit.path
    for clock in clocks.running(ctx.session, ticket, ClockKind.SIGN, ClockKind.HANDLE):
        clock.unit_path = unit.path
    timeline.write(ctx, ticket, "passed_down", unit=unit.name)
    event = f"ticket:{ticket.id}:passed:{ticket.timeline_length}"
    notices.notify(ctx, ticket, event, "passed_down", UNIT_DESK, number=ticket.number)
    return ticket


@dataclass(frozen=True, slots=True)
class ResultGiven:
    """The result as drafted or submitted; what is None is taken from the draft of this round."""

    kind: ResultKind | None = None
    reply: str | None = None
    version: int | None = None


def draft_of(session: Session, ticket: Ticket) -> Result | None:
    """The draft of this round, if somebody wrote one."""
    query = select(Result).where(
        Result.ticket_id == ticket.id, Result.round == ticket.round, Result.submitted_at.is_(None)
    )
    return session.scalars(query.order_by(Result.id.desc()).limit(1)).first()


def draft_result(ctx: Context, number: str, given: ResultGiven) -> Ticket:
    """The handler writes the result for the leader to sign; a new draft takes the place of the old one."""
    ticket = open_for(ctx, number, Action.DRAFT_RESULT)
    draft = _written(ctx.session, ticket, given)
    draft.drafted_by = ctx.actor.staff_id
    timeline.write(ctx, ticket, "result_drafted", kind=str(draft.kind))
    event = f"ticket:{ticket.id}:drafted:{ticket.timeline_length}"
    notices.notify(ctx, ticket, event, "result_drafted", UNIT_LEADERS, number=ticket.number)
    return ticket


def _written(session: Session, ticket: Ticket, given: ResultGiven) -> Result:
    draft = draft_of(session, ticket)
    kind = given.kind or (draft.kind if draft else None)
    reply = given.reply or (draft.reply if draft else None)
    if kind is None or not reply:
        missing = {"/kind": "请选择办理结果"} if kind is None else {}
        raise InvalidInput(missing | ({} if reply else {"/reply": "请填写答复内容"}))
    if draft is None:
        draft = Result(ticket_id=ticket.id, round=ticket.round)
        session.add(draft)
    draft.kind, draft.reply = kind, reply
    return draft


def submit_result(ctx: Context, number: str, given: ResultGiven) -> Ticket:
    """Row 18: the leader submits. Late is fixed here when the due has passed; the handling clock halts.

    Refuses `ConditionUnmet` when nobody spoke with the enterprise in this round, an assisting task is still open, or a
    supervisor has not consented to what is only promised.
    """
    action = Action.SUBMIT_RESULT
    ticket = open_for(ctx, number, action, version=given.version)
    missing = not_ready(progress_of(ctx.session, {ticket.id: ticket.round})[ticket.id])
    if missing is not None:
        raise missing
    result = _written(ctx.session, ticket, given)
    tracking.check_consent(ctx, ticket, result.kind)
    result.submitted_by, result.submitted_at = ctx.actor.staff_id, ctx.now
    advance(ticket, action, ctx.now)
    lapse_requests(ctx, ticket)
    handle = result_clock.halt(ctx, ticket)
    clocks.start(ctx, ticket, ClockKind.REVIEW, ctx.now)
    timeline.write(ctx, ticket, "result_submitted", kind=str(result.kind), late=handle.late)
    event = f"ticket:{ticket.id}:submitted:{ticket.version}"
    notices.notify(ctx, ticket, event, "result_submitted", REVIEWERS, number=ticket.number)
    return ticket
