"""Taking a matter from one unit and giving it to another (row 13)."""

from hotline.casework.handling import request_effects, requests
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Action, RequestKind


def reassign(ctx: Context, number: str, given: requests.Ruling) -> Ticket:
    """Row 13: on the leader's request, or of the supervisor's own motion after a ruling that names another unit."""
    action = Action.REASSIGN
    ticket = open_for(ctx, number, action, version=given.version)
    if requests.pending(ctx.session, ticket, RequestKind.REASSIGN) is not None:
        requests.settle(ctx, ticket, RequestKind.REASSIGN, given.reason)
    elif ticket.designated_unit_id in (None, ticket.lead_unit_id):
        raise ConditionUnmet("没有待审批的改派申请，也没有裁定由其他单位承办")
    else:
        request_effects.reassigned(ctx, ticket)
    return ticket
