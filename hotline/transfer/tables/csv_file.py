"""A text file with separators: its encoding, its separator, and its rows with the lines on which they begin."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import Cell, Sheet, is_filled, text_cell
from hotline.transfer.tables.encodings import encoding_of, ends_a_line, name_of
from hotline.transfer.tables.merged_cells import Merge

LARGEST_CELL = 1024 * 1024
LONGEST_LINE = 16 * LARGEST_CELL
SEPARATORS = {",": "逗号", "\t": "制表符", ";": "分号"}
LINES_LOOKED_AT = 20
STATED = re.compile(r'"?sep=([^\w"\r\n])"?[\r\n]*', re.IGNORECASE)
"""The first line by which a spreadsheet is told the separator; it is no row."""
END_OF_TEXT = "\x1a"
"""Old programs end a file with this sign; it is no row."""
csv.field_size_limit(LARGEST_CELL)


class CsvFile:
    """An open text file, read from its beginning as often as `rows` is asked for."""

    sheet: str | None = None
    sheets: tuple[Sheet, ...] = ()
    merged: tuple[Merge, ...] = ()

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self.path = path
        if not path.stat().st_size:
            raise BadFile("文件是空的")
        self.read_as = encoding_of(path, encoding)
        self.encoding: str | None = name_of(self.read_as)
        self.stated = self._stated_separator()
        self.separator = self.stated or self._likely_separator()
        self.notes = tuple(self._notes())

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield every row with the line on which it begins. Refuses `BadFile` at an open quote and at a row that is cut."""
        width = 0
        for number, row, cut in self._records():
            if cut and row == [END_OF_TEXT]:
                return
            cells = [text_cell(text) for text in row]
            if cut and len(cells) < width:
                raise BadFile(f"第{number}行没有写完（应有{width}格，只有{len(cells)}格），文件可能没有传完")
            if width == 0 and sum(map(is_filled, cells)) > 1:
                width = len(cells)
            yield number, cells

    def close(self) -> None:
        """Do nothing: each reading closes what it has opened."""

    def _records(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield (line on which it begins, texts, whether the file ends in it without a line break)."""
        begins = 1
        with self.path.open(encoding=self.read_as, newline="") as file:
            lines = _Lines(file)
            if self.stated:
                begins += 1
                next(lines)
            reader = csv.reader(lines, delimiter=self.separator, strict=True)
            try:
                for row in reader:
                    yield begins, row, not lines.last.endswith(("\n", "\r"))
                    begins = lines.number + 1
            except csv.Error as error:
                raise BadFile(_said(begins, str(error))) from None
            except UnicodeError:
                raise BadFile(f"第{begins}行附近有不能解读的字节") from None

    def _stated_separator(self) -> str | None:
        with self.path.open(encoding=self.read_as, newline="") as file:
            stated = STATED.fullmatch(file.readline(64).removeprefix("\ufeff"))
        return stated[1] if stated else None

    def _likely_separator(self) -> str:
        """Return the sign that divides most of the first rows into the same number of cells."""
        with self.path.open(encoding=self.read_as, newline="") as file:
            lines = list(islice(_Lines(file), LINES_LOOKED_AT))
        return max(SEPARATORS, key=lambda sign: _regularity(lines, sign))

    def _notes(self) -> Iterator[str]:
        if self.encoding != "UTF-8":
            yield f"文件按{self.encoding}编码读取"
        if self.stated or self.separator != ",":
            yield f"各列以{SEPARATORS.get(self.separator, f'“{self.separator}”')}分隔"
        if not ends_a_line(self.path, self.read_as):
            yield "文件末尾没有换行，请核对最后一行是否完整"


class _Lines:
    """The lines of a file as the csv module asks for them, with the number of the last one."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.number, self.last = file, 0, ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self.last = self.file.readline(LONGEST_LINE)
        if not self.last:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            self.last = self.last.removeprefix("\ufeff")
        if len(self.last) == LONGEST_LINE:
            raise BadFile(f"第{self.number}行过长，不是合格的CSV")
        return self.last


def _regularity(lines: list[str], separator: str) -> tuple[float, int, int]:
    """Return the share of the rows that have the same number of cells, the cells of the first row, and that number.

    A quote that is still open at the end of these lines is no fault yet.
    """
    try:
        found = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return 0, 0, 0
    widths = Counter(found)
    return max(((widths[width] / len(found), found[0], width) for width in widths if width > 1), default=(0, 0, 0))


def _said(line: int, error: str) -> str:
    if "unexpected end" in error:
        return f"第{line}行有一个引号没有配对，之后的内容不能分行"
    if "field limit" in error:
        return f"第{line}行有一格超过{LARGEST_CELL // 1024 // 1024}兆字，可能有一个引号没有配对"
    return f"第{line}行不是合格的CSV，可能有引号没有配对（{error}）"
