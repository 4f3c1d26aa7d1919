"""The secrecy guard over the records: no way takes a report to the unit that it is about."""

from sqlalchemy.orm import Session

from hotline.records.tickets import Ticket
from hotline.records.units import Unit
from hotline.rules import secrecy


def check(session: Session, ticket: Ticket, unit: Unit) -> None:
    """Refuses `SecrecyGuard` for the target of a report and for a unit below it."""
    target = session.get(Unit, ticket.target_unit_id) if ticket.target_unit_id else None
    secrecy.check_unit(ticket.type, target.path if target else None, unit.path, unit.name)
