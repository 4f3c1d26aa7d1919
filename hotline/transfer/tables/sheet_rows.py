"""The cells of a sheet, row by row as its XML comes, whatever it says about its own size."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import Cell, CellError, text_cell
from hotline.transfer.tables.number_formats import Shows
from hotline.transfer.tables.package import BROKEN, Package, blocks
from hotline.transfer.tables.serials import iso_cell, plain_number
from hotline.transfer.tables.shared_strings import LARGEST_TEXT, SharedStrings, unescaped
from hotline.transfer.tables.xml_part import Attributes, xml_parser

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
NO_RESULT, NOT_CALCULATED = CellError("公式没有结果"), CellError("公式没有重新计算")
TEXTS = ("s", "str", "inlineStr")


@dataclass(frozen=True)
class Meaning:
    """The parts of a workbook to which the values of a sheet refer."""

    strings: SharedStrings
    formats: tuple[Shows, ...]
    since_1904: bool
    calculated: bool


def column_of(letters: str) -> int:
    """Return the number of a column, from 0; refuse `ValueError` what is none."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= LAST_COLUMN:
        raise ValueError(letters)
    return number - 1


def sheet_rows(package: Package, part: str, meaning: Meaning) -> Iterator[tuple[int, list[Cell]]]:
    """Yield each row that has cells with its number. Refuses `BadFile` with the row where reading breaks."""
    reader = _SheetReader(meaning)
    try:
        with package.open(part) as file:
            for block in blocks(file):
                reader.parser.Parse(block)
                yield from reader.taken()
            reader.parser.Parse(b"", True)
            yield from reader.taken()
    except BROKEN:
        raise BadFile(f"工作表在第{reader.number + 1}行附近不能读下去，文件可能没有传完或已损坏") from None


class _SheetReader:
    """The handlers of the parser, and the row that is being read."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.parser, self.names = xml_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.columns: dict[str, int] = {}
        self.rows: list[tuple[int, list[Cell]]] = []
        self.number, self.cells, self.column = 0, list[Cell](), -1
        self.value: str | None = None
        self.text: str | None = None
        self.spoken = 0
        self._new_cell({})

    def taken(self) -> Iterator[tuple[int, list[Cell]]]:
        rows, self.rows = self.rows, []
        return iter(rows)

    def _start(self, full_name: str, attributes: Attributes) -> None:
        name = self.names[full_name]
        if name == "c":
            self._new_cell(attributes)
        elif name == "v":
            if self.value is not None:
                raise ValueError("two values in a cell")
            self.value, self.wanted = "", 1
        elif name == "t":
            self.wanted = 0 if self.spoken else 2
        elif name == "f":
            self.formula = True
        elif name == "row":
            self._new_row(attributes.get("r"))
        elif name == "rPh":
            self.spoken += 1

    def _end(self, full_name: str) -> None:
        name = self.names[full_name]
        self.wanted = 0
        if name == "c":
            self._place(self._cell())
        elif name == "row" and self.cells:
            self.rows.append((self.number, self.cells))
        elif name == "rPh":
            self.spoken -= 1

    def _data(self, text: str) -> None:
        if self.wanted == 1:
            self.value = text if not self.value else self.value + text
        elif self.wanted == 2:
            self.text = text if self.text is None else self.text + text
        else:
            return
        if len(self.value or self.text or "") > LARGEST_TEXT:
            raise BadFile(f"第{self.number}行有一格的文字超过1兆字")

    def _new_row(self, given: str | None) -> None:
        number = self.number + 1 if given is None else int(given)
        if not self.number < number <= LAST_ROW:
            raise BadFile(f"工作表里第{number}行的行号重复、倒退或超出范围，请用Excel打开后另存再导入")
        self.number, self.cells, self.column = number, [], -1

    def _new_cell(self, attributes: Attributes) -> None:
        self.at = attributes.get("r")
        self.type, self.style = attributes.get("t", "n"), attributes.get("s")
        self.value = self.text = None
        self.formula, self.wanted = False, 0

    def _place(self, cell: Cell) -> None:
        """Put the cell into its column, which is the next one unless it says another."""
        column = self.column = self._column()
        if cell is None:
            return
        if column < len(self.cells):
            if self.cells[column] is not None:
                raise BadFile(f"工作表里第{self.number}行有两格在同一列，请用Excel打开后另存再导入")
            self.cells[column] = cell
            return
        if column > len(self.cells):
            self.cells.extend([None] * (column - len(self.cells)))
        self.cells.append(cell)

    def _column(self) -> int:
        if self.at is None:
            return self.column + 1
        letters = self.at.rstrip("0123456789")
        if self.at[len(letters) :] != str(self.number):
            raise BadFile(f"工作表里第{self.number}行的一格说自己在 {self.at[:12]}，请用Excel打开后另存再导入")
        if letters not in self.columns:
            self.columns[letters] = column_of(letters)
        return self.columns[letters]

    def _cell(self) -> Cell:
        """Return what the cell holds; a formula counts by its result, where it has one that was calculated."""
        if self.type == "e":
            return CellError(self.value or "#N/A")
        if self.formula and not self.meaning.calculated:
            return NOT_CALCULATED if self.value else NO_RESULT
        if self.formula and not self.value:
            return None if self.type == "str" and self.value is not None else NO_RESULT
        if self.type in TEXTS or self.text is not None:
            return self._text()
        return self._number(self.value) if self.value else None

    def _text(self) -> Cell:
        if self.type == "s":
            return text_cell(self.meaning.strings[int(self.value)]) if self.value else None
        return text_cell(unescaped(self.text or self.value or ""))

    def _number(self, value: str) -> Cell:
        if self.type == "n":
            return plain_number(value.strip(), self._shows(), since_1904=self.meaning.since_1904)
        if self.type == "b" and value in ("0", "1"):
            return value == "1"
        return iso_cell(value) if self.type == "d" else CellError(f"不认识的内容：{value[:30]}")

    def _shows(self) -> Shows:
        style = int(self.style or 0)
        return self.meaning.formats[style] if 0 <= style < len(self.meaning.formats) else Shows.NUMBER
