"""Files that are kept to be imported: what one becomes, its template, and the file of the rows that were not taken."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from hotline.casework.intake import imports
from hotline.casework.intake.imports import Explained, ImportFile
from hotline.context import Context
from hotline.models.intake.imports import Import
from hotline.queries.intake.imports import bad_rows
from hotline.rules.intake.import_columns import FIELDS, REQUIRED
from hotline.rules.intake.imports import check_draft
from hotline.rules.refusals import BadFile
from hotline.storage.file_store import FileStore
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_preview import ImportPreview, preview

LINE, REASON = "原文件行号", "未导入原因"
"""The columns that the file of bad rows has beside those of the file; given again they are passed by."""


def upload(ctx: Context, given: ImportFile, store: FileStore) -> Import:
    """Keep a file as a draft with what it would become. Refuse (`BadFile`) one that cannot be read to its end."""
    content_hash = imports.keep_file(ctx, given, store)
    choices = ImportChoices()
    found = preview(ctx, store.path(content_hash), choices)
    if ours := {name: None for name in found.unknown if name in (LINE, REASON)}:
        choices = ImportChoices(columns=ours)
        found = preview(ctx, store.path(content_hash), choices)
    return imports.add_draft(ctx, given, content_hash, Explained(choices.as_json(), shown(found)))


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


def write_template(file: IO[bytes]) -> None:
    """Write a workbook with the headings alone; （必填） stands behind those that are needed."""
    _write(file, [f"{label}（必填）" if name in REQUIRED else label for name, label in FIELDS.items()], iter(()))


def write_bad_rows(ctx: Context, import_id: int, file: IO[bytes]) -> None:
    """Write the rows that were not taken as they stood, with their lines and the reasons, to be mended and given again."""
    row = imports.import_for(ctx, import_id)
    rows = ([*_whole(cells, row.headings), str(line), why] for line, why, cells in bad_rows(ctx.session, row.id))
    _write(file, [*row.headings, LINE, REASON], rows)


def _whole(cells: Sequence[str], headings: Sequence[str]) -> list[str]:
    return [*cells, *[""] * (len(headings) - len(cells))]


def _write(file: IO[bytes], header: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
    """Every cell is text: no number loses digits, no text is a formula, and none is changed to make it harmless."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("诉求")
    sheet.freeze_panes = "A2"
    for texts in chain([header], rows):
        sheet.append([_cell(sheet, text) for text in texts])
    book.save(file)


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.number_format = "s", "@"
    return cell
