"""Requests that wait beside the state: asked by one, signed by the unit's leader, decided by another; no clock stops for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.handling import request_effects
from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import open_for
from hotline.casework.tickets.request_checks import Case, check_asked
from hotline.context import Context
from hotline.models.handling.requests import Request
from hotline.models.tickets.progress import asked_of
from hotline.models.tickets.tickets import Ticket
from hotline.rules.handling.request_terms import check_not_waiting
from hotline.rules.handling.requests import KIND_OF, ROWS, is_asked_in
from hotline.rules.messages.recipients import UNIT_DESK, UNIT_LEADERS
from hotline.rules.permissions import may_take
from hotline.rules.refusals import ConditionUnmet, OwnWork, RoleMissing, UnknownThing
from hotline.rules.vocabulary import Action, Audience, ClockKind, RequestKind, RequestState


@dataclass(frozen=True, slots=True)
class Asking:
    """`code` is a coded ground; the rest is what the kind of the request needs (the form sees to it)."""

    kind: RequestKind
    reason: str
    code: str | None = None
    legal_ground: str | None = None
    suggested_unit: str | None = None
    days: int | None = None
    until: date | None = None
    path: str | None = None
    body: str | None = None

    def details(self) -> dict[str, Any]:
        """What is kept beside the reason, as plain JSON."""
        names = ("code", "legal_ground", "suggested_unit", "days", "path", "body")
        values = {name: getattr(self, name) for name in names} | {"until": self.until and self.until.isoformat()}
        return {name: value for name, value in values.items() if value is not None}


def ask(ctx: Context, number: str, given: Asking) -> Ticket:
    """One open request of a kind. The unit's own wait for their leader's signature, unless the leader asks."""
    ticket = open_for(ctx, number, Action.REQUEST)
    row = ROWS[given.kind]
    if not ctx.actor.roles & row.askers:
        raise RoleMissing(f"申请{given.kind.label}")
    if not is_asked_in(ticket.state, given.kind):
        raise ConditionUnmet(f"工单现在是“{ticket.state.label}”，不能申请{given.kind.label}")
    check_not_waiting(given.kind, asked_of(ctx.session, {ticket.id: ticket})[ticket.id].waiting)
    assert ctx.actor.staff_id is not None
    request = Request(ticket_id=ticket.id, kind=given.kind, round=ticket.round, reason=given.reason)
    request.details, request.asked_by, request.asked_at = given.details(), ctx.actor.staff_id, ctx.now
    request.state = RequestState.DRAFTED
    ctx.session.add(request)
    ctx.session.flush()
    case = Case(ctx, ticket, request)
    if not row.of_the_unit or may_take(ctx.actor, Action.SIGN_REQUEST, ticket.desk_path, ticket.state):
        _put_forward(case)
    else:
        check_asked(case)
        _write(case, "request_drafted")
        _tell(case, "drafted", UNIT_LEADERS)
    return ticket


def _put_forward(case: Case) -> None:
    check_asked(case)
    ctx, ticket, request = case.ctx, case.ticket, case.request
    row = ROWS[request.kind]
    request.state = RequestState.PENDING
    if row.of_the_unit:
        request.signed_by, request.signed_at = ctx.actor.staff_id, ctx.now
    ctx.session.flush()
    clocks.start(ctx, ticket, ClockKind.REQUEST, ctx.now, request_id=request.id)
    if request.kind is RequestKind.RETURN:
        # Asked in time: the signing is met, and goes on with the same due if the return is refused before it.
        clocks.stop(ctx, ticket, ClockKind.SIGN)
    _write(case, "requested", reason=request.reason)
    _tell(case, "asked", row.deciders)


def _write(case: Case, entry: str, **data: Any) -> None:
    kind = case.request.kind
    audience = Audience.UNIT if ROWS[kind].of_the_unit else Audience.CENTRE
    timeline.write(case.ctx, case.ticket, entry, audience=audience, kind=str(kind), **data)


def _tell(case: Case, what: str, roles: Any) -> None:
    ticket, request = case.ticket, case.request
    event, kind = f"request:{request.id}:{what}", f"request_{what}"
    data = {"number": ticket.number, "request": str(request.kind), "state": str(request.state)}
    notices.notify(case.ctx, ticket, event, kind, roles, **data)


def _found(ctx: Context, ticket: Ticket, request_id: int) -> Case:
    request = ctx.session.scalar(select(Request).where(Request.id == request_id, Request.ticket_id == ticket.id))
    if request is None:
        raise UnknownThing("这项申请")
    return Case(ctx, ticket, request)


def _check_state(request: Request, state: RequestState) -> None:
    if request.state is not state:
        raise ConditionUnmet(f"这项申请{request.state.label}")


@dataclass(frozen=True, slots=True)
class Decision:
    request: int
    approve: bool
    reason: str


def sign(ctx: Context, number: str, given: Decision) -> Ticket:
    """The unit's leader signs what a colleague wrote, or lets it drop; only then the unit has asked."""
    ticket = open_for(ctx, number, Action.SIGN_REQUEST)
    case = _found(ctx, ticket, given.request)
    request = case.request
    _check_state(request, RequestState.DRAFTED)
    if given.approve:
        _put_forward(case)
    else:
        request.state, request.decided_by, request.decided_at = RequestState.LAPSED, ctx.actor.staff_id, ctx.now
        request.decision_reason = given.reason
        _write(case, "request_dropped", reason=given.reason)
    return ticket


