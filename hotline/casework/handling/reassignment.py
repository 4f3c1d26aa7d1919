"""Taking a matter from one unit and giving it to another (row 13)."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.casework.handling import request_effects, requests
from hotline.casework.tickets.access import open_for_action
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, RequestKind


def reassign(
    session: Session, number: str, given: requests.Ruling, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 13: on the leader's request, or of the supervisor's own motion after a ruling that names another unit."""
    action = Action.REASSIGN
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    if requests.pending(session, ticket, RequestKind.REASSIGN) is not None:
        requests.settle(session, ticket, RequestKind.REASSIGN, given.reason, actor=actor, now=now, rulebook=rulebook)
    elif ticket.designated_unit_id in (None, ticket.lead_unit_id):
        raise ConditionUnmet("没有待审批的改派申请，也没有裁定由其他单位承办")
    else:
        request_effects.reassigned(session, ticket, actor=actor, now=now, rulebook=rulebook)
    return ticket
