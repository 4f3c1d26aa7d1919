"""Requests that wait beside the state: asked by one, signed by the unit's leader, decided by another; no clock stops for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.handling import request_effects
from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import open_for_action, open_for_deed
from hotline.casework.tickets.request_checks import check_asked
from hotline.models.handling.requests import Request
from hotline.models.tickets.progress import asked_of
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.handling.request_terms import check_not_waiting
from hotline.rules.handling.requests import KIND_OF, ROWS
from hotline.rules.permissions import may_do
from hotline.rules.refusals import ConditionUnmet, OwnWork, RoleMissing, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, Audience, ClockKind, Deed, RequestKind, RequestState, Role


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
        given = {name: getattr(self, name) for name in names} | {"until": self.until and self.until.isoformat()}
        return {name: value for name, value in given.items() if value is not None}


def ask(session: Session, number: str, given: Asking, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Ticket:
    """One open request of a kind. The unit's own wait for their leader's signature, unless the leader asks."""
    ticket = open_for_deed(session, number, Deed.REQUEST, actor=actor, now=now, rulebook=rulebook)
    row = ROWS[given.kind]
    if not actor.roles & row.askers:
        raise RoleMissing(f"申请{given.kind.label}")
    if ticket.state not in row.states:
        raise ConditionUnmet(f"工单现在是“{ticket.state.label}”，不能申请{given.kind.label}")
    check_not_waiting(given.kind, asked_of(session, {ticket.id: ticket})[ticket.id].waiting)
    assert actor.staff_id is not None
    request = Request(ticket_id=ticket.id, kind=given.kind, round=ticket.round, reason=given.reason)
    request.details, request.asked_by, request.asked_at = given.details(), actor.staff_id, now
    request.state = RequestState.DRAFTED
    session.add(request)
    session.flush()
    if not row.of_the_unit or may_do(actor, Deed.SIGN_REQUEST, ticket.desk_path):
        _put_forward(session, ticket, request, actor=actor, now=now, rulebook=rulebook)
    else:
        check_asked(session, ticket, request, now=now, rulebook=rulebook)
        _write(session, ticket, request, "request_drafted", actor=actor, now=now)
        _tell(session, ticket, request, "drafted", {Role.LEADER}, now=now, rulebook=rulebook)
    return ticket


def _put_forward(
    session: Session, ticket: Ticket, request: Request, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> None:
    check_asked(session, ticket, request, now=now, rulebook=rulebook)
    row = ROWS[request.kind]
    request.state = RequestState.PENDING
    if row.of_the_unit:
        request.signed_by, request.signed_at = actor.staff_id, now
    session.flush()
    clocks.start(session, ticket, ClockKind.REQUEST, now, rulebook=rulebook, request_id=request.id)
    if request.kind is RequestKind.RETURN:
        # Asked in time: the signing is met, and goes on with the same due if the return is refused before it.
        clocks.stop(session, ticket, ClockKind.SIGN, now=now)
    _write(session, ticket, request, "requested", actor=actor, now=now, reason=request.reason)
    _tell(session, ticket, request, "asked", row.deciders, now=now, rulebook=rulebook)


def _write(
    session: Session, ticket: Ticket, request: Request, entry: str, *, actor: Actor, now: datetime, **data: Any
) -> None:
    audience = Audience.UNIT if ROWS[request.kind].of_the_unit else Audience.CENTRE
    timeline.write(session, ticket, entry, actor=actor, now=now, audience=audience, kind=str(request.kind), **data)


def _tell(
    session: Session, ticket: Ticket, request: Request, what: str, roles: Any, *, now: datetime, rulebook: Rulebook
) -> None:
    event, kind = f"request:{request.id}:{what}", f"request_{what}"
    data = {"number": ticket.number, "request": str(request.kind), "state": str(request.state)}
    notices.notify(session, ticket, event, kind, roles, now=now, rulebook=rulebook, **data)


def _found(session: Session, ticket: Ticket, request_id: int, state: RequestState) -> Request:
    request = session.scalar(select(Request).where(Request.id == request_id, Request.ticket_id == ticket.id))
    if request is None:
        raise UnknownThing("这项申请")
    if request.state is not state:
        raise ConditionUnmet(f"这项申请{request.state.label}")
    return request


@dataclass(frozen=True, slots=True)
class Decision:
    request: int
    approve: bool
    reason: str


def sign(session: Session, number: str, given: Decision, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Ticket:
    """The unit's leader signs what a colleague wrote, or lets it drop; only then the unit has asked."""
    ticket = open_for_deed(session, number, Deed.SIGN_REQUEST, actor=actor, now=now, rulebook=rulebook)
    request = _found(session, ticket, given.request, RequestState.DRAFTED)
    if given.approve:
        _put_forward(session, ticket, request, actor=actor, now=now, rulebook=rulebook)
    else:
        request.state, request.decided_by, request.decided_at = RequestState.LAPSED, actor.staff_id, now
        request.decision_reason = given.reason
        _write(session, ticket, request, "request_dropped", actor=actor, now=now, reason=given.reason)
    return ticket


