"""A survey of a sheet before its rows are read: how many are filled, what is hidden, what is merged."""

from dataclasses import dataclass

from hotline.rules.refusals import BadFile
from hotline.transfer.tables.merged_cells import Merge
from hotline.transfer.tables.package import BROKEN, Package, blocks
from hotline.transfer.tables.sheet_rows import column_of
from hotline.transfer.tables.xml_part import Attributes, xml_parser

VALUES = ("v", "is", "f")
MOST_MERGES = 200_000
YES = ("1", "true")


@dataclass
class Survey:
    """Counts over a whole sheet."""

    rows: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    merges: tuple[Merge, ...] = ()


def survey(package: Package, part: str, sheet: str) -> Survey:
    """Look through a whole sheet; refuse `BadFile` one that is damaged."""
    surveyor = _Surveyor()
    parser, names = xml_parser()
    parser.StartElementHandler = lambda name, attributes: surveyor.start(names[name], attributes)
    try:
        with package.open(part) as file:
            for block in blocks(file):
                parser.Parse(block)
            parser.Parse(b"", True)
    except BROKEN:
        where = f"工作表“{sheet}”在第{surveyor.row}行附近"
        raise BadFile(f"{where}不能读下去，文件可能没有传完或已损坏") from None
    surveyor.found.merges = tuple(surveyor.merges)
    return surveyor.found


class _Surveyor:
    """The counts, and whether the row that is passing by is counted already."""

    def __init__(self) -> None:
        self.found, self.merges = Survey(), list[Merge]()
        self.row, self.counted, self.hidden = "1", True, False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = attributes.get("r", self.row)
            self.counted, self.hidden = False, attributes.get("hidden") in YES
        elif name in VALUES and not self.counted:
            self.counted = True
            self.found.rows += 1
            self.found.hidden_rows += self.hidden
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in YES:
            self.found.hidden_columns += int(attributes.get("max", 1)) - int(attributes.get("min", 1)) + 1

    def _merge(self, area: str) -> None:
        if len(self.merges) >= MOST_MERGES:
            raise BadFile(f"工作表里合并的单元格超过{MOST_MERGES}处，请取消合并后再导入")
        first, _, last = area.partition(":")
        (row, column), (last_row, last_column) = _place(first), _place(last or first)
        self.merges.append(Merge(row, column, last_row, last_column))


def _place(name: str) -> tuple[int, int]:
    letters = name.rstrip("0123456789")
    return int(name[len(letters) :]), column_of(letters)
