"""The secrecy guard over the records: no way takes a report to the unit that it is about."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.tickets.merges import with_repeats
from hotline.models.tickets.tickets import Ticket
from hotline.rules.dispatch import secrecy
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import TicketType


def check(session: Session, ticket: Ticket, unit: Unit) -> None:
    """Refuses `SecrecyGuard` for the target of a report and for a unit below it.

    What was merged into a ticket goes where that goes: the reports among it count as the ticket itself.
    """
    for type, target_path in _targets(session, ticket):
        secrecy.check_unit(type, target_path, unit.path, unit.name)


def concerns(session: Session, ticket: Ticket, unit: Unit) -> bool:
    """Return whether this is, or holds, a report about this unit, one above it or one in its subtree."""
    return any(secrecy.concerns(type, path, unit.path) for type, path in _targets(session, ticket))


def _targets(session: Session, ticket: Ticket) -> list[tuple[TicketType | None, str]]:
    """The reported units of a ticket and of what was merged into it; who succeeded a closed one is reported as well."""
    reported = (Ticket.id.in_(select(with_repeats(ticket.id).c.id)), Ticket.target_unit_id.is_not(None))
    chain = select(Ticket.type, Ticket.target_unit_id.label("unit_id")).where(*reported).cte("reported", recursive=True)
    succeeded = select(chain.c.type, Unit.successor_id).join(Unit, Unit.id == chain.c.unit_id)
    chain = chain.union(succeeded.where(Unit.successor_id.is_not(None)))
    query = select(chain.c.type, Unit.path).join(Unit, Unit.id == chain.c.unit_id)
    return [(type, path) for type, path in session.execute(query)]


def check_target(session: Session, ticket: Ticket, target: Unit) -> None:
    """Refuses `ConditionUnmet` to name as reported a unit that reads the report already, or one above that."""
    for unit in _readers(session, ticket):
        if secrecy.is_kept_from(ticket.type, target.path, unit.path):
            raise ConditionUnmet(f"举报件现在由{unit.name}承办或协办，请先改派，再更正被反映单位")


def check_merge(session: Session, ticket: Ticket, master: Ticket) -> None:
    """Refuses `SecrecyGuard` for a report that would join a ticket which its target reads."""
    for unit in _readers(session, master):
        check(session, ticket, unit)


def _readers(session: Session, ticket: Ticket) -> Sequence[Unit]:
    """The units that read this ticket: its lead, the desk within it, whoever helps or has helped, and who owes an answer."""
    helped = select(Assist.unit_id).where(Assist.ticket_id == ticket.id)
    owed = (Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None), Clock.unit_id.is_not(None))
    reading = or_(Unit.id.in_(helped), Unit.id.in_(select(Clock.unit_id).where(*owed)))
    own = Unit.id.in_([id for id in (ticket.lead_unit_id, ticket.desk_unit_id) if id is not None])
    return session.scalars(select(Unit).where(own | reading).order_by(Unit.id)).all()
