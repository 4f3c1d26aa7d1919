"""Workbooks as people and programs leave them: what a cell holds is read or named as an error, never guessed."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.worksheet.formula import ArrayFormula

from hotline.transfer.cells import CellError, Line
from hotline.transfer.table_file import open_table
from hotline.transfer.tables.sheet_rows import NO_RESULT, NOT_CALCULATED
from tests.transfer.files import HEADINGS, MAIN, book, cells_of, pack, parts_of, read, refused, sheet_xml, text_file

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm:ss"/><numFmt numFmtId="166" formatCode="0.0&quot;days&quot;"/>'
    '<numFmt numFmtId="167" formatCode="[$-804]上午/下午h:mm"/><numFmt numFmtId="168" formatCode="0.00E+00"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 22, 31, 164, 165, 166, 167, 168, 20, 58))
    + "</cellXfs></styleSheet>"
)
GENERAL, DAY, INSTANT, CHINESE_DAY, OWN_DAY, LAPSE, DAYS, HALF_DAY, POWER, CLOCK, MONTH_DAY = range(11)
OUT_OF_RANGE = CellError("日期超出范围")
TOO_LONG = CellError("数字过长，已丢失位数")


def one(folder: Path, cell: str, **more: Any) -> Any:
    """Return what the cell in the second column of a row holds."""
    rows = f'<row r="2"><c r="A2" t="str"><v>1</v></c>{cell}</row>'
    ((_, value),) = cells_of(book(folder, rows, styles=STYLES, **more))
    return value


@pytest.mark.parametrize(
    ("serial", "style", "value"),
    [
        ("46027", DAY, date(2026, 1, 5)),
        ("46027", INSTANT, datetime(2026, 1, 5)),
        ("46027.378472222219", INSTANT, datetime(2026, 1, 5, 9, 5)),
        ("46027.378472222219", DAY, datetime(2026, 1, 5, 9, 5)),
        ("46027.999999999999", INSTANT, datetime(2026, 1, 6)),
        ("46027", CHINESE_DAY, date(2026, 1, 5)),
        ("46027", OWN_DAY, date(2026, 1, 5)),
        ("46027", MONTH_DAY, date(2026, 1, 5)),
        ("46027", GENERAL, 46027),
        ("46027.5", DAYS, 46027.5),
        ("46027", POWER, 46027),
        ("46027.378472222219", CLOCK, datetime(2026, 1, 5, 9, 5)),
        ("0.378472222222222", CLOCK, time(9, 5)),
        ("0.87847222222222221", HALF_DAY, time(21, 5)),
        ("0", CLOCK, time(0)),
        ("0.25", LAPSE, time(6)),
        ("1.25", LAPSE, CellError("是时长，不是时间")),
        ("59", DAY, date(1900, 2, 28)),
        ("60", DAY, OUT_OF_RANGE),
        ("61", DAY, date(1900, 3, 1)),
        ("0.5", DAY, OUT_OF_RANGE),
        ("-1", DAY, OUT_OF_RANGE),
        ("-0.5", CLOCK, OUT_OF_RANGE),
        ("2958465", DAY, date(9999, 12, 31)),
        ("2958466", DAY, OUT_OF_RANGE),
        ("1E+300", DAY, OUT_OF_RANGE),
    ],
)
def test_numbers_shown_as_days_are_days(tmp_path: Path, serial: str, style: int, value: object) -> None:
    assert one(tmp_path, f'<c r="B2" s="{style}"><v>{serial}</v></c>') == value
    later = one(tmp_path, f'<c r="B2" s="{style}"><v>{serial}</v></c>', workbook='<workbookPr date1904="1"/>')
    if value in (date(2026, 1, 5), datetime(2026, 1, 5, 9, 5)):
        assert str(later).startswith("2030-01-06")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2"><v>13800138001</v></c>', 13800138001),
        ('<c r="B2"><v>1.3800138001E10</v></c>', 13800138001),
        ('<c r="B2"><v>2026010500001</v></c>', 2026010500001),
        ('<c r="B2"><v>999999999999999</v></c>', 999999999999999),
        ('<c r="B2"><v>1000000000000000</v></c>', TOO_LONG),
        ('<c r="B2"><v>2.0260105E+17</v></c>', TOO_LONG),
        ('<c r="B2"><v>-1E400</v></c>', TOO_LONG),
        ('<c r="B2"><v>0.1</v></c>', 0.1),
        ('<c r="B2"><v> 7 </v></c>', 7),
        ('<c r="B2"><v>1_0</v></c>', CellError("不是数字：1_0")),
        ('<c r="B2"><v>nan</v></c>', CellError("不是数字：nan")),
        ('<c r="B2"><v>１２</v></c>', CellError("不是数字：１２")),
        ('<c r="B2" t="str"><v>00012</v></c>', "00012"),
        ('<c r="B2" t="b"><v>1</v></c>', True),
        ('<c r="B2" t="b"><v>0</v></c>', False),
        ('<c r="B2" t="b"><v>是</v></c>', CellError("不认识的内容：是")),
        ('<c r="B2" t="zz"><v>x</v></c>', CellError("不认识的内容：x")),
        ('<c r="B2" t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="B2" t="e"><f>A9</f><v>#REF!</v></c>', CellError("#REF!")),
        ('<c r="B2" t="str"><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('<c r="B2" t="d"><v>2026-01-05T09:05:00</v></c>', datetime(2026, 1, 5, 9, 5)),
        ('<c r="B2" t="d"><v>2026-01-05</v></c>', date(2026, 1, 5)),
        ('<c r="B2" t="d"><v>soon</v></c>', CellError("不是日期：soon")),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B2"><f>1+1</f></c>', NO_RESULT),
        ('<c r="B2"><f>1+1</f><v></v></c>', NO_RESULT),
        ('<c r="B2"><v/><f>1+1</f></c>', NO_RESULT),
        ('<c r="B2" t="str"><f>A9</f></c>', NO_RESULT),
        ('<c r="B2" t="str"><f>A9</f><v></v></c>', None),
        ('<c r="B2" t="str"><f>A9</f><v>甲</v></c>', "甲"),
        ('<c r="B2" t="s"><v>0</v></c>', "共享"),
        ('<c r="B2" t="s"><v>1</v></c>', "粗细"),
        ('<c r="B2" t="s"><v>2</v></c>', " 两行\r\n\t_x000D_ "),
        ('<c r="B2" t="s"><v>3</v></c>', None),
        ('<c r="B2" t="inlineStr"><is><t>内</t></is></c>', "内"),
        ('<c r="B2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh sb="0" eb="1"><t>拼</t></rPh></is></c>', "ab"),
        ('<c r="B2" t="inlineStr"><v>内</v></c>', "内"),
        ('<c r="B2"><is><t>内</t></is></c>', "内"),
        ('<c r="B2" s="99"><v>5</v></c>', 5),
        ('<c r="B2" s="2"/>', None),
        ("<c><v>5</v></c>", 5),
    ],
)
def test_each_kind_of_cell(tmp_path: Path, cell: str, value: object) -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>共享</t></si><si><r><rPr><b/></rPr><t>粗</t></r><r><t>细</t></r>'
        '<rPh sb="0" eb="1"><t>cū</t></rPh></si>'
        '<si><t xml:space="preserve"> 两行_x000D_\n_x0009__x005F_x000D_ </t></si><si/></sst>'
    )
    found = one(tmp_path, cell, strings=strings)
    assert (found, type(found)) == (value, type(value))


def test_results_of_formulas_that_wait_for_calculation_are_not_trusted(tmp_path: Path) -> None:
    waits = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    assert one(tmp_path, '<c r="B2"><f>A2</f><v>0</v></c>', workbook=waits) == NOT_CALCULATED
    assert one(tmp_path, '<c r="B2" t="str"><f>A2</f><v></v></c>', workbook=waits) == NO_RESULT
    assert one(tmp_path, '<c r="B2"><v>0</v></c>', workbook=waits) == 0


def test_formulas_that_another_library_has_written(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["编号", "标题", "内容"])
    made.active.append([1, "=A2", "x"])
    made.active["A3"], made.active["B3"] = 2, ArrayFormula("B3:B4", "=A2:A3*2")
    made.save(tmp_path / "a.xlsx")
    assert cells_of(tmp_path / "a.xlsx") == [(1, NO_RESULT, "x"), (2, NO_RESULT, None)]


@pytest.mark.parametrize("size", ["A1:B2", "A1", "A1:XFD1048576", "nonsense"])
def test_the_size_a_sheet_states_is_not_believed(tmp_path: Path, size: str) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}"><v>9</v></c></row>' for n in range(2, 302))
    lines = read(book(tmp_path, rows, before=f'<dimension ref="{size}"/>'))
    assert lines == [Line(n, (n, None), more=1) for n in range(2, 302)]


def test_rows_keep_their_numbers_over_gaps_and_blank_tails(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{n}" hidden="1"><c r="A{n}" s="1"/><c r="XFD{n}" s="1"/></row>' for n in range(8, 5000))
    rows = (
        f'<row r="5"><c r="B5"><v>1</v></c></row><row><c><v>2</v></c></row>{blank}'
        '<row r="1048576"><c r="B1048576"><v>4</v></c><c r="A1048576"><v>3</v></c></row>'
    )
    assert read(book(tmp_path, rows)) == [Line(5, (None, 1)), Line(6, (2, None)), Line(1048576, (3, 4))]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="2"><c r="2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v><v>2</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>0</v></c></row>',
        '<row r="x"><c r="A2"><v>0</v></c></row>',
        '<row r="2"><c r="A2"><v>0</c></row>',
        '<row r="2"><c r="A2"><v>&lol;</v></c></row>',
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(tmp_path: Path, rows: str) -> None:
    refused(book(tmp_path, rows))


def test_merged_cells_are_errors_where_their_content_is_not_known(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 7))
    rows = rows.replace("</row>", '<c r="B2"><v>7</v></c></row>', 1)
    merges = '<mergeCells><mergeCell ref="A1:A1"/><mergeCell ref="B2:C3"/><mergeCell ref="B5:B6"/></mergeCells>'
    covered = CellError("与第2行的单元格合并，没有自己的内容")
    assert cells_of(book(tmp_path, rows, after=merges)) == [(2, 7), (3, covered), (4, None), (5, None), (6, None)]


def test_a_merged_title_stands_above_the_headings(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["热线工单导出"], [], ["编号", "标题"], [1, "甲"]):
        made.active.append(row)
    made.active.merge_cells("A1:B1")
    made.active.row_dimensions[4].hidden = True
    made.active.column_dimensions["B"].hidden = True
    made.save(tmp_path / "a.xlsx")
    with open_table(tmp_path / "a.xlsx") as table:
        assert (table.headings, list(table.lines())) == (("编号", "标题"), [Line(4, (1, "甲"))])
        assert [words for words in ("热线工单导出", "1行是隐藏的", "1列是隐藏的") if words in "".join(table.notes)] == [
            "热线工单导出", "1行是隐藏的", "1列是隐藏的",
        ]  # fmt: skip


EMPTY, FILLED = sheet_xml(""), sheet_xml(HEADINGS + '<row r="2"><c r="A2"><v>1</v></c></row>')


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_passed_by_and_named(tmp_path: Path, state: str) -> None:
    path = pack(
        tmp_path / "a.xlsx", parts_of([("旧", state, FILLED), ("空", "visible", EMPTY), ("新", "visible", FILLED)])
    )
    with open_table(path) as table:
        assert table.sheet == "新" and table.check_to_end() == 1
        assert table.notes == ("隐藏的工作表“旧”有2行，没有读取，读取的是“新”",)
        assert [(sheet.name, sheet.hidden, sheet.rows) for sheet in table.sheets] == [
            ("旧", True, 2), ("空", False, 0), ("新", False, 2),
        ]  # fmt: skip
    with open_table(path, sheet="旧") as table:
        assert "是隐藏的" in "".join(table.notes) and "工作表“新”有2行，没有读取" in "".join(table.notes)
    refused(path, "没有工作表“无”", "“新”2行", sheet="无")
    refused(path, "“空”是空的", sheet="空")


def test_of_several_filled_sheets_none_is_chosen(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsx", parts_of([("甲", "visible", FILLED), ("乙", "visible", FILLED)]))
    refused(path, "“甲”2行、“乙”2行")
    with open_table(path, sheet="乙") as table:
        assert table.sheet == "乙" and "“甲”有2行，没有读取" in table.notes[0]
    hidden = parts_of([("甲", "hidden", FILLED), ("乙", "visible", EMPTY)])
    refused(pack(tmp_path / "b.xlsx", hidden), "隐藏的工作表有内容：“甲”2行")
    refused(pack(tmp_path / "c.xlsx", parts_of([("甲", "visible", EMPTY)])), "没有内容")


def test_a_workbook_of_charts_alone_is_refused(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    chart = made.create_chartsheet("图")
    chart.add_chart(BarChart())
    made.remove(made["Sheet"])
    made.save(tmp_path / "a.xlsx")
    refused(tmp_path / "a.xlsx", "只有图表")
    made.create_sheet("表").append(["编号", "标题"])
    made["表"].append([1, 2])
    made.save(tmp_path / "b.xlsx")
    assert cells_of(tmp_path / "b.xlsx") == [(1, 2)]


def test_names_of_parts_and_prefixes_as_other_programs_write_them(tmp_path: Path) -> None:
    parts = parts_of(
        [("表", "visible", FILLED.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="))]
    )
    parts["xl/Worksheets/Sheet1.xml"] = parts.pop("xl/worksheets/sheet1.xml")
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace("worksheets", "/xl/worksheets")
    assert cells_of(pack(tmp_path / "a.xlsm", parts)) == [(1, None)]
    strict = {name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main") for name, text in parts.items()}
    assert cells_of(pack(tmp_path / "b.xlsx", strict)) == [(1, None)]
    path = pack(tmp_path / "c.csv", parts)
    with open_table(path) as table:
        assert "按工作簿读取" in table.notes[0]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_declarations_of_entities_are_refused(tmp_path: Path, part: str) -> None:
    parts = parts_of([("表", "visible", FILLED)], strings=f'<sst xmlns="{MAIN}"/>', styles=STYLES)
    refused(pack(tmp_path / "a.xlsx", parts | {part: LAUGHS + parts[part]}), "DTD")


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_part_that_is_missing_or_cut_is_refused(tmp_path: Path, part: str) -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>甲</t></si></sst>'
    sheet = sheet_xml(HEADINGS + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>')
    parts = parts_of([("表", "visible", sheet)], strings=strings)
    assert cells_of(pack(tmp_path / "a.xlsx", parts)) == [("甲", None)]
    refused(pack(tmp_path / "a.xlsx", {name: text for name, text in parts.items() if name != part}))
    for length in (0, 1, len(parts[part]) // 2, len(parts[part]) - 5):
        refused(pack(tmp_path / "a.xlsx", parts | {part: parts[part][:length]}))


def test_where_a_sheet_breaks_off_is_said(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 5000))
    refused(book(tmp_path, rows + '<row r="5000"><c r="A5000"><v>1'), "第5000行")


def test_what_unpacks_without_measure_is_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, " " * (70 << 20)), "压缩比")
    refused(book(tmp_path, "", strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 2_000_000}</t></si></sst>'), "兆字")
    refused(book(tmp_path, f'<row r="2"><c r="A2" t="str"><v>{"x" * 2_000_000}</v></c></row>'), "兆字")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(stream: str) -> bytes:
    """Return the beginning of an OLE container whose directory, in the second sector, names a stream."""
    header = bytearray(512)
    header[:8], header[30], header[48] = OLE, 9, 1
    return bytes(header) + bytes(512) + stream.encode("utf-16-le").ljust(512, b"\0")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", ole("Workbook"), "旧版Excel（.xls）"),
        ("a.et", ole("Workbook"), "WPS表格（.et）"),
        ("a.xlsx", ole("Workbook"), "另存为 .xlsx"),
        ("a.csv", ole("Workbook"), "另存为 .xlsx"),
        ("a.xlsx", ole("EncryptedPackage"), "密码"),
        ("a.xls", OLE, "另存为 .xlsx"),
        ("a.xlsb", {"xl/workbook.bin": "x"}, ".xlsb"),
        ("a.ods", {"mimetype": "x", "content.xml": "<x/>"}, ".ods"),
        ("a.xlsx", {"word/document.xml": "<x/>"}, "Word"),
        ("a.numbers", {"Index/Document.iwa": "x"}, "Numbers"),
        ("a.xlsx", {"readme.txt": "x"}, "不是合格的工作簿"),
        ("a.xlsx", b"PK\x03\x04 and no more", "不能读取"),
    ],
)
def test_other_kinds_of_workbooks_are_named(tmp_path: Path, name: str, content: Any, said: str) -> None:
    path = tmp_path / name
    refused(pack(path, content) if isinstance(content, dict) else text_file(tmp_path, content, name), said)
