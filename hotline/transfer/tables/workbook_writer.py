"""An XLSX file that is written row by row: typed cells, texts that are not run, a second sheet where one is full."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES

from hotline.rules.refusals import ConditionUnmet
from hotline.text.formulas import is_run

MOST_ROWS = 1_048_576
"""So many rows has a sheet, its heading among them."""
LONGEST_CELL = 32_767
"""So many units of UTF-16 has a cell."""
UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
STAND_IN = "\ufffd"
DAY, MOMENT, SHARE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%"


class Workbook:
    """The sheets of one list; `columns` are headings with their widths, and whether their numbers are shares of one."""

    def __init__(self, title: str, columns: Sequence[tuple[str, int, bool]]) -> None:
        self.title, self.columns = title, columns
        self.rows, self.left, self._saved = 0, 0, False
        self._replaced: Counter[str] = Counter()
        self._book = openpyxl.Workbook(write_only=True)
        self._styles: dict[str, Any] = {}
        self._begin()

    def _begin(self) -> None:
        number = len(self._book.worksheets) + 1
        sheet = self._book.create_sheet(self.title if number == 1 else f"{self.title}{number}")
        sheet.freeze_panes = "A2"
        for at, (_, width, _) in enumerate(self.columns, start=1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(at)].width = width
        sheet.append([heading for heading, _, _ in self.columns])
        self._sheet, self.left = sheet, MOST_ROWS - 1

    def append(self, row: Sequence[Any]) -> None:
        """One row. Refuses `ConditionUnmet` for a text that is longer than a cell."""
        if not self.left:
            self._begin()
        self._sheet.append([self._cell(at, value) for at, value in enumerate(row)])
        self.rows, self.left = self.rows + 1, self.left - 1

    def _cell(self, at: int, value: Any) -> Any:
        heading, _, share = self.columns[at]
        if isinstance(value, str):
            return self._text(heading, value)
        if isinstance(value, date):
            return self._styled(value, MOMENT if isinstance(value, datetime) else DAY)
        return self._styled(value, SHARE) if share and value is not None else value

    def _text(self, heading: str, text: str) -> Any:
        # The reader of an XML file takes every end of a line for this one.
        held, replaced = UNHELD.subn(STAND_IN, text.replace("\r\n", "\n").replace("\r", "\n"))
        if replaced:
            self._replaced[heading] += 1
        if len(held) * 2 > LONGEST_CELL and len(held.encode("utf-16-le")) // 2 > LONGEST_CELL:
            reason = f"第{self.rows + 1}行的“{heading}”超过{LONGEST_CELL}个字，一个单元格放不下"
            raise ConditionUnmet(f"{reason}，请改用其他格式导出")
        runs = is_run(held)
        if not runs and held not in ERROR_CODES:
            return held
        cell = WriteOnlyCell(self._sheet, None)
        cell.value, cell.data_type = held, "s"
        cell.quotePrefix = runs
        return cell

    def _styled(self, value: Any, number_format: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value)
        if number_format not in self._styles:
            cell.number_format = number_format
            self._styles[number_format] = cell._style
        cell._style = self._styles[number_format]
        return cell

    def notes(self) -> list[str]:
        """Return notes on texts that are not in the file as they were."""
        return [
            f"“{heading}”有{count}格含有XLSX不能保存的控制字符，已换成“{STAND_IN}”"
            for heading, count in self._replaced.items()
        ]

    def save(self, file: IO[bytes]) -> None:
        """Writes the file, with a sheet of the notes where there are any."""
        if self._replaced:
            sheet = self._book.create_sheet("说明")
            for note in self.notes():
                sheet.append([note])
        self._book.save(file)
        self._saved = True

    def discard(self) -> None:
        """Throws away what lies on the disk for sheets that were not saved."""
        for sheet in () if self._saved else self._book.worksheets:
            if not sheet.closed:
                sheet.close()
            with suppress(FileNotFoundError):
                sheet._writer.cleanup()
