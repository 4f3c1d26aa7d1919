"""Files that are kept to be imported: what one becomes, and the file of the rows that were not taken."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from hotline.casework.intake import imports
from hotline.casework.intake.imports import Explained, ImportFile
from hotline.context import Context
from hotline.models.intake.imports import Import
from hotline.queries.intake.imports import bad_rows
from hotline.rules.intake.import_columns import FIELDS
from hotline.rules.intake.imports import check_draft
from hotline.rules.refusals import BadFile, Refusal
from hotline.storage.file_store import FileStore
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_preview import ImportPreview, preview
from hotline.transfer.import_template import template_sheet
from hotline.transfer.tables.table_writer import write_xlsx

LINE, REASON = "原文件行号", "未导入原因"
"""The columns that the file of bad rows has beside those of the file; given again they are passed by."""
LONGEST_CELL = 16_000
"""So many characters, each of two units of UTF-16 at most, has a cell of a sheet."""


def upload(ctx: Context, given: ImportFile, store: FileStore) -> Import:
    """Keep a file as a draft with what it would become. Refuse (`BadFile`) one that cannot be read to its end."""
    content_hash = imports.keep_file(ctx, given, store)
    try:
        choices, found = _first_look(ctx, store.path(content_hash))
    except Refusal:
        imports.drop_unused(ctx, content_hash, store)
        raise
    return imports.add_draft(ctx, given, content_hash, Explained(choices.as_json(), shown(found)))


def _first_look(ctx: Context, path: Path) -> tuple[ImportChoices, ImportPreview]:
    """A filled-in template is read where its matters stand; our own columns of a file of bad rows are left out."""
    choices = ImportChoices(sheet=template_sheet(path))
    found = preview(ctx, path, choices)
    ours: dict[str, str | None] = {name: None for name in found.unknown if name in (LINE, REASON)}
    if not ours:
        return choices, found
    choices = replace(choices, columns=ours)
    return choices, preview(ctx, path, choices)


def explain(ctx: Context, import_id: int, choices: ImportChoices, store: FileStore) -> Import:
    """Look at a draft with other choices. Refuse (`BadFile`) a sheet or an encoding that does not fit."""
    row = imports.import_for(ctx, import_id)
    check_draft(row.state)
    if row.content_hash is None or not store.path(row.content_hash).is_file():
        raise BadFile("上传的文件已不在服务器上，请重新上传")
    found = preview(ctx, store.path(row.content_hash), choices)
    return imports.explain(ctx, import_id, Explained(choices.as_json(), shown(found)))


def shown(found: ImportPreview) -> dict[str, Any]:
    """Return the preview as plain JSON."""
    return {
        "columns": [{**asdict(one), "how": str(one.how), "how_label": one.how.label} for one in found.columns],
        "notes": list(found.notes),
        "sheet": found.sheet,
        "encoding": found.encoding,
        "unknown": list(found.unknown),
        "missing": [FIELDS[name] for name in found.missing],
        "satisfaction": dict(found.satisfaction),
        "rows": [dict(row) for row in found.rows],
        "problems": [{"line": line, "sentence": sentence} for line, sentence in found.problems],
        "total": found.total,
        "bad": found.bad,
        "faults": list(found.faults),
        "ready": found.ready,
    }


def write_bad_rows(ctx: Context, import_id: int, file: IO[bytes]) -> None:
    """Write the rows that were not taken as they stood, with their lines and the reasons, to be mended and given again.

    Every cell is text, so that no number loses digits.
    """
    row = imports.import_for(ctx, import_id)
    rows = (_given_back(row.headings, *one) for one in bad_rows(ctx.session, row.id))
    write_xlsx(file, "未导入的行", [*row.headings, LINE, REASON], rows)


def _given_back(headings: Sequence[str], line: int, why: str, cells: Sequence[str]) -> list[str]:
    """A cell of a sheet holds no more: what is cut off is said in the reason."""
    held = [cell[:LONGEST_CELL] for cell in cells] + [""] * (len(headings) - len(cells))
    cut = [heading for heading, cell in zip(headings, cells, strict=False) if len(cell) > LONGEST_CELL]
    said = f"；“{'”“'.join(cut)}”列太长，这里只有前{LONGEST_CELL}字" if cut else ""
    return [*held, str(line), why + said]
