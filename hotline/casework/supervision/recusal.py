"""Recusal 回避: whoever has an interest in a matter keeps out of it, and does not find it any more."""

from dataclasses import dataclass

from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.tickets.reminders import Recusal
from hotline.models.tickets.tickets import Ticket
from hotline.rules.vocabulary import Action, Audience


@dataclass(frozen=True, slots=True)
class Recusing:
    reason: str


def recuse(ctx: Context, number: str, given: Recusing) -> Ticket:
    """For oneself only; it is not taken back by oneself, and colleagues go on."""
    ticket = open_for(ctx, number, Action.RECUSE)
    assert ctx.actor.staff_id is not None
    ctx.session.add(Recusal(staff_id=ctx.actor.staff_id, ticket_id=ticket.id, reason=given.reason, at=ctx.now))
    centre = Audience.CENTRE
    timeline.write(ctx, ticket, "recused", audience=centre, reason=given.reason)
    ctx.session.flush()
    return ticket
