"""Contacts that nothing needs any more are destroyed: name, telephone and mail, the digest, and the hash they are found by.

The row stays, so that a file says that there was one; the timeline names it by its number alone, and its chain still holds.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.call_backs.call_backs import Call
from hotline.models.database.any_of import any_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.intake.enterprises import Contact
from hotline.models.messages.notices import Notice
from hotline.models.ratings.ratings import Rating
from hotline.models.tickets.tickets import Ticket


def needless(session: Session, before: datetime) -> list[int]:
    """The ids of the contacts that were sealed before, and belong to no open matter and to nothing that ended since.

    A closed ticket with a running clock is owed something yet: a promise is tracked, a bad rating is put right.
    """
    open_or_since = or_(Ticket.closed_at.is_(None), Ticket.closed_at >= before)
    needed = (
        select(Ticket.contact_id).where(open_or_since),
        select(Ticket.contact_id).join(Clock, Clock.ticket_id == Ticket.id).where(Clock.stopped_at.is_(None)),
        select(Call.contact_id).where(or_(Call.ended_at.is_(None), Call.ended_at >= before)),
        select(Rating.contact_id).where(Rating.rated_at >= before),
        select(Notice.contact_id).where(Notice.at >= before),
    )
    sealed = select(Contact.id).where(Contact.destroyed_at.is_(None), Contact.created_at < before)
    return sorted(session.scalars(sealed.except_(*needed)))


def destroy(ctx: Context, contacts: list[int]) -> None:
    """Overwrites what is sealed; it cannot be had back but from a backup."""
    gone = {"sealed": b"", "digest": "", "phone_hash": None, "destroyed_at": ctx.now}
    ctx.session.connection().execute(
        update(Contact).where(any_of(Contact.id, "contacts")).values(**gone), {"contacts": contacts}
    )
