"""Recall (row 30): a dispatch that nobody has signed for is taken back to the centre."""

from dataclasses import dataclass

from hotline.casework.dispatch import desk_transfer
from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.rules.reason_codes import DispatchEnd, RecallReason
from hotline.rules.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Recalling:
    """Why, by its code and in words."""

    code: RecallReason
    reason: str
    version: int | None = None


def recall(ctx: Context, number: str, given: Recalling) -> Ticket:
    """Take the dispatch back; the unit is told, and the clock of the dispatch starts anew.

    Before the sign due this counts nowhere. After it the late signing, and a late handling, stay counted.
    """
    ticket = open_for(ctx, number, Action.RECALL, version=given.version)
    advance(ticket, Action.RECALL, ctx.now)
    late = desk_transfer.take_back(ctx, ticket, DispatchEnd.RECALLED)
    timeline.write(ctx, ticket, "recalled", code=str(given.code), reason=given.reason, late=late)
    return ticket
