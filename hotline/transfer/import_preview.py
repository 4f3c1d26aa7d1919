"""A preview of a file: its columns, its first rows as they will be, and what is not understood. Nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hotline.context import Context
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.intake.import_columns import FIELDS
from hotline.rules.vocabulary import Word
from hotline.transfer.cells import Line
from hotline.transfer.import_cells import CellReader
from hotline.transfer.import_mapping import Column, ColumnMapping, ImportChoices, map_columns
from hotline.transfer.import_names import Names
from hotline.transfer.import_rows import BadRow, MatterRow, RowReader, open_import

MOST_PROBLEMS = 200


@dataclass
class ImportPreview:
    """`faults`: what keeps the file out. `rows`: the first matters, label -> text. `problems`: (line, sentence), the first ones.

    `total` counts the rows, `bad` those that would be named and left out; where a column is not understood no row is judged.
    `satisfaction`: words, with how often they stand there, whose meaning must be chosen.
    """

    mapping: ColumnMapping
    notes: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    satisfaction: Mapping[str, int] = field(default_factory=dict)
    rows: list[Mapping[str, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    total: int = 0
    bad: int = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column of the file, in its order."""
        return self.mapping.columns

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings that need a word."""
        return tuple(column.heading for column in self.mapping.unknown)

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that no column is."""
        return self.mapping.missing

    @property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each thing that keeps the file out."""
        asked = (f"满意度“{word}”（{times}行）是哪一级，请指定" for word, times in self.satisfaction.items())
        return (*self.mapping.faults(), *asked)

    @property
    def ready(self) -> bool:
        """True where the file can go in; rows with faults are named and do not keep the others out."""
        return not self.faults


def preview(ctx: Context, path: Path, choices: ImportChoices, rows: int = 10) -> ImportPreview:
    """Read the file to its end and return what it would become; refuse `BadFile` one that cannot be read to its end."""
    with open_import(ctx, path, choices) as table:
        mapping = map_columns(table.headings, choices, ctx.rules.import_columns)
        found = ImportPreview(mapping, table.notes, table.sheet, table.encoding)
        if any(mapping.faults()):
            found.total = table.check_to_end()
        else:
            _judge(
                found, RowReader(ctx, mapping, CellReader.of(ctx, choices.satisfaction, asks=True)), table.lines(), rows
            )
    return found


def _judge(found: ImportPreview, reader: RowReader, lines: Iterable[Line], rows: int) -> None:
    for line in lines:
        found.total += 1
        row = reader.read(line)
        if isinstance(row, BadRow):
            found.bad += 1
            if len(found.problems) < MOST_PROBLEMS:
                found.problems.append((row.line, row.sentence))
        elif len(found.rows) < rows:
            found.rows.append(_shown(row, reader.cells))
    found.satisfaction = dict(sorted(reader.cells.unanswered.items()))
    found.notes = (*found.notes, *(f"{remark}：{times}行" for remark, times in reader.cells.remarks.items()))


def _shown(row: MatterRow, cells: CellReader) -> Mapping[str, str]:
    """Return a matter as it will be, by the labels of its fields."""
    enterprise, contact = row.enterprise, row.contact
    values = {name: getattr(row, name, None) for name in FIELDS} | {
        "company_name": enterprise and enterprise.name,
        "credit_code": enterprise and enterprise.credit_code,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "unit": _label(cells.units, row.unit),
        "category": _label(cells.categories, row.category),
        "satisfied": row.satisfaction,
    }
    state = {"导入后": "已办结" if row.replied_at else "待受理"}
    return state | {FIELDS[name]: _text(value) for name, value in values.items() if value is not None}


def _label(names: Names, code: str | None) -> str | None:
    return None if code is None else names.labels[code]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.label if isinstance(value, Word) else str(value)
