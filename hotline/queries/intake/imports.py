"""Imports as people see them: the list, how far one has come, and the rows of it that were not taken."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.database.session import keys_of
from hotline.models.intake.import_rows import import_row, preview_of
from hotline.models.intake.imports import Import, ImportBadRow
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.intake.imports import FINAL, ImportState, check_imports

FIRST_BAD = 100
"""So many bad rows stand on the page; the file holds all of them."""
CHUNK = 500


def import_page(ctx: Context, page: paging.Page) -> dict[str, Any]:
    """The newest first, `items` and the cursors."""
    check_imports(ctx.actor)
    query: Any = select(Import, Staff.name).join(Staff, Staff.id == Import.created_by)
    order = paging.Order(Import.created_at, Import.id, newest_first=True)
    found = paging.read(ctx.session, query, order, page)
    return {"items": [_line(row, name) for row, name, *_ in found.rows], **found.ends()}


def import_file(ctx: Context, import_id: int) -> dict[str, Any]:
    """One import: what it would become while it is a draft, and the first rows that were not taken."""
    check_imports(ctx.actor)
    row = import_row(ctx.session, import_id)
    starter = aliased(Staff)
    names = select(Staff.name, starter.name).outerjoin(starter, starter.id == row.started_by)
    name, started_by = ctx.session.execute(names.where(Staff.id == row.created_by)).one()
    bad = select(ImportBadRow).where(ImportBadRow.import_id == row.id).order_by(ImportBadRow.line).limit(FIRST_BAD)
    return {
        **_line(row, name),
        "started_by": started_by,
        "choices": row.choices,
        "preview": preview_of(ctx.session, row) if row.state is ImportState.DRAFT else None,
        "bad_rows": [{"line": one.line, "sentence": one.sentence} for one in ctx.session.scalars(bad)],
    }


def _line(row: Import, name: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "file_name": row.file_name,
        "size": row.size,
        **labelled("state", row.state),
        "final": row.state in FINAL,
        "created_by": name,
        "created_at": instant(row.created_at),
        "started_at": instant(row.started_at),
        "finished_at": instant(row.finished_at),
        "fault": row.fault,
        "rows": {
            "total": row.rows_total,
            "read": row.rows_read,
            "last_line": row.last_line,
            "added": row.added,
            "present": row.present,
            "bad": row.bad,
        },
    }


def bad_rows(session: Session, import_id: int) -> Iterator[tuple[int, str, list[str]]]:
    """Yield (line, why, the cells as they stood) of every row that was not taken, in the order of the file."""
    keys, after = keys_of(session), -1
    query = select(ImportBadRow).where(ImportBadRow.import_id == import_id).order_by(ImportBadRow.line).limit(CHUNK)
    while rows := session.scalars(query.where(ImportBadRow.line > after)).all():
        for row in rows:
            yield row.line, row.sentence, json.loads(keys.open(row.sealed_cells)) if row.sealed_cells else []
        after = rows[-1].line
        session.expunge_all()
