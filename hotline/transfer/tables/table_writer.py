"""Rows into a file, CSV or XLSX, one by one, so that memory does not grow with them. In XLSX each value keeps its type."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO

from hotline.rules.deadlines.working_calendar import local
from hotline.text.formulas import guarded
from hotline.transfer.tables.workbook_writer import Workbook

Value = str | int | float | date | datetime | None
Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how many characters wide it is drawn, and whether its numbers are shares of one."""

    heading: str
    width: int = 14
    percent: bool = False


@dataclass(slots=True)
class Written:
    """The count of rows written, and notes for the reader of the file."""

    rows: int = 0
    notes: list[str] = field(default_factory=list)


def write_csv(file: IO[bytes], header: Sequence[Column | str], rows: Iterable[Row]) -> Written:
    """UTF-8 with a byte order mark; instants with their zone, shares with four digits."""
    written = Written()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.heading for column in _columns(header)])
    for row in rows:
        writer.writerow([_text(value) for value in row])
        written.rows += 1
    text.detach()
    return written


def _text(value: Value) -> str:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float):
        return f"{value:.4f}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def write_xlsx(file: IO[bytes], title: str, header: Sequence[Column | str], rows: Iterable[Row]) -> Written:
    """Dates are dates (Asia/Shanghai), numbers are numbers, and no cell is a formula; what one sheet cannot hold goes on
    in the next. Refuses `ConditionUnmet` for a text that no cell can hold."""
    columns = _columns(header)
    book = Workbook(title, [(column.heading, column.width, column.percent) for column in columns])
    try:
        for row in rows:
            book.append([_naive(value) for value in row])
        book.save(file)
    finally:
        book.discard()
    return Written(book.rows, book.notes())


def _naive(value: Value) -> Value:
    """An instant as the clock on the wall shows it: a spreadsheet knows no zones."""
    return local(value).replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value


def _columns(header: Sequence[Column | str]) -> list[Column]:
    return [Column(column) if isinstance(column, str) else column for column in header]


def counted(rows: Iterator[Row], most: int, refusal: Exception) -> Iterator[Row]:
    """The rows; raises the refusal where there are more than `most`."""
    for number, row in enumerate(rows, start=1):
        if number > most:
            raise refusal
        yield row
