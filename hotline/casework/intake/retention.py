"""The end of personal data that nothing needs any more: contacts, and the files and rows of imports.

Of a contact go name, telephone and mail, the digest, and the hash it is found by. The row stays, so that a file says that there
was one; the timeline names it by its number alone, and its chain still holds. Of an import counts and sentences stay.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.call_backs.call_backs import Call
from hotline.models.database.any_of import any_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.intake.enterprises import Contact
from hotline.models.intake.imports import Import, ImportBadRow
from hotline.models.messages.notices import Notice
from hotline.models.ratings.ratings import Rating
from hotline.models.tickets.tickets import Ticket
from hotline.rules.intake.imports import FINAL, ImportState
from hotline.storage.file_store import FileStore


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


def end_forgotten_imports(session: Session, before: datetime) -> int:
    """Cancel the drafts that nobody has started since; return how many."""
    old = (Import.state == ImportState.DRAFT, Import.created_at < before)
    ended = {"state": ImportState.CANCELLED, "sealed_preview": None}
    return session.connection().execute(update(Import).where(*old).values(**ended)).rowcount


def destroy_import_rows(session: Session, before: datetime) -> int:
    """Destroy the cells of rows that were not taken and not asked for since; their lines and reasons stay."""
    ended = select(Import.id).where(Import.finished_at < before)
    old = (ImportBadRow.import_id.in_(ended), ImportBadRow.sealed_cells.is_not(None))
    return session.connection().execute(update(ImportBadRow).where(*old).values(sealed_cells=None)).rowcount


def destroy_import_files(ctx: Context, store: FileStore) -> int:
    """Destroy the files of imports that have ended, unless another import still needs the same; return how many."""
    needed = select(Import.content_hash).where(Import.state.not_in(FINAL), Import.content_hash.is_not(None))
    ended = (Import.content_hash.is_not(None), Import.state.in_(FINAL), Import.content_hash.not_in(needed))
    hashes = set(ctx.session.scalars(select(Import.content_hash).where(*ended)))
    for content_hash in hashes:
        store.drop(content_hash or "")
    ctx.session.connection().execute(update(Import).where(*ended).values(content_hash=None))
    return len(hashes)
