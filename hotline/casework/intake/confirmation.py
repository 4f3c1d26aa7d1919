"""Confirming whose a ticket is, where the name came from outside."""

from dataclasses import dataclass

from hotline.casework.intake import enterprise_changes
from hotline.casework.tickets import enterprises, timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.contacts import EnterpriseGiven
from hotline.context import Context
from hotline.models.intake.enterprises import Enterprise
from hotline.models.tickets.tickets import Ticket
from hotline.rules.intake.company_name import NameChoice
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Action, Audience


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`enterprise`: as it is really called; without it, as it was given. `reason` is needed for another name alone."""

    enterprise: EnterpriseGiven | None = None
    name_choice: NameChoice | None = None
    reason: str = ""
    version: int | None = None


def confirm_enterprise(ctx: Context, number: str, given: Confirmation) -> Ticket:
    """The ticket is of this enterprise: the name that was given stays on it, and the established one is shown.

    Refuses a ticket that names nobody, one that is confirmed, and `EnterpriseNamedOtherwise`.
    """
    ticket = open_for(ctx, number, Action.CONFIRM_ENTERPRISE, version=given.version)
    row = _unverified(ctx, ticket)
    named = given.enterprise or EnterpriseGiven(row.name, row.given_code)
    established = enterprise_changes.chosen(ctx, named, given.name_choice, given.reason)
    enterprise_changes.confirm_row(ctx, row, established)
    advance(ticket, Action.CONFIRM_ENTERPRISE, ctx.now)
    centre, head = Audience.CENTRE, row.head_id
    timeline.write(ctx, ticket, "enterprise_confirmed", audience=centre, enterprise=head)
    return ticket


def _unverified(ctx: Context, ticket: Ticket) -> Enterprise:
    if ticket.enterprise_id is None:
        raise ConditionUnmet("这张工单没有写明企业，请先更正登记内容")
    if enterprises.head_of(ctx, ticket.enterprise_id).verified_at is not None:
        raise ConditionUnmet("这张工单的企业已经核实")
    return ctx.session.get_one(Enterprise, ticket.enterprise_id)
