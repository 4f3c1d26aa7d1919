"""Imports of files, as supervisors handle them: uploaded, explained, started, cancelled.

The rows are taken in by a job (`import_progress`). Only supervisors have to do with imports: a file names persons.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.intake.import_rows import import_row, preview_of
from hotline.models.intake.imports import Import
from hotline.rules.handling.upload import LARGEST
from hotline.rules.intake.imports import FINAL, ImportState, check_cancels, check_draft, check_imports
from hotline.rules.refusals import ConditionUnmet, InvalidInput, StorageFull
from hotline.storage.file_store import FileStore

LONGEST_NAME = 200
WAY = "请拆成几个文件，或由系统管理员在服务器上用 hotline import 导入"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Explained:
    """A person's `choices` about a file and the `preview` that follows from them, both plain JSON."""

    choices: Mapping[str, Any]
    preview: Mapping[str, Any]


def keep_file(ctx: Context, given: ImportFile, store: FileStore) -> str:
    """Keep the file and return its hash. Refuse one that is empty or too large, and `StorageFull`."""
    check_imports(ctx.actor)
    if not given.content:
        raise InvalidInput({"/file": "文件是空的"})
    if len(given.content) > LARGEST:
        raise InvalidInput({"/file": f"文件不能超过{LARGEST // 1024**2}MB，{WAY}"})
    try:
        return store.keep(given.content)
    except OSError:
        raise StorageFull() from None


def drop_unused(ctx: Context, content_hash: str, store: FileStore) -> None:
    """Destroy a file that no import needs any more."""
    needed = select(Import.id).where(Import.content_hash == content_hash, Import.state.not_in(FINAL)).limit(1)
    if ctx.session.scalar(needed) is None:
        store.drop(content_hash)


def add_draft(ctx: Context, given: ImportFile, content_hash: str, explained: Explained) -> Import:
    """Add an import that waits for its confirmation."""
    check_imports(ctx.actor)
    assert ctx.actor.staff_id is not None
    row = Import(
        created_by=ctx.actor.staff_id,
        created_at=ctx.now,
        file_name=given.name[-LONGEST_NAME:],
        content_hash=content_hash,
        size=len(given.content),
        state=ImportState.DRAFT,
        **dict.fromkeys(("rows_read", "last_line", "added", "present", "bad"), 0),
    )
    _explain(ctx, row, explained)
    ctx.session.add(row)
    ctx.session.flush()
    return row


def _explain(ctx: Context, row: Import, explained: Explained) -> None:
    """The preview shows rows with persons in them: it is sealed."""
    row.choices = dict(explained.choices)
    row.headings = [column["heading"] for column in explained.preview["columns"]]
    row.rows_total = explained.preview["total"]
    row.sealed_preview = keys_of(ctx.session).seal(json.dumps(explained.preview, ensure_ascii=False))


def import_for(ctx: Context, import_id: int) -> Import:
    """The import; refuses `RoleMissing` and `UnknownThing`."""
    check_imports(ctx.actor)
    return import_row(ctx.session, import_id)


def _locked(ctx: Context, import_id: int) -> Import:
    import_for(ctx, import_id)
    query = select(Import).where(Import.id == import_id).with_for_update().execution_options(populate_existing=True)
    return ctx.session.scalars(query).one()


def explain(ctx: Context, import_id: int, explained: Explained) -> Import:
    """Take other choices for a draft."""
    row = _locked(ctx, import_id)
    check_draft(row.state)
    _explain(ctx, row, explained)
    return row


def start(ctx: Context, import_id: int) -> Import:
    """Hand a draft to the job. Refuse `ConditionUnmet` while something in it is not understood, and when there are no rows."""
    row = _locked(ctx, import_id)
    check_draft(row.state)
    preview = preview_of(ctx.session, row) or {}
    if not preview.get("ready"):
        raise ConditionUnmet(f"还不能导入：{'；'.join(preview.get('faults', ()))}")
    if not row.rows_total:
        raise ConditionUnmet("文件里没有数据行，没有可导入的内容")
    row.state, row.started_by, row.sealed_preview = ImportState.WAITING, ctx.actor.staff_id, None
    # Free at once: nobody has looked for its file yet.
    row.claimed_until = ctx.now
    return row


def cancel(ctx: Context, import_id: int) -> Import:
    """End an import that has not ended; the rows that are in stay."""
    row = _locked(ctx, import_id)
    check_cancels(row.state)
    row.state, row.finished_at, row.sealed_preview = ImportState.CANCELLED, ctx.now, None
    return row
