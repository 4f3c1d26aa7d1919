"""Rows of a file as a form takes them: each column is the field of its name, each cell read as that field needs it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from hotline.rules.refusals import InvalidInput
from hotline.schemas.base import Day, Form
from hotline.schemas.intake.enterprise import Phone
from hotline.schemas.intake.history import Instant, YesNo
from hotline.transfer.cells import Cell, Line, is_filled
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_times import read_time
from hotline.transfer.import_values import is_masked, number_of, text_of
from hotline.transfer.table_file import TableFile, open_table
from hotline.transfer.tables.named_columns import named_columns, surplus


@dataclass(frozen=True)
class RowReading:
    """The way from rows to what a form takes.

    `numbers`: fields whose digits must not be lost; `is_nothing` tells a word that says there is none (无, -).
    """

    form: Form
    numbers: tuple[str, ...]
    is_nothing: Callable[[str], bool]


@dataclass(frozen=True)
class FormRows:
    """The rows of an open file for one form."""

    table: TableFile
    reading: RowReading
    columns: tuple[str | None, ...]
    drop_unknown: bool

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any] | InvalidInput]]:
        """Yield each row with its line, or what is wrong in it."""
        for line in self.table.lines():
            values, wrong = self._values(line)
            yield line.number, InvalidInput(wrong) if wrong else values

    def _values(self, line: Line) -> tuple[dict[str, Any], dict[str, str]]:
        more = surplus(line, self.table.headings, self.columns, drop_unknown=self.drop_unknown)
        values: dict[str, Any] = {}
        wrong = {"": more} if more else {}
        for name, cell in zip(self.columns, line.cells, strict=True):
            if name is None or not is_filled(cell):
                continue
            try:
                value = self._value(name, cell)
                values |= {} if value is None else {name: value}
            except ValidationError as error:
                wrong[f"/{name}"] = str(error.messages[0])
        return values, wrong

    def _value(self, name: str, cell: Cell) -> object:
        field = self.reading.form.fields[name]
        if isinstance(field, Instant):
            return read_time(cell)
        if isinstance(field, Day):
            found = read_time(cell)
            return (found.date() if isinstance(found, datetime) else found).isoformat()
        if isinstance(field, YesNo) and isinstance(cell, bool):
            return str(cell)
        return self._number(cell) if name in self.reading.numbers or isinstance(field, Phone) else text_of(cell)

    def _number(self, cell: Cell) -> str | None:
        text = number_of(cell)
        return None if text is None or self.reading.is_nothing(text) or is_masked(text) else text


@contextmanager
def open_form_rows(
    path: Path, reading: RowReading, required: Sequence[str], choices: ImportChoices
) -> Iterator[FormRows]:
    """Open a file whose columns are the fields of a form; refuse `BadFile` one that is not understood or breaks off."""
    names, drop = reading.form.fields, choices.drop_unknown
    with open_table(path, sheet=choices.sheet, encoding=choices.encoding, is_heading=names.__contains__) as table:
        columns = named_columns(table, names, required, drop_unknown=drop)
        table.check_to_end()
        yield FormRows(table, reading, columns, drop)
