"""The centre calls back, and closes the matter or sends it back (rows 21, 22). Silence is never satisfaction."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.call_backs import call_reservations
from hotline.casework.handling import tracking
from hotline.casework.ratings import rectification
from hotline.casework.tickets import clocks, closing, false_completion, notices, order_drafts, timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.context import Context
from hotline.models.call_backs.call_backs import CallBack, QualityCall
from hotline.models.handling.requests import Request
from hotline.models.tickets.result_authors import result_authors
from hotline.models.tickets.tickets import Ticket
from hotline.rules.call_backs import call_back as rules
from hotline.rules.messages.recipients import UNIT_DESK
from hotline.rules.permissions import check_not_own_work, check_role
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.supervision.orders import rework_calls_for_order
from hotline.rules.vocabulary import Action, Audience, ClockKind, Outcome, RequestState, Role, Satisfaction, Solved


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt: the two answers only when somebody was reached (the form sees to it).

    `untrue`: what was submitted is proved untrue by it; the remark says how.
    """

    connected: bool
    contacted_by_unit: bool | None = None
    solved: Solved | None = None
    satisfaction: Satisfaction | None = None
    no_reply_wanted: bool = False
    remark: str = ""
    untrue: bool = False


def record_call_back(ctx: Context, number: str, given: Answer) -> Ticket:
    """One attempt, reached or not; refuses `OwnWork` to whoever worked on the result."""
    ticket = open_for(ctx, number, Action.RECORD_CALL_BACK)
    check_may_call(ctx, ticket)
    call_reservations.check_turn(ctx, ticket)
    assert ctx.actor.staff_id is not None
    row = CallBack(ticket_id=ticket.id, round=ticket.round, at=ctx.now, by=ctx.actor.staff_id)
    for name in Answer.__dataclass_fields__:
        setattr(row, name, getattr(given, name))
    ctx.session.add(row)
    timeline.write(
        ctx,
        ticket,
        "called_back",
        audience=Audience.CENTRE,
        connected=given.connected,
        solved=given.solved,
        satisfaction=given.satisfaction,
    )
    if given.untrue:
        false_completion.mark(ctx, ticket)
    call_reservations.after_attempt(ctx, ticket, connected=given.connected)
    return ticket


def check_may_call(ctx: Context, ticket: Ticket) -> None:
    """Refuses `OwnWork` to whoever worked on the result, and to the unit."""
    check_not_own_work(ctx.actor, ticket.desk_path, result_authors(ctx.session, ticket), "回访")


@dataclass(frozen=True, slots=True)
class QualityAnswer:
    """Whether the enterprise withdrew of its own will (None: not reached)."""

    own_will: bool | None = None
    remark: str = ""


def quality_call(ctx: Context, number: str, given: QualityAnswer) -> Ticket:
    """The call about a withdrawal after a dispatch, made once."""
    ticket = open_for(ctx, number, Action.QUALITY_CALL)
    row = ctx.session.scalar(select(QualityCall).where(QualityCall.ticket_id == ticket.id))
    if row is None or row.called_at is not None:
        raise ConditionUnmet("这张工单没有待做的撤单回访")
    row.called_at, row.called_by, row.own_will, row.remark = ctx.now, ctx.actor.staff_id, given.own_will, given.remark
    centre, own_will = Audience.CENTRE, given.own_will
    timeline.write(ctx, ticket, "quality_called", audience=centre, own_will=own_will)
    return ticket


def attempts_of(session: Session, ticket: Ticket) -> list[rules.Attempt]:
    """The attempts of this round, in order."""
    query = select(CallBack).where(CallBack.ticket_id == ticket.id, CallBack.round == ticket.round)
    return [
        rules.Attempt(row.at, row.connected, row.solved, row.satisfaction, row.no_reply_wanted)
        for row in session.scalars(query.order_by(CallBack.id))
    ]


@dataclass(frozen=True, slots=True)
class Closing:
    outcome: Outcome
    version: int | None = None


def close(ctx: Context, number: str, given: Closing) -> Ticket:
    """Row 21: refuses `ConditionUnmet` unless the attempts, and where needed a second person, carry the outcome."""
    action = Action.CLOSE
    ticket = open_for(ctx, number, action, version=given.version)
    call_reservations.end(ctx.session, ticket)
    if given.outcome is Outcome.UNRESOLVED:
        check_role(ctx.actor, Role.SUPERVISOR, f"按“{given.outcome.label}”办结")
    rules.check_outcome(
        given.outcome,
        attempts_of(ctx.session, ticket),
        approved=_is_approved(ctx.session, ticket, given.outcome),
        round=ticket.round,
        limits=ctx.rules.limits,
        tracked=tracking.open_item_of(ctx.session, ticket) is not None,
    )
    advance(ticket, action, ctx.now)
    clocks.stop(ctx, ticket, ClockKind.CALL_BACK)
    closing.lapse_requests(ctx, ticket)
    closing.close_ticket(ctx, ticket, given.outcome)
    outcome = str(given.outcome)
    timeline.write(ctx, ticket, "closed", audience=Audience.PUBLIC, outcome=outcome)
    return ticket


def _is_approved(session: Session, ticket: Ticket, outcome: Outcome) -> bool:
    query = select(Request.id).where(
        Request.ticket_id == ticket.id,
        Request.round == ticket.round,
        Request.kind == str(outcome),
        Request.state == RequestState.APPROVED,
    )
    return session.scalar(query.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Rework:
    reason: str
    version: int | None = None


def rework(ctx: Context, number: str, given: Rework) -> Ticket:
    """Row 22: unsolved or dissatisfied, a new round with a new clock; the second one drafts a supervision order."""
    action = Action.REWORK
    ticket = open_for(ctx, number, action, version=given.version)
    call_reservations.end(ctx.session, ticket)
    rules.check_rework(attempts_of(ctx.session, ticket), ticket.round, ctx.rules.limits)
    advance(ticket, action, ctx.now)
    clocks.stop(ctx, ticket, ClockKind.CALL_BACK)
    closing.lapse_requests(ctx, ticket)
    ticket.round, ticket.no_return = ticket.round + 1, True
    tracking.lapse(ctx, ticket)
    handle = clocks.start(ctx, ticket, ClockKind.HANDLE, ctx.now)
    rectification.follow_new_round(ctx, ticket, given.reason)
    due_at = handle.due_at.isoformat()
    timeline.write(ctx, ticket, "reworked", reason=given.reason, round=ticket.round, due_at=due_at)
    event = f"ticket:{ticket.id}:rework:{ticket.round}"
    notices.notify(ctx, ticket, event, "reworked", UNIT_DESK, number=ticket.number)
    if rework_calls_for_order(ticket.round, ctx.rules.limits):
        order_drafts.draft_order(ctx, ticket, "rework")
    return ticket
