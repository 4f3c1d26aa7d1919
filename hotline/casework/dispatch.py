"""Dispatch: one lead unit gets the matter, and signs for it within one working day (rows 9, 10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework import clocks, notices, timeline, units
from hotline.casework.access import advance, open_for_action
from hotline.records.tickets import Dispatch, Ticket
from hotline.records.units import Unit
from hotline.rules import secrecy
from hotline.rules.actors import Actor
from hotline.rules.refusals import NotAvailableYet
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, Audience, ClockKind, Role
from hotline.rules.working_calendar import local

UNIT_TOLD = frozenset({Role.HANDLER, Role.LIAISON, Role.LEADER})


@dataclass(frozen=True, slots=True)
class DispatchGiven:
    """The lead unit by its code; `remark` is for the unit's eyes."""

    unit: str
    assisting: tuple[str, ...] = ()
    remark: str | None = None
    version: int | None = None


def dispatch(
    session: Session, number: str, given: DispatchGiven, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 9: refuses an inactive unit, and the reported unit of a report (`SecrecyGuard`)."""
    action = Action.DISPATCH
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    dispatch_ticket(session, ticket, given, actor=actor, now=now, rulebook=rulebook)
    return ticket


def dispatch_ticket(
    session: Session, ticket: Ticket, given: DispatchGiven, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> None:
    """The dispatch of a ticket that is open for it: the signing clock starts, the unit is told."""
    if given.assisting:
        raise NotAvailableYet("协办单位")
    unit = units.unit_by_code(session, given.unit, "/unit", local(now).date())
    target = session.get(Unit, ticket.target_unit_id) if ticket.target_unit_id else None
    secrecy.check_unit(ticket.type, target.path if target else None, unit.path, unit.name)
    advance(ticket, Action.DISPATCH, now)
    ticket.lead_unit_id = ticket.desk_unit_id = unit.id
    ticket.desk_path, ticket.unsigned_late = unit.path, False
    clocks.stop(session, ticket, ClockKind.DISPATCH, now=now)
    sign = clocks.start(session, ticket, ClockKind.SIGN, now, rulebook=rulebook)
    row = Dispatch(ticket_id=ticket.id, unit_id=unit.id, dispatched_by=actor.staff_id, dispatched_at=now)
    row.sign_due_at = sign.due_at
    session.add(row)
    if rulebook.limits.handle_clock_start == "dispatched":
        clocks.start(session, ticket, ClockKind.HANDLE, now, rulebook=rulebook)
    data: dict[str, Any] = {"unit": unit.name, "remark": given.remark}
    timeline.write(session, ticket, "dispatched", actor=actor, now=now, audience=Audience.UNIT, **data)
    event = f"ticket:{ticket.id}:dispatched:{ticket.version}"
    notices.tell(session, ticket, event, "dispatched", UNIT_TOLD, now=now, rulebook=rulebook, number=ticket.number)


@dataclass(frozen=True, slots=True)
class Signing:
    version: int | None = None


def sign(session: Session, number: str, given: Signing, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Ticket:
    """Row 10: the handling clock starts now, but never later than the sign due; what started by itself stays as it is."""
    action = Action.SIGN
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    query = select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id.desc()).limit(1)
    row = session.scalars(query).one()
    row.signed_at, row.signed_by = now, actor.staff_id
    advance(ticket, action, now)
    clocks.stop(session, ticket, ClockKind.SIGN, now=now)
    if not clocks.running(session, ticket, ClockKind.HANDLE):
        begin = rulebook.limits.handle_start(
            dispatched_at=row.dispatched_at, sign_due_at=row.sign_due_at, signed_at=now
        )
        clocks.start(session, ticket, ClockKind.HANDLE, begin, rulebook=rulebook)
    late = now > row.sign_due_at
    timeline.write(session, ticket, "signed", actor=actor, now=now, audience=Audience.UNIT, late=late)
    return ticket
