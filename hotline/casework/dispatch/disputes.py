"""Disputes over whose matter it is: after two returns a supervisor rules, and the ruling binds."""

from dataclasses import dataclass

from hotline.casework.dispatch import signers
from hotline.casework.tickets import notices, secrecy_guard, timeline, units
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.tickets.progress import asked_of
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import DISPATCHERS
from hotline.rules.refusals import ConditionUnmet, InvalidInput
from hotline.rules.vocabulary import Action, Audience


@dataclass(frozen=True, slots=True)
class DisputeRuling:
    """The unit whose matter it is, and on what ground. `confirmed`: also where nobody there can sign."""

    unit: str
    ground: str
    confirmed: bool = False


def rule_dispute(ctx: Context, number: str, given: DisputeRuling) -> Ticket:
    """Names the unit: the next dispatch goes there and cannot be returned. Where another unit has it, it can be reassigned."""
    ticket = open_for(ctx, number, Action.RULE_DISPUTE)
    unit = units.unit_by_code(ctx.session, given.unit, "/unit", local(ctx.now).date())
    secrecy_guard.check(ctx.session, ticket, unit)
    unsigned = signers.check_signers(ctx, ticket, unit, confirmed=given.confirmed)
    ticket.designated_unit_id = unit.id
    if ticket.lead_unit_id == unit.id:
        ticket.no_return = True
    name, centre = unit.name, Audience.CENTRE
    timeline.write(ctx, ticket, "ruled", audience=centre, unit=name, ground=given.ground)
    event = f"ticket:{ticket.id}:ruled:{ticket.timeline_length}"
    notices.notify(ctx, ticket, event, "ruled", DISPATCHERS, number=ticket.number, unit=name)
    if unsigned:
        signers.tell_supervisors(ctx, ticket, unit)
    return ticket


def check_designation(ctx: Context, ticket: Ticket, unit: Unit) -> bool:
    """Whether this dispatch follows a ruling. Refuses another unit than the one ruled, and a third dispatch without one."""
    if ticket.designated_unit_id is None:
        if asked_of(ctx.session, {ticket.id: ticket})[ticket.id].returns >= ctx.rules.limits.returns:
            raise ConditionUnmet(f"工单已退过{ctx.rules.limits.returns}次，须先由督办员裁定承办单位")
        return False
    if unit.id != ticket.designated_unit_id:
        name = ctx.session.get_one(Unit, ticket.designated_unit_id).name
        raise InvalidInput({"/unit": f"督办员已裁定由{name}承办"})
    return True
