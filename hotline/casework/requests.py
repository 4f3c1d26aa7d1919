"""Requests that wait beside the state: asked by one, decided by another, and never a stop to any clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework import clocks, notices, timeline
from hotline.casework.access import open_for_deed
from hotline.records.requests import Request
from hotline.records.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet, Duplicate, NotAvailableYet, OwnWork, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Audience, ClockKind, Deed, RequestKind, RequestState, Role

OF_THE_CALL_BACK = frozenset({RequestKind.EXPLAINED, RequestKind.UNRESOLVED})
DECIDERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Asking:
    kind: RequestKind
    reason: str


def ask(session: Session, number: str, given: Asking, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Ticket:
    """Asks a second person to let the matter be closed as explained or unresolved; one pending request of a kind."""
    if given.kind not in OF_THE_CALL_BACK:
        raise NotAvailableYet(f"申请{given.kind.label}")
    ticket = open_for_deed(session, number, Deed.REQUEST_EXPLAINED, actor=actor, now=now, rulebook=rulebook)
    pending = select(Request.id).where(
        Request.ticket_id == ticket.id, Request.kind == given.kind, Request.state == RequestState.PENDING
    )
    if session.scalar(pending) is not None:
        raise Duplicate(f"待审批的“{given.kind.label}”申请")
    assert actor.staff_id is not None
    request = Request(ticket_id=ticket.id, kind=given.kind, round=ticket.round, reason=given.reason, details={})
    request.state, request.asked_by, request.asked_at = RequestState.PENDING, actor.staff_id, now
    session.add(request)
    session.flush()
    clocks.start(session, ticket, ClockKind.REQUEST, now, rulebook=rulebook, request_id=request.id)
    centre, kind = Audience.CENTRE, str(given.kind)
    timeline.write(session, ticket, "requested", actor=actor, now=now, audience=centre, kind=kind, reason=given.reason)
    event = f"request:{request.id}"
    notices.tell(session, ticket, event, "requested", DECIDERS, now=now, rulebook=rulebook, number=ticket.number)
    return ticket


@dataclass(frozen=True, slots=True)
class Decision:
    request: int
    approve: bool
    reason: str


def decide(
    session: Session, number: str, given: Decision, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Nobody approves their own request (`OwnWork`); a decided one is not decided again."""
    ticket = open_for_deed(session, number, Deed.DECIDE_REQUEST, actor=actor, now=now, rulebook=rulebook)
    request = session.scalar(select(Request).where(Request.id == given.request, Request.ticket_id == ticket.id))
    if request is None:
        raise UnknownThing("这项申请")
    if request.asked_by == actor.staff_id:
        raise OwnWork("审批")
    if request.state is not RequestState.PENDING:
        raise ConditionUnmet(f"这项申请{request.state.label}")
    request.state = RequestState.APPROVED if given.approve else RequestState.REFUSED
    request.decided_by, request.decided_at, request.decision_reason = actor.staff_id, now, given.reason
    clocks.stop(session, ticket, ClockKind.REQUEST, now=now, request_id=request.id)
    data: dict[str, Any] = {"kind": str(request.kind), "state": str(request.state), "reason": given.reason}
    timeline.write(session, ticket, "request_decided", actor=actor, now=now, audience=Audience.CENTRE, **data)
    return ticket
