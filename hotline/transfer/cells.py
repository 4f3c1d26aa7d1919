"""Cells of a file, and a row of cells with its number."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

ERROR_TEXT = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA|#+)")
"""What a spreadsheet writes into a text file where a formula failed or a column was too narrow for its number."""
SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+")
FIRST_UNSAFE_NUMBER = 1e15
"""A spreadsheet keeps 15 digits of a number; what is longer ends in zeros that nobody has typed."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a value that can be trusted; `text` says why, in Chinese or as the spreadsheet shows it."""

    text: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | float | bool | datetime | date | time | CellError | None
"""A `date` is a day without a time, a `datetime` a day whose format shows a time. None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row under the headings.

    `number`: the row of a sheet; in a text file the line on which the row begins. `cells`: as many as there are headings.
    `more`: filled cells to the right of the headings, or under an empty one at their end.
    """

    number: int
    cells: tuple[Cell, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook. `rows`: its filled rows, headings too, as far as they are counted without reading cells."""

    name: str
    hidden: bool
    rows: int


def is_scientific(text: str) -> bool:
    """Tell whether this is a number as a spreadsheet shortens it (`2.0260105E+17`): its digits are lost."""
    return SCIENTIFIC.fullmatch(text.strip()) is not None


def is_filled(cell: Cell) -> bool:
    """Tell whether a cell holds anything but blanks."""
    return cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace()))


def text_cell(text: str) -> Cell:
    """Return the text of a cell, None for an empty one, or the error that stands in it as text."""
    if not text:
        return None
    if text[:1] == "#" and ERROR_TEXT.fullmatch(text):
        return CellError(text)
    if "\0" in text:
        return CellError("含有空字符（NUL）")
    return text


def number_cell(number: float) -> Cell:
    """Return a number of a sheet, whole ones as int; one that has lost digits is an error."""
    if not -FIRST_UNSAFE_NUMBER < number < FIRST_UNSAFE_NUMBER:
        return CellError("数字过长，已丢失位数")
    return int(number) if number.is_integer() else number
