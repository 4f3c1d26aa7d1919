"""A workbook: which sheets it has, which one is read, and what is said about the others."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import Cell, Sheet
from hotline.transfer.tables.number_formats import Shows, formats_of
from hotline.transfer.tables.package import Package, beside, unbroken
from hotline.transfer.tables.shared_strings import SharedStrings
from hotline.transfer.tables.sheet_rows import Meaning, sheet_rows
from hotline.transfer.tables.sheet_survey import YES, Survey, survey
from hotline.transfer.tables.xml_part import Attributes, attribute, elements

MOST_SHEETS = 1000
SAVE_AS = "请用Excel或WPS打开后另存为 .xlsx 再导入"
OTHER_PARTS = {
    "xl/workbook.bin": f"这是二进制工作簿（.xlsb），{SAVE_AS}",
    "content.xml": f"这是OpenDocument文件（.ods），{SAVE_AS}",
    "word/document.xml": "这是Word文档，不是工作簿",
    "ppt/presentation.xml": "这是演示文稿，不是工作簿",
    "index/document.iwa": f"这是Numbers表格，{SAVE_AS}",
}


@dataclass(frozen=True)
class _Part:
    """A sheet of cells with the part of the package that holds it."""

    name: str
    hidden: bool
    part: str


class Workbook:
    """An open workbook of which one sheet is read, from its beginning as often as `rows` is asked for."""

    encoding: str | None = None

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        self.package = Package(path)
        try:
            self._open(sheet)
        except BaseException:
            self.package.close()
            raise

    def _open(self, sheet: str | None) -> None:
        main = _main_part(self.package)
        with unbroken("工作簿的目录"):
            content, kinds = list(elements(self.package.read(main))), _relations(self.package, main)
            parts = _sheets(main, content, kinds)
        self.package.check_size([part.part for part in parts])
        surveys = {part.name: survey(self.package, part.part, part.name) for part in parts}
        self.sheets = tuple(Sheet(part.name, part.hidden, surveys[part.name].rows) for part in parts)
        self.sheet: str | None = (chosen := _chosen(self.sheets, sheet))
        self.part = next(part.part for part in parts if part.name == chosen)
        self.merged = surveys[chosen].merges
        self.notes = tuple(_notes(self.sheets, chosen, surveys[chosen]))
        self.meaning = _meaning(self.package, main, content, kinds)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows that have cells, each with its number. Refuses `BadFile` with the row where reading breaks."""
        return sheet_rows(self.package, self.part, self.meaning)

    def close(self) -> None:
        """Close the file and let the texts go."""
        self.package.close()
        self.meaning.strings.close()


Relations = dict[str, tuple[str, str]]


def _relations(package: Package, part: str) -> Relations:
    """Return (kind, part) of what a part refers to, by the number of the reference."""
    folder, _, name = part.rpartition("/")
    place = f"{folder}/_rels/{name}.rels".lstrip("/")
    if place not in package:
        return {}
    found = (given for name, given in elements(package.read(place)) if name == "Relationship")
    return {
        given.get("Id", ""): (given.get("Type", "").rpartition("/")[2], beside(part, given.get("Target", "")))
        for given in found
        if given.get("TargetMode") != "External"
    }


def _main_part(package: Package) -> str:
    for part, sentence in OTHER_PARTS.items():
        if part in package:
            raise BadFile(sentence)
    with unbroken("工作簿的目录"):
        parts = [part for kind, part in _relations(package, "").values() if kind == "officeDocument"]
    main = parts[0] if parts else "xl/workbook.xml"
    if main not in package:
        raise BadFile("不是合格的工作簿，可能没有传完或已损坏")
    return main


def _sheets(main: str, content: list[tuple[str, Attributes]], relations: Relations) -> list[_Part]:
    """Return the sheets of cells in their order; sheets of charts and macros hold no rows."""
    named = [attributes for name, attributes in content if name == "sheet"]
    found = []
    for attributes in named:
        kind, part = relations[attribute(attributes, "id")]
        if kind == "worksheet":
            found.append(_Part(attributes["name"], attributes.get("state", "visible") != "visible", part))
    if not found:
        raise BadFile("工作簿里只有图表，没有数据表" if named else "工作簿里没有工作表")
    if len(found) > MOST_SHEETS or len({part.name for part in found}) < len(found):
        raise BadFile("工作簿里的工作表过多或重名")
    return found


def _chosen(sheets: tuple[Sheet, ...], wanted: str | None) -> str:
    """Return the sheet to read: the one asked for, or the only visible one with rows."""
    if wanted is not None:
        if wanted not in (sheet.name for sheet in sheets):
            raise BadFile(f"没有工作表“{wanted}”，有的是{_listed(sheets)}")
        return wanted
    filled = [sheet for sheet in sheets if sheet.rows]
    visible = [sheet for sheet in filled if not sheet.hidden]
    if len(visible) > 1:
        raise BadFile(f"有{len(visible)}个工作表有内容：{_listed(visible)}，请指明读取哪一个，或只留一个")
    if not visible and filled:
        raise BadFile(f"看得见的工作表都是空的，隐藏的工作表有内容：{_listed(filled)}，请取消隐藏，或指明读取哪一个")
    if not visible:
        raise BadFile("工作簿里没有内容")
    return visible[0].name


def _listed(sheets: tuple[Sheet, ...] | list[Sheet]) -> str:
    return "、".join(f"“{sheet.name}”{sheet.rows}行" for sheet in sheets)


def _notes(sheets: tuple[Sheet, ...], chosen: str, found: Survey) -> Iterator[str]:
    for sheet in sheets:
        if sheet.rows and sheet.name != chosen:
            hidden = "隐藏的" if sheet.hidden else ""
            yield f"{hidden}工作表“{sheet.name}”有{sheet.rows}行，没有读取，读取的是“{chosen}”"
        elif sheet.name == chosen and sheet.hidden:
            yield f"读取的工作表“{chosen}”是隐藏的"
    if found.hidden_rows:
        yield f"有{found.hidden_rows}行是隐藏的（或被筛选掉的），同样读取"
    if found.hidden_columns:
        yield f"有{found.hidden_columns}列是隐藏的，同样读取"


def _meaning(package: Package, main: str, content: list[tuple[str, Attributes]], relations: Relations) -> Meaning:
    """Gather what the values refer to: texts, formats, the reckoning of days, and whether formulas were calculated."""
    parts = dict(relations.values())
    properties = dict(content)
    formats: tuple[Shows, ...] = ()
    with unbroken("工作簿的格式"), suppress(KeyError):
        formats = formats_of(list(elements(package.read(parts["styles"]))))
    since_1904 = properties.get("workbookPr", {}).get("date1904") in YES
    calculated = properties.get("calcPr", {}).get("fullCalcOnLoad") not in YES
    return Meaning(SharedStrings(package, parts.get("sharedStrings")), formats, since_1904, calculated)
