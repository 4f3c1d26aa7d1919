"""Correcting what was logged: by the centre only, never by the unit, and what was there before stays in the timeline."""

from dataclasses import dataclass
from typing import Any

from hotline.casework.intake import enterprise_changes
from hotline.casework.tickets import contacts, secrecy_guard, timeline, units
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.context import Context
from hotline.models.intake.enterprises import Enterprise
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.intake.company_name import NameChoice
from hotline.rules.refusals import ConditionUnmet, InvalidInput
from hotline.rules.vocabulary import Action, Audience

PLAIN = ("title", "content", "category", "district")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is None stays. `confidential` can be given, and is never taken away once a unit may have read the ticket."""

    reason: str
    title: str | None = None
    content: str | None = None
    category: str | None = None
    district: str | None = None
    target_unit: str | None = None
    confidential: bool | None = None
    enterprise: EnterpriseGiven | None = None
    contact: ContactGiven | None = None
    name_choice: NameChoice | None = None
    version: int | None = None


def correct(ctx: Context, number: str, given: Correction) -> Ticket:
    """Refuses a correction that changes nothing, one that would name an anonymous caller, and one that names as reported
    a unit where the report lies; `EnterpriseNamedOtherwise` where its code has another established name.
    """
    ticket = open_for(ctx, number, Action.CORRECT, version=given.version)
    if given.category is not None:
        units.check_category(ctx.session, given.category, "/category")
    changed: dict[str, Any] = {}
    for name in PLAIN:
        new = getattr(given, name)
        if new is not None and new != getattr(ticket, name):
            changed[name] = getattr(ticket, name)
            setattr(ticket, name, new)
    if given.target_unit is not None:
        unit = units.unit_by_code(ctx.session, given.target_unit, "/target_unit", local(ctx.now).date())
        secrecy_guard.check_target(ctx.session, ticket, unit)
        changed["target_unit"], ticket.target_unit_id = ticket.target_unit_id, unit.id
    if given.confidential is not None and given.confidential != ticket.confidential:
        _set_confidential(ticket, given.confidential)
        changed["confidential"] = not given.confidential
    changed |= _correct_people(ctx, ticket, given)
    if not changed:
        raise InvalidInput({"": "没有需要更正的内容"})
    advance(ticket, Action.CORRECT, ctx.now)
    centre = Audience.CENTRE
    timeline.write(ctx, ticket, "corrected", audience=centre, reason=given.reason, was=changed)
    return ticket


def _set_confidential(ticket: Ticket, confidential: bool) -> None:
    if not confidential and ticket.desk_path is not None:
        raise ConditionUnmet("工单已派出，不能取消保密")
    ticket.confidential = confidential


def _correct_people(ctx: Context, ticket: Ticket, given: Correction) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if given.enterprise is not None:
        enterprise = enterprise_changes.chosen(ctx, given.enterprise, given.name_choice, given.reason)
        if enterprise.id != ticket.enterprise_id:
            changed["enterprise"], ticket.enterprise_id = ticket.enterprise_id, enterprise.id
    if given.contact is not None:
        if ticket.anonymous:
            raise ConditionUnmet("匿名诉求不登记联系人")
        own_enterprise = ctx.session.get(Enterprise, ticket.enterprise_id) if ticket.enterprise_id else None
        contact = contacts.contact_for(ctx, own_enterprise, given.contact)
        if contact is not None and contact.id != ticket.contact_id:
            changed["contact"], ticket.contact_id = ticket.contact_id, contact.id
    return changed
