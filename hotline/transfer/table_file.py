"""A CSV file or a workbook as headings and rows, with what was passed by or guessed said by name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import Cell, Line, Sheet, is_filled
from hotline.transfer.tables.csv_file import CsvFile
from hotline.transfer.tables.file_kind import FileKind, file_kind
from hotline.transfer.tables.merged_cells import Merge, MergedCells
from hotline.transfer.tables.workbook import Workbook

LAST_HEADING_ROW = 20
"""Title lines may stand above the headings, but not more than these."""
LONGEST_TITLE_SAID = 30


class Rows(Protocol):
    """A source of rows with their numbers, read as often as they are asked for."""

    @property
    def sheet(self) -> str | None: ...
    @property
    def sheets(self) -> tuple[Sheet, ...]: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def merged(self) -> tuple[Merge, ...]: ...
    def rows(self) -> Iterator[tuple[int, list[Cell]]]: ...


@dataclass(frozen=True)
class TableFile:
    """An open file. `notes` are Chinese sentences for the person who gave it; `sheets` is empty for a text file.

    A heading is trimmed and in one line; one without words between others is named 第3列（无标题）. Two headings may be equal:
    `repeated` names them. Every way of reading refuses `BadFile` and nothing else.
    """

    headings: tuple[str, ...]
    heading_row: int
    sheet: str | None
    sheets: tuple[Sheet, ...]
    encoding: str | None
    notes: tuple[str, ...]
    source: Rows

    @property
    def repeated(self) -> tuple[str, ...]:
        """The headings that stand over more than one column."""
        return tuple(dict.fromkeys(name for name in self.headings if self.headings.count(name) > 1))

    def lines(self) -> Iterator[Line]:
        """Yield the filled rows under the headings. Refuses `BadFile` where reading breaks, after the rows before it."""
        width, blank = len(self.headings), (None,) * len(self.headings)
        merged = MergedCells(self.source.merged, width)
        for number, cells in self.source.rows():
            if number <= self.heading_row or not any(is_filled(cell) for cell in cells):
                continue
            merged.cover(number, cells)
            more = sum(map(is_filled, cells[width:])) if len(cells) > width else 0
            yield Line(number, (*cells[:width], *blank[len(cells) :]), more)

    def check_to_end(self) -> int:
        """Read all of it and return the number of rows; refuse `BadFile` with the row where reading breaks."""
        return sum(1 for _ in self.lines())


@contextmanager
def open_table(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    is_heading: Callable[[str], bool] | None = None,
) -> Iterator[TableFile]:
    """Open a CSV file or a workbook; refuse `BadFile` what is none, with a sentence that names the way out.

    `sheet` and `encoding` decide where the file leaves it open. `is_heading` tells a known heading: the first row with two of
    them is the row of the headings, else the first row with two filled cells.
    """
    kind, notes = file_kind(path)
    source = Workbook(path, sheet) if kind is FileKind.WORKBOOK else CsvFile(path, encoding)
    try:
        yield _table(source, notes, is_heading)
    finally:
        source.close()


def _table(source: CsvFile | Workbook, notes: tuple[str, ...], is_heading: Callable[[str], bool] | None) -> TableFile:
    above = _first_rows(source)
    at = _heading_index(above, is_heading)
    number, cells = above[at]
    notes = (*notes, *source.notes, *_titles_passed(above[:at]))
    return TableFile(_headings(cells), number, source.sheet, source.sheets, source.encoding, notes, source)


def _first_rows(source: Rows) -> list[tuple[int, list[Cell]]]:
    """Return the filled rows among which the headings must be."""
    found = []
    for number, cells in source.rows():
        if any(map(is_filled, cells)):
            found.append((number, cells))
        if len(found) == LAST_HEADING_ROW:
            break
    if not found:
        raise BadFile("文件是空的" if source.sheet is None else f"工作表“{source.sheet}”是空的")
    return found


def _heading_index(rows: list[tuple[int, list[Cell]]], is_heading: Callable[[str], bool] | None) -> int:
    if is_heading is not None:
        for index, (_, cells) in enumerate(rows):
            if sum(isinstance(cell, str) and is_heading(_one_line(cell)) for cell in cells) > 1:
                return index
    return next((index for index, (_, cells) in enumerate(rows) if sum(map(is_filled, cells)) > 1), 0)


def _headings(cells: list[Cell]) -> tuple[str, ...]:
    """Return the headings up to the last one with words."""
    words = [_one_line(str(cell)) if is_filled(cell) else "" for cell in cells]
    while words and not words[-1]:
        words.pop()
    return tuple(word or f"第{position}列（无标题）" for position, word in enumerate(words, start=1))


def _one_line(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())


def _titles_passed(rows: list[tuple[int, list[Cell]]]) -> Iterator[str]:
    for number, cells in rows:
        said = " ".join(_one_line(str(cell)) for cell in cells if is_filled(cell))
        short = said if len(said) <= LONGEST_TITLE_SAID else f"{said[:LONGEST_TITLE_SAID]}…"
        yield f"第{number}行“{short}”在表头之上，没有作为数据读取"
