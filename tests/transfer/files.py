"""Files for the tests of reading: workbooks from raw XML, so that they can be what no library writes, and their rows read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import Line
from hotline.transfer.table_file import open_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = '<row r="1"><c r="A1" t="str"><v>编号</v></c><c r="B1" t="str"><v>标题</v></c></row>'


def relations(*found: tuple[str, str]) -> str:
    """Return a part of references: (kind, target), numbered rId1 and so on."""
    rows = (
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(found, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{"".join(rows)}</Relationships>'


def sheet_xml(rows: str, *, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts_of(
    sheets: Sequence[tuple[str, str, str]],
    *,
    workbook: str = "",
    strings: str | None = None,
    styles: str | None = None,
    kinds: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the parts of a workbook; `sheets` are (name, state, XML), `kinds` the kind of a sheet that is no worksheet."""
    named = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state, _) in enumerate(sheets, 1)
    )
    to = [
        ((kinds or {}).get(name, "worksheet"), f"worksheets/sheet{n}.xml") for n, (name, _, _) in enumerate(sheets, 1)
    ]
    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}<sheets>{named}</sheets></workbook>',
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": xml for n, (_, _, xml) in enumerate(sheets, 1)}
    for kind, content in (("sharedStrings", strings), ("styles", styles)):
        if content is not None:
            to.append((kind, f"{kind}.xml"))
            parts[f"xl/{kind}.xml"] = content
    return parts | {"xl/_rels/workbook.xml.rels": relations(*to)}


def pack(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def book(folder: Path, rows: str, **more: Any) -> Path:
    """Write a workbook of one sheet with the headings 编号 and 标题 and these rows."""
    around = {name: more.pop(name) for name in ("before", "after") if name in more}
    return pack(folder / "book.xlsx", parts_of([("表", "visible", sheet_xml(HEADINGS + rows, **around))], **more))


def text_file(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, **how: Any) -> list[Line]:
    """Return the lines, twice the same, and as many as were counted."""
    with open_table(path, **how) as table:
        lines = list(table.lines())
        assert table.check_to_end() == len(lines)
        assert list(table.lines()) == lines
    return lines


def cells_of(path: Path, **how: Any) -> list[tuple[Any, ...]]:
    return [line.cells for line in read(path, **how)]


def refused(path: Path, *said: str, **how: Any) -> str:
    """Read to the end, expect a refusal, and return its sentence."""
    with pytest.raises(BadFile) as refusal, open_table(path, **how) as table:
        table.check_to_end()
    sentence = refusal.value.sentence()
    for words in said:
        assert words in sentence, sentence
    assert "\n" not in sentence
    return sentence
