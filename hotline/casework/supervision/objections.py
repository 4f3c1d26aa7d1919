"""Objections 异议 (row 29): the enterprise does not accept how its matter ended; somebody who had no part in that decides."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.dispatch import desk_transfer
from hotline.casework.handling import early_closing, resumption
from hotline.casework.handling.requests import Ruling
from hotline.casework.tickets import clocks, closing, notices, timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.context import Context
from hotline.models.handling.requests import Request
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.result_authors import result_authors
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.messages.recipients import INTAKE_DESK, REVIEW_AND_SUPERVISION
from hotline.rules.permissions import check_not_own_work
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.refusals import ConditionUnmet, Duplicate, WindowClosed
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.tickets.states import is_closed
from hotline.rules.vocabulary import Action, Audience, ClockKind, RequestState


@dataclass(frozen=True, slots=True)
class ObjectionGiven:
    """`code` is the query code, which the enterprise types or tells the operator."""

    code: str
    text: str


def object_to(ctx: Context, number: str, given: ObjectionGiven) -> Ticket:
    """Within 30 working days of the ending, once for each. Refuses `LookUpRefused` for a wrong code, and imported history."""
    ticket = open_for(ctx, number, Action.OBJECT)
    early_closing.check_code(ctx.session, ticket, given.code)
    days = ctx.rules.limits.object_days
    if ticket.imported or ticket.closed_at is None:
        raise ConditionUnmet("历史导入的工单不能提出异议，请另行登记")
    if has_passed(ctx.rules.calendar.due(ticket.closed_at, days).at, ctx.now):
        raise WindowClosed(f"提出异议（办结后{days}个工作日内）")
    earlier = select(Objection.id).where(Objection.ticket_id == ticket.id, Objection.ended_at == ticket.closed_at)
    if ctx.session.scalar(earlier) is not None:
        raise Duplicate("对这次办理结果的异议")
    row = Objection(ticket_id=ticket.id, ended_as=ticket.state, ended_at=ticket.closed_at, text=given.text)
    row.objected_at, row.logged_by, row.state = ctx.now, ctx.actor.staff_id, ObjectionState.OPEN
    ctx.session.add(row)
    ctx.session.flush()
    clocks.start(ctx, ticket, ClockKind.OBJECTION, ctx.now)
    # What the enterprise says may tell who it is: the line does not repeat it.
    timeline.write(ctx, ticket, "objected", audience=Audience.PUBLIC)
    event = f"objection:{row.id}"
    notices.notify(ctx, ticket, event, "objected", REVIEW_AND_SUPERVISION, number=ticket.number)
    return ticket


@dataclass(frozen=True, slots=True)
class ObjectionRuling:
    upheld: bool
    reason: str


def decide(ctx: Context, number: str, given: ObjectionRuling) -> Ticket:
    """By a reviewer or a supervisor who neither ended the matter nor belongs to the unit; the enterprise reads the reason."""
    ticket = open_for(ctx, number, Action.DECIDE_OBJECTION)
    _decide(ctx, ticket, given.upheld, given.reason)
    return ticket


def take_up(ctx: Context, number: str, given: Ruling) -> Ticket:
    """Row 29 by its name: upholds the open objection; refuses `ConditionUnmet` when there is none."""
    action = Action.TAKE_UP
    ticket = open_for(ctx, number, action, version=given.version)
    _decide(ctx, ticket, True, given.reason)
    return ticket


def _decide(ctx: Context, ticket: Ticket, upheld: bool, reason: str) -> None:
    row = closing.open_objection(ctx.session, ticket)
    if row is None:
        raise ConditionUnmet("这张工单没有待裁定的异议")
    check_not_own_work(ctx.actor, ticket.desk_path, _who_ended_it(ctx.session, ticket), "裁定异议")
    row.state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    row.decided_by, row.decided_at, row.reason = ctx.actor.staff_id, ctx.now, reason
    clocks.stop(ctx, ticket, ClockKind.OBJECTION)
    entry, public = "objection_decided", Audience.PUBLIC
    timeline.write(ctx, ticket, entry, audience=public, state=str(row.state), reason=reason)
    event = f"objection:{row.id}:decided"
    notices.tell_enterprise(ctx, ticket, event, entry, state=str(row.state), reason=reason)
    if upheld:
        _go_on(ctx, ticket, reason)


def _who_ended_it(session: Session, ticket: Ticket) -> set[int | None]:
    """Who closed it, who asked for that or consented to it, who wrote the result and who let it pass."""
    asked = select(Request.asked_by, Request.signed_by, Request.decided_by).where(
        Request.ticket_id == ticket.id, Request.round == ticket.round, Request.state == RequestState.APPROVED
    )
    reviewed = select(Result.reviewed_by).where(Result.ticket_id == ticket.id)
    people = {person for query in (asked, reviewed) for row in session.execute(query) for person in row}
    return {ticket.closed_by, *people, *result_authors(session, ticket)} - {None}


def _go_on(ctx: Context, ticket: Ticket, reason: str) -> None:
    """A closed matter goes back to its unit in a new round (row 23); what no unit has, or should not have kept, to the centre.

    A unit that had the matter terminated at its own request is not simply given it again: the centre dispatches it anew.
    """
    answered, had_a_unit = is_closed(ticket.state), ticket.lead_unit_id is not None
    if answered and had_a_unit:
        resumption.new_round(ctx, ticket, reason)
        return
    advance(ticket, Action.TAKE_UP, ctx.now)
    if had_a_unit:
        row = current_dispatch(ctx.session, ticket)
        row.ended_at, row.ended_how = ctx.now, DispatchEnd.OBJECTED
        desk_transfer.leave_desk(ticket)
    if had_a_unit or answered:
        ticket.round += 1
    ticket.closed_at = ticket.closed_by = ticket.outcome = ticket.archive_after = None
    ticket.reply = ticket.replied_at = ticket.answer_version_id = None
    clocks.start(ctx, ticket, ClockKind.ACCEPT, ctx.now)
    timeline.write(ctx, ticket, "taken_up", audience=Audience.PUBLIC)
    event = f"ticket:{ticket.id}:taken_up:{ticket.version}"
    notices.notify(ctx, ticket, event, "taken_up", INTAKE_DESK, number=ticket.number)
