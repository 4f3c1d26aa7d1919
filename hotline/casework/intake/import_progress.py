"""The progress of an import: claimed by one process, moved on with each batch in the batch's own transaction.

A process that dies leaves a claim that runs out; the next one goes on behind the last batch that was committed, so that no row
is lost and none is taken twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, or_, select, update

from hotline.context import Context
from hotline.models.database.bulk import insert_rows
from hotline.models.database.session import keys_of
from hotline.models.intake.imports import UNFINISHED, Import, ImportBadRow
from hotline.rules.intake.imports import ImportState
from hotline.storage.file_store import FileStore

LEASE = timedelta(minutes=5)
"""A process that was silent for so long is taken for dead; a batch takes seconds."""
PATIENCE = timedelta(minutes=10)
"""So long a file is waited for that does not lie on this machine."""
LONGEST_SENTENCE = 400
BAD_ROWS: Any = ImportBadRow.__table__


@dataclass(frozen=True, slots=True)
class Claimed:
    """An import that this process works on: its file, what was said about it, and how many rows are dealt with."""

    id: int
    content_hash: str | None
    choices: dict[str, Any]
    rows_read: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A row that was not taken: its line, why, and its cells as they stood."""

    line: int
    sentence: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """The next rows of a file: how many were dealt with before, how many these are, and the line of the last."""

    import_id: int
    before: int
    rows: int
    last_line: int


class NoLongerOurs(Exception):
    """The import was cancelled, or another process has taken it over."""


def claim(ctx: Context, store: FileStore) -> Claimed | None:
    """Take the oldest import on which nobody works and whose file lies here; it may lie on another machine's disk.

    One whose file nobody has found for `PATIENCE` is taken all the same, and will fail with the reason.
    """
    free = or_(Import.claimed_until.is_(None), Import.claimed_until <= ctx.now)
    query = select(Import).where(UNFINISHED, free).order_by(Import.id).with_for_update(skip_locked=True)
    row = next((row for row in ctx.session.scalars(query) if _is_for_us(ctx, row, store)), None)
    if row is None:
        return None
    row.state, row.claimed_until, row.started_at = ImportState.RUNNING, ctx.now + LEASE, row.started_at or ctx.now
    return Claimed(row.id, row.content_hash, row.choices, row.rows_read)


def _is_for_us(ctx: Context, row: Import, store: FileStore) -> bool:
    if row.content_hash is not None and store.path(row.content_hash).is_file():
        return True
    return row.claimed_until is None or row.claimed_until <= ctx.now - PATIENCE


def move_on(ctx: Context, batch: Batch) -> None:
    """Hold the import for these rows until the transaction ends; raise `NoLongerOurs` where somebody was quicker."""
    ours = (Import.id == batch.import_id, Import.state == ImportState.RUNNING, Import.rows_read == batch.before)
    moved = {"rows_read": batch.before + batch.rows, "last_line": batch.last_line, "claimed_until": ctx.now + LEASE}
    changed: CursorResult[Any] = ctx.session.connection().execute(update(Import).where(*ours).values(**moved))
    if not changed.rowcount:
        raise NoLongerOurs


def count(ctx: Context, batch: Batch, *, added: int, bad: Sequence[NotTaken]) -> None:
    """Write what became of the rows of a batch."""
    present = batch.rows - added - len(bad)
    sums = {"added": Import.added + added, "present": Import.present + present, "bad": Import.bad + len(bad)}
    ctx.session.connection().execute(update(Import).where(Import.id == batch.import_id).values(**sums))
    insert_rows(ctx.session, BAD_ROWS, [_row(ctx, batch.import_id, row) for row in bad])


def _row(ctx: Context, import_id: int, bad: NotTaken) -> dict[str, Any]:
    sealed = keys_of(ctx.session).seal(json.dumps(bad.cells, ensure_ascii=False))
    return {
        "import_id": import_id,
        "line": bad.line,
        "sentence": bad.sentence[:LONGEST_SENTENCE],
        "sealed_cells": sealed,
    }


def finish(ctx: Context, claimed: Claimed, fault: str | None = None) -> None:
    """End the import: done, or failed with the reason; what is in stays in."""
    state = ImportState.FAILED if fault else ImportState.DONE
    ended = {"state": state, "finished_at": ctx.now, "claimed_until": None, "fault": fault and fault[:LONGEST_SENTENCE]}
    running = (Import.id == claimed.id, Import.state == ImportState.RUNNING)
    ctx.session.connection().execute(update(Import).where(*running).values(**ended))