def decide(
    session: Session, number: str, given: Decision, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Nobody decides what they asked for or signed (`OwnWork`); a decided request is not decided again."""
    ticket = open_for_deed(session, number, Deed.DECIDE_REQUEST, actor=actor, now=now, rulebook=rulebook)
    request = _found(session, ticket, given.request, RequestState.PENDING)
    _decide(session, ticket, request, given.approve, given.reason, actor=actor, now=now, rulebook=rulebook)
    return ticket


def _decide(
    session: Session,
    ticket: Ticket,
    request: Request,
    approve: bool,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    rulebook: Rulebook,
) -> None:
    if not actor.roles & ROWS[request.kind].deciders:
        raise RoleMissing(f"审批{request.kind.label}申请")
    if actor.staff_id in (request.asked_by, request.signed_by):
        raise OwnWork("审批")
    request.state = RequestState.APPROVED if approve else RequestState.REFUSED
    request.decided_by, request.decided_at, request.decision_reason = actor.staff_id, now, reason
    clocks.stop(session, ticket, ClockKind.REQUEST, now=now, request_id=request.id)
    _write(session, ticket, request, "request_decided", actor=actor, now=now, state=str(request.state), reason=reason)
    if ROWS[request.kind].of_the_unit:
        _tell(session, ticket, request, "decided", request_effects.UNIT_TOLD, now=now, rulebook=rulebook)
    request_effects.carry_out(session, ticket, request, actor=actor, now=now, rulebook=rulebook)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on the one pending request that an action of the workflow belongs to."""

    reason: str
    version: int | None = None


def rule_on(action: Action) -> Any:
    """The deed of an action that decides a request (rows 11, 12, 14-16, 26)."""

    def rule(
        session: Session, number: str, given: Ruling, *, actor: Actor, now: datetime, rulebook: Rulebook
    ) -> Ticket:
        ticket = open_for_action(
            session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook
        )
        kind, approve = KIND_OF[action], action is not Action.RETURN_REFUSED
        settle(session, ticket, kind, given.reason, approve=approve, actor=actor, now=now, rulebook=rulebook)
        return ticket

    return rule


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Why the matter is not taken, by its code and in words, and the right path to take."""

    code: str
    path: str
    reason: str
    version: int | None = None


def reject(
    session: Session, number: str, given: Rejecting, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 5: the dispatcher proposes; the ticket moves when a supervisor confirms."""
    action = Action.REJECT
    open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    asking = Asking(RequestKind.REJECT, given.reason, code=str(given.code), path=given.path)
    return ask(session, number, asking, actor=actor, now=now, rulebook=rulebook)


def settle(
    session: Session,
    ticket: Ticket,
    kind: RequestKind,
    reason: str,
    *,
    approve: bool = True,
    actor: Actor,
    now: datetime,
    rulebook: Rulebook,
) -> None:
    """Decides the one pending request of this kind; refuses `ConditionUnmet` when there is none."""
    request = pending(session, ticket, kind)
    if request is None:
        raise ConditionUnmet(f"没有待审批的“{kind.label}”申请")
    _decide(session, ticket, request, approve, reason, actor=actor, now=now, rulebook=rulebook)


def pending(session: Session, ticket: Ticket, kind: RequestKind) -> Request | None:
    """The request of this kind that waits for its decision."""
    query = select(Request).where(
        Request.ticket_id == ticket.id, Request.kind == kind, Request.state == RequestState.PENDING
    )
    return session.scalars(query).first()
