"""The rows of a file as matters, in its order: every row comes out once, as a matter or by its line with the reason."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from hotline.casework.intake.past_matter import PastMatter, check
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.context import Context
from hotline.rules.intake import credit_code
from hotline.rules.intake.days_without_time import days_alone, with_times
from hotline.rules.intake.import_columns import FIELDS, REQUIRED
from hotline.rules.ratings.rating import is_bad
from hotline.rules.refusals import BadFile, InvalidInput
from hotline.schemas.base import REQUIRED as MUST
from hotline.transfer.cells import Cell, CellError, Line, is_filled
from hotline.transfer.import_cells import CellReader
from hotline.transfer.import_mapping import Column, ColumnMapping, How, ImportChoices, map_columns
from hotline.transfer.import_template import template_sheet
from hotline.transfer.table_file import TableFile, open_table

LONGEST_SENTENCE = 400


@dataclass(frozen=True, slots=True)
class MatterRow(PastMatter):
    """A matter with the line on which it stands and its cells as they were."""

    line: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no matter: why, in one sentence, and its cells as they were, in the order of the headings."""

    line: int
    sentence: str
    cells: tuple[str, ...]


def read_matters(ctx: Context, path: Path, choices: ImportChoices) -> Iterator[MatterRow | BadRow]:
    """Yield every row of the file, in its order.

    Refuses `BadFile` before the first row: a column that is not understood, and a file that cannot be read to its end.
    """
    with open_import(ctx, path, choices) as table:
        mapping = map_columns(table.headings, choices, ctx.rules.import_columns)
        if faults := tuple(mapping.faults()):
            raise BadFile("；".join(faults))
        table.check_to_end()
        rows = RowReader(ctx, mapping, CellReader.of(ctx, choices.satisfaction))
        yield from map(rows.read, table.lines())


def open_import(ctx: Context, path: Path, choices: ImportChoices) -> AbstractContextManager[TableFile]:
    """Open the file as the choices say; a row with known headings is the row of the headings."""
    names = ctx.rules.import_columns
    known = {heading for heading, name in choices.columns.items() if name}
    return open_table(
        path,
        sheet=choices.sheet or template_sheet(path),
        encoding=choices.encoding,
        is_heading=lambda heading: heading in known or names.field_of(heading) is not None,
    )


class RowReader:
    """Reads the lines of one file, each by itself; the database is asked once, before the first."""

    def __init__(self, ctx: Context, mapping: ColumnMapping, cells: CellReader) -> None:
        self.calendar, self.now = ctx.rules.calendar, ctx.now
        self.cells, self.columns = cells, mapping.columns

    def read(self, line: Line) -> MatterRow | BadRow:
        """Return the matter of a line, or every fault of it in one sentence."""
        shown = tuple(map(shown_cell, line.cells))
        row, faults = self.values(line)
        if not faults:
            faults = list(_contradictions(row))
        if not faults:
            return self._matter(row, line.number, shown)
        return BadRow(line.number, "；".join(faults)[:LONGEST_SENTENCE], shown)

    def _matter(self, row: dict[str, Any], line: int, shown: tuple[str, ...]) -> MatterRow | BadRow:
        for name in days_alone(row):
            self.cells.remarks[
                f"{FIELDS[name]}只有日期，按当日{'上班' if name == 'received_at' else '下班'}时间导入"
            ] += 1
        if row.get("replied_at") is None:
            self.cells.remarks["没有办结时间，作为待办理的诉求导入，时限从导入时起算"] += 1
            if row.get("unit"):
                self.cells.remarks["待办理的诉求所列的承办单位只记入工单记录，由分拨员派单"] += 1
        if doubt := credit_code.warning(row.get("credit_code")):
            self.cells.remarks[doubt] += 1
        matter = _matter(with_times(self.calendar, row), line, shown)
        try:
            check(matter, self.now)
        except InvalidInput as refusal:
            return BadRow(line, "；".join(refusal.pointers().values()), shown)
        return matter

    def values(self, line: Line) -> tuple[dict[str, Any], list[str]]:
        """Return the values of the fields, and a sentence for each cell that has none."""
        row: dict[str, Any] = {}
        faults = [f"比标题多出{line.more}格内容"] if line.more else []
        for column, cell in zip(self.columns, line.cells, strict=True):
            try:
                row |= self._value(column, cell)
            except ValidationError as error:
                faults.append(f"“{column.heading}”列{error.messages[0]}")
        faults += [f"“{FIELDS[name]}”{MUST}" for name in REQUIRED if row.get(name, "") is None]
        if row.get("replied_at") is None and self.cells.names.is_nothing(row.get("reply") or ""):
            row["reply"] = None
        return row, faults

    def _value(self, column: Column, cell: Cell) -> Mapping[str, Any]:
        if column.field:
            return {column.field: self.cells.read(column.field, cell)}
        if column.how is How.UNTITLED and is_filled(cell):
            raise ValidationError("没有标题却有内容，请写上标题或删去")
        return {}


def _contradictions(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a row says against itself, or without what it needs: history without its end must not come to life."""
    if row.get("credit_code") and not row.get("company_name"):
        yield "有统一社会信用代码，没有企业名称"
    if row.get("replied_at") is not None:
        return
    ended = [FIELDS[name] for name in ("signed_at", "reply", "satisfied") if row.get(name) is not None]
    if ended:
        yield f"有{'、'.join(ended)}而没有办结时间，分不清是已办结还是待办理，请补上办结时间，或清空{'、'.join(ended)}"


def _matter(row: Mapping[str, Any], line: int, shown: tuple[str, ...]) -> MatterRow:
    plain = dict(row)
    company, code = plain.pop("company_name", None), plain.pop("credit_code", None)
    contact = ContactGiven(name=plain.pop("contact_name", None), phone=plain.pop("contact_phone", None))
    level = plain.pop("satisfied", None)
    return MatterRow(
        **{**plain, "difficult": bool(plain.get("difficult"))},
        satisfied=None if level is None else not is_bad(level),
        satisfaction=level,
        enterprise=EnterpriseGiven(company, code) if company else None,
        contact=contact,
        line=line,
        cells=shown,
    )


def shown_cell(cell: Cell) -> str:
    """Return a cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        return cell.text
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, bool):
        return str(cell).upper()
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)
