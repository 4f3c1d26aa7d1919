"""Rectifications: opened with the bad rating, in the same transaction, with one working day to verify it."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.casework import clocks, notices, timeline
from hotline.casework.numbers import next_number
from hotline.records.ratings import Rating
from hotline.records.rectifications import Rectification
from hotline.records.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.rectification import CLOCK_OF, FIRST
from hotline.rules.rulebook import Rulebook
from hotline.rules.ticket_number import RECTIFICATION
from hotline.rules.vocabulary import Audience, Role


def open_case(session: Session, ticket: Ticket, rating: Rating, *, now: datetime, rulebook: Rulebook) -> Rectification:
    """Exactly one case for a bad rating (the rating's id is unique in it); the centre is told and verifies."""
    case = Rectification(
        number=next_number(session, RECTIFICATION, now),
        rating_id=rating.id,
        ticket_id=ticket.id,
        unit_id=ticket.lead_unit_id,
        state=FIRST,
        opened_at=now,
    )
    session.add(case)
    session.flush()
    clocks.start(session, ticket, CLOCK_OF[FIRST], now, rulebook=rulebook, rectification_id=case.id)
    centre, number = Audience.CENTRE, case.number
    timeline.write(session, ticket, "rectification_opened", actor=SYSTEM, now=now, audience=centre, case=number)
    told, event = {Role.REVIEWER, Role.SUPERVISOR}, f"rectification:{case.id}"
    notices.tell(session, ticket, event, "bad_rating", told, now=now, rulebook=rulebook, number=ticket.number)
    return case
