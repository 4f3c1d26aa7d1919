"""What is kept of imports and how long: files and rows name persons, counts and sentences stay."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.intake.imports import Import, ImportBadRow
from hotline.rules.intake.imports import FINAL, ImportState
from hotline.storage.file_store import FileStore


def end_forgotten_drafts(session: Session, before: datetime) -> int:
    """Cancel the drafts that nobody has started since; return how many."""
    old = (Import.state == ImportState.DRAFT, Import.created_at < before)
    ended = {"state": ImportState.CANCELLED, "sealed_preview": None}
    return session.connection().execute(update(Import).where(*old).values(**ended)).rowcount


def destroy_rows(session: Session, before: datetime) -> int:
    """Destroy the cells of rows that were not taken and not asked for since; their lines and reasons stay."""
    ended = select(Import.id).where(Import.finished_at < before)
    old = (ImportBadRow.import_id.in_(ended), ImportBadRow.sealed_cells.is_not(None))
    return session.connection().execute(update(ImportBadRow).where(*old).values(sealed_cells=None)).rowcount


def destroy_files(ctx: Context, store: FileStore) -> int:
    """Destroy the files of imports that have ended, unless another import still needs the same; return how many."""
    needed = select(Import.content_hash).where(Import.state.not_in(FINAL), Import.content_hash.is_not(None))
    ended = (Import.content_hash.is_not(None), Import.state.in_(FINAL), Import.content_hash.not_in(needed))
    hashes = set(ctx.session.scalars(select(Import.content_hash).where(*ended)))
    for content_hash in hashes:
        store.drop(content_hash or "")
    ctx.session.connection().execute(update(Import).where(*ended).values(content_hash=None))
    return len(hashes)
