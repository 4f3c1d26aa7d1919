"""Takes the rows of a claimed import in, batch by batch; each batch moves the import on in its own transaction."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from hotline.app_context import AppContext
from hotline.casework.intake import import_progress
from hotline.casework.intake.history import Taken, import_matters
from hotline.casework.intake.import_progress import Batch, Claimed, NoLongerOurs, NotTaken
from hotline.rules.refusals import BadFile, Refusal
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_rows import BadRow, MatterRow, read_matters
from hotline.transfer.import_said import said

BATCH = 500
"""Rows of a transaction; on SQLite everybody else who writes waits so long."""


def run_import(app_context: AppContext, claimed: Claimed) -> int:
    """Take in the rows that are left and return how many; what cannot be read further fails with the reason."""
    done = claimed.rows_read
    try:
        for rows in _batches(app_context, claimed):
            _take(app_context, Batch(claimed.id, done, len(rows), rows[-1].line), rows)
            done += len(rows)
        _finish(app_context, claimed)
    except NoLongerOurs:
        pass
    except Refusal as refusal:
        _finish(app_context, claimed, refusal.sentence())
    return done - claimed.rows_read


def _batches(app_context: AppContext, claimed: Claimed) -> Iterator[list[MatterRow | BadRow]]:
    """The session is needed for the first row alone: none stays open while others write."""
    with app_context.snapshot() as ctx:
        choices = ImportChoices.from_json(claimed.choices)
        rows = read_matters(ctx, _file(app_context, claimed), choices)
        batch = list(islice(rows, claimed.rows_read, claimed.rows_read + BATCH))
    while batch:
        yield batch
        batch = list(islice(rows, BATCH))


def _file(app_context: AppContext, claimed: Claimed) -> Path:
    path = app_context.import_files.path(claimed.content_hash) if claimed.content_hash else None
    if path is None or not path.is_file():
        raise BadFile("上传的文件已不在服务器上，请重新上传")
    return path


def _take(app_context: AppContext, batch: Batch, rows: list[MatterRow | BadRow]) -> None:
    bad = [NotTaken(row.line, row.sentence, row.cells) for row in rows if isinstance(row, BadRow)]
    matters = [row for row in rows if not isinstance(row, BadRow)]
    with app_context.transaction() as ctx:
        import_progress.move_on(ctx, batch)
        fates = import_matters(ctx, matters)
        for row, fate in zip(matters, fates, strict=True):
            if isinstance(fate, Refusal):
                bad.append(NotTaken(row.line, said(fate), row.cells))
        import_progress.count(ctx, batch, added=fates.count(Taken.ADDED), bad=bad)


def _finish(app_context: AppContext, claimed: Claimed, fault: str | None = None) -> None:
    with app_context.transaction() as ctx:
        import_progress.finish(ctx, claimed, fault)