def decide(ctx: Context, number: str, given: Decision) -> Ticket:
    """Nobody decides what they asked for or signed (`OwnWork`); a decided request is not decided again."""
    ticket = open_for(ctx, number, Action.DECIDE_REQUEST)
    case = _found(ctx, ticket, given.request)
    _check_state(case.request, RequestState.PENDING)
    _decide(case, given.approve, given.reason)
    return ticket


def _decide(case: Case, approve: bool, reason: str) -> None:
    ctx, request = case.ctx, case.request
    if not ctx.actor.roles & ROWS[request.kind].deciders:
        raise RoleMissing(f"审批{request.kind.label}申请")
    if ctx.actor.staff_id in (request.asked_by, request.signed_by):
        raise OwnWork("审批")
    request.state = RequestState.APPROVED if approve else RequestState.REFUSED
    request.decided_by, request.decided_at, request.decision_reason = ctx.actor.staff_id, ctx.now, reason
    clocks.stop(ctx, case.ticket, ClockKind.REQUEST, request_id=request.id)
    _write(case, "request_decided", state=str(request.state), reason=reason)
    if ROWS[request.kind].of_the_unit:
        _tell(case, "decided", UNIT_DESK)
    request_effects.carry_out(case)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on the one pending request that an action of the workflow belongs to."""

    reason: str
    version: int | None = None


def rule_on(action: Action) -> Any:
    """Return the function of an action that decides a request (rows 11, 12, 14-16, 26)."""

    def rule(ctx: Context, number: str, given: Ruling) -> Ticket:
        ticket = open_for(ctx, number, action, version=given.version)
        kind, approve = KIND_OF[action], action is not Action.RETURN_REFUSED
        settle(ctx, ticket, kind, given.reason, approve=approve)
        return ticket

    return rule


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Why the matter is not taken, by its code and in words, and the right path to take."""

    code: str
    path: str
    reason: str
    version: int | None = None


def reject(ctx: Context, number: str, given: Rejecting) -> Ticket:
    """Row 5: the dispatcher proposes; the ticket moves when a supervisor confirms."""
    action = Action.REJECT
    open_for(ctx, number, action, version=given.version)
    asking = Asking(RequestKind.REJECT, given.reason, code=str(given.code), path=given.path)
    return ask(ctx, number, asking)


def settle(ctx: Context, ticket: Ticket, kind: RequestKind, reason: str, *, approve: bool = True) -> None:
    """Decides the one pending request of this kind; refuses `ConditionUnmet` when there is none."""
    request = pending(ctx.session, ticket, kind)
    if request is None:
        raise ConditionUnmet(f"没有待审批的“{kind.label}”申请")
    _decide(Case(ctx, ticket, request), approve, reason)


def pending(session: Session, ticket: Ticket, kind: RequestKind) -> Request | None:
    """The request of this kind that waits for its decision."""
    query = select(Request).where(
        Request.ticket_id == ticket.id, Request.kind == kind, Request.state == RequestState.PENDING
    )
    return session.scalars(query).first()
