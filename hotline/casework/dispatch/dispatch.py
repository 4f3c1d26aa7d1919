"""Dispatch: one lead unit gets the matter, and signs for it within one working day (rows 9, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.casework.dispatch import assisting, desk_transfer, disputes, signers
from hotline.casework.tickets import assist_clocks, clocks, notices, secrecy_guard, timeline, units
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.closing import lapse_requests
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import UNIT_DESK
from hotline.rules.vocabulary import Action, Audience, ClockKind


@dataclass(frozen=True, slots=True)
class DispatchGiven:
    """The lead unit by its code; `remark` is for the unit's eyes. `confirmed`: also where nobody there can sign."""

    unit: str
    assisting: tuple[str, ...] = ()
    remark: str | None = None
    version: int | None = None
    confirmed: bool = False


def dispatch(ctx: Context, number: str, given: DispatchGiven) -> Ticket:
    """Row 9: refuses an inactive unit, the reported unit of a report (`SecrecyGuard`), and where nobody signs (`NobodySigns`).

    After two returns a supervisor has to rule first, and the ruling binds: the unit named there, and no way back.
    """
    action = Action.DISPATCH
    ticket = open_for(ctx, number, action, version=given.version)
    dispatch_ticket(ctx, ticket, given)
    return ticket


def dispatch_ticket(ctx: Context, ticket: Ticket, given: DispatchGiven) -> None:
    """The dispatch of a ticket that is open for it: the signing clock starts, the units are told."""
    today = local(ctx.now).date()
    unit = units.unit_by_code(ctx.session, given.unit, "/unit", today)
    secrecy_guard.check(ctx.session, ticket, unit)
    designated = disputes.check_designation(ctx, ticket, unit)
    unsigned = signers.check_signers(ctx, ticket, unit, confirmed=given.confirmed)
    kept = desk_transfer.kept_clocks(ctx.session, ticket, unit)
    advance(ticket, Action.DISPATCH, ctx.now)
    ticket.lead_unit_id = ticket.desk_unit_id = unit.id
    ticket.desk_path, ticket.unsigned_late = unit.path, False
    ticket.no_return = ticket.no_return or designated
    clocks.stop(ctx, ticket, ClockKind.DISPATCH)
    row = Dispatch(ticket_id=ticket.id, unit_id=unit.id, dispatched_by=ctx.actor.staff_id, dispatched_at=ctx.now)
    row.designated = designated
    helping = [
        assisting.open_task(ctx, ticket, code, "/assisting", today, task=given.remark) for code in given.assisting
    ]
    row.sign_due_at = _start_clocks(ctx, ticket, kept)
    ctx.session.add(row)
    for task in helping:
        assisting.tell_unit(ctx, ticket, task)
    names = [ctx.session.get_one(Unit, task.unit_id).name for task in helping]
    data: dict[str, Any] = {"unit": unit.name, "remark": given.remark, "assisting": names, "designated": designated}
    timeline.write(ctx, ticket, "dispatched", audience=Audience.UNIT, **data)
    event = f"ticket:{ticket.id}:dispatched:{ticket.version}"
    notices.notify(ctx, ticket, event, "dispatched", UNIT_DESK, number=ticket.number)
    if unsigned:
        signers.tell_supervisors(ctx, ticket, unit)


def _start_clocks(ctx: Context, ticket: Ticket, kept: Sequence[Clock]) -> datetime:
    """Starts what runs from the dispatch on, and answers until when it has to be signed for.

    Within the subtree that it came from, its clocks go on instead of new ones.
    """
    for clock in kept:
        clocks.restart(ctx, ticket, clock)
        if clock.kind is ClockKind.HANDLE:
            assist_clocks.start_under(ctx, ticket, clock)
    if kept:
        return kept[0].due_at
    sign = clocks.start(ctx, ticket, ClockKind.SIGN, ctx.now)
    if ctx.rules.limits.handle_clock_start == "dispatched":
        desk_transfer.begin_handling(ctx, ticket, ctx.now)
    return sign.due_at


@dataclass(frozen=True, slots=True)
class Signing:
    version: int | None = None


def sign(ctx: Context, number: str, given: Signing) -> Ticket:
    """Row 10: the handling clock starts now, but never later than the sign due; what started by itself stays as it is."""
    action = Action.SIGN
    ticket = open_for(ctx, number, action, version=given.version)
    row = current_dispatch(ctx.session, ticket)
    row.signed_at, row.signed_by = ctx.now, ctx.actor.staff_id
    desk_transfer.asked_back(ctx, ticket, row)
    advance(ticket, action, ctx.now)
    clocks.stop(ctx, ticket, ClockKind.SIGN)
    lapse_requests(ctx, ticket)
    if not clocks.running(ctx.session, ticket, ClockKind.HANDLE):
        begin = ctx.rules.limits.handle_start(
            dispatched_at=row.dispatched_at, sign_due_at=row.sign_due_at, signed_at=ctx.now
        )
        desk_transfer.begin_handling(ctx, ticket, begin)
    late = has_passed(row.sign_due_at, ctx.now)
    timeline.write(ctx, ticket, "signed", audience=Audience.UNIT, late=late)
    return ticket
