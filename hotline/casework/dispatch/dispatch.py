"""Dispatch: one lead unit gets the matter, and signs for it within one working day (rows 9, 10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.casework.dispatch import assisting, desk_transfer, disputes
from hotline.casework.tickets import assist_clocks, clocks, notices, secrecy_guard, timeline, units
from hotline.casework.tickets.access import advance, open_for_action
from hotline.casework.tickets.closing import lapse_requests
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, Audience, ClockKind, Role

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
    """Row 9: refuses an inactive unit, and the reported unit of a report (`SecrecyGuard`).

    After two returns a supervisor has to rule first, and the ruling binds: the unit named there, and no way back.
    """
    action = Action.DISPATCH
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    dispatch_ticket(session, ticket, given, actor=actor, now=now, rulebook=rulebook)
    return ticket


def dispatch_ticket(
    session: Session, ticket: Ticket, given: DispatchGiven, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> None:
    """The dispatch of a ticket that is open for it: the signing clock starts, the units are told."""
    today = local(now).date()
    unit = units.unit_by_code(session, given.unit, "/unit", today)
    secrecy_guard.check(session, ticket, unit)
    designated = disputes.check_designation(session, ticket, unit, rulebook=rulebook)
    kept = desk_transfer.kept_clock(session, ticket, unit)
    advance(ticket, Action.DISPATCH, now)
    ticket.lead_unit_id = ticket.desk_unit_id = unit.id
    ticket.desk_path, ticket.unsigned_late = unit.path, False
    ticket.no_return = ticket.no_return or designated
    clocks.stop(session, ticket, ClockKind.DISPATCH, now=now)
    row = Dispatch(ticket_id=ticket.id, unit_id=unit.id, dispatched_by=actor.staff_id, dispatched_at=now)
    row.designated = designated
    helping = [
        assisting.open_task(session, ticket, code, "/assisting", today, task=given.remark, actor=actor, now=now)
        for code in given.assisting
    ]
    row.sign_due_at = _start_clocks(session, ticket, kept, now=now, rulebook=rulebook)
    session.add(row)
    for task in helping:
        assisting.tell_unit(session, ticket, task, now=now, rulebook=rulebook)
    names = [session.get_one(Unit, task.unit_id).name for task in helping]
    data: dict[str, Any] = {"unit": unit.name, "remark": given.remark, "assisting": names, "designated": designated}
    timeline.write(session, ticket, "dispatched", actor=actor, now=now, audience=Audience.UNIT, **data)
    event = f"ticket:{ticket.id}:dispatched:{ticket.version}"
    notices.notify(session, ticket, event, "dispatched", UNIT_TOLD, now=now, rulebook=rulebook, number=ticket.number)


def _start_clocks(
    session: Session, ticket: Ticket, kept: Clock | None, *, now: datetime, rulebook: Rulebook
) -> datetime:
    """Starts what runs from the dispatch on, and answers until when it has to be signed for.

    Within the subtree that it came from, the handling clock goes on instead of a new signing.
    """
    if kept is not None:
        clocks.restart(session, ticket, kept, rulebook=rulebook)
        assist_clocks.start_under(session, ticket, kept, rulebook=rulebook)
        return kept.due_at
    sign = clocks.start(session, ticket, ClockKind.SIGN, now, rulebook=rulebook)
    if rulebook.limits.handle_clock_start == "dispatched":
        desk_transfer.begin_handling(session, ticket, now, rulebook=rulebook)
    return sign.due_at


@dataclass(frozen=True, slots=True)
class Signing:
    version: int | None = None


def sign(session: Session, number: str, given: Signing, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Ticket:
    """Row 10: the handling clock starts now, but never later than the sign due; what started by itself stays as it is."""
    action = Action.SIGN
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    row = current_dispatch(session, ticket)
    row.signed_at, row.signed_by = now, actor.staff_id
    advance(ticket, action, now)
    clocks.stop(session, ticket, ClockKind.SIGN, now=now)
    lapse_requests(session, ticket, now=now)
    if not clocks.running(session, ticket, ClockKind.HANDLE):
        begin = rulebook.limits.handle_start(
            dispatched_at=row.dispatched_at, sign_due_at=row.sign_due_at, signed_at=now
        )
        desk_transfer.begin_handling(session, ticket, begin, rulebook=rulebook)
    late = now > row.sign_due_at
    timeline.write(session, ticket, "signed", actor=actor, now=now, audience=Audience.UNIT, late=late)
    return ticket
