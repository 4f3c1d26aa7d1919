"""Recusal 回避: whoever has an interest in a matter keeps out of it, and does not find it any more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import open_for_deed
from hotline.models.tickets.reminders import Recusal
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Audience, Deed


@dataclass(frozen=True, slots=True)
class Recusing:
    reason: str


def recuse(
    session: Session, number: str, given: Recusing, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """For oneself only; it is not taken back by oneself, and colleagues go on."""
    ticket = open_for_deed(session, number, Deed.RECUSE, actor=actor, now=now, rulebook=rulebook)
    assert actor.staff_id is not None
    session.add(Recusal(staff_id=actor.staff_id, ticket_id=ticket.id, reason=given.reason, at=now))
    centre = Audience.CENTRE
    timeline.write(session, ticket, "recused", actor=actor, now=now, audience=centre, reason=given.reason)
    session.flush()
    return ticket
