"""Text files as people have them: every encoding, separator and line end; what is broken is named by its line."""

from pathlib import Path

import pytest

from hotline.transfer.cells import CellError, Line, is_scientific
from hotline.transfer.table_file import open_table
from tests.transfer.files import cells_of, read, refused, text_file

TYPICAL = "工单编号,来电时间,诉求标题\r\n2026010500001,2026/1/5 9:05,供暖不足\r\n2026010500002,2026-01-05,一、开业\r\n"
ROWS = [("2026010500001", "2026/1/5 9:05", "供暖不足"), ("2026010500002", "2026-01-05", "一、开业")]
ENCODINGS = ("gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_way_of_saving_reads_the_same(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = TYPICAL.replace("\r\n", end).replace(",", separator)
    path = text_file(tmp_path, text.encode(encoding))
    with open_table(path) as table:
        assert table.headings == ("工单编号", "来电时间", "诉求标题")
        assert [line.cells for line in table.lines()] == ROWS
        named = any("编码" in note for note in table.notes)
        assert named == (table.encoding != "UTF-8")
    assert cells_of(text_file(tmp_path, b"\xfe\xff" + text.encode("utf-16-be"))) == ROWS


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_a_stated_separator_is_no_row(tmp_path: Path, first: str) -> None:
    lines = read(text_file(tmp_path, f"{first}\r\n编号;标题,全\r\n1;a,b\r\n".encode()))
    assert lines == [Line(3, ("1", "a,b"))]


def test_another_sign_in_the_texts_does_not_divide_them(tmp_path: Path) -> None:
    text = "编号,标题\n" + "".join(f"{n},一;二;三;四\t五\n" for n in range(3))
    assert cells_of(text_file(tmp_path, text.encode())) == [(str(n), "一;二;三;四\t五") for n in range(3)]
    tabs = "编号\t标题\t内容\n1\t甲,乙\t丙,丁,戊\n2\t甲,乙\t丙,丁,戊\n"
    assert cells_of(text_file(tmp_path, tabs.encode())) == [(n, "甲,乙", "丙,丁,戊") for n in "12"]


def test_lines_are_counted_as_they_stand_in_the_file(tmp_path: Path) -> None:
    text = '2026年工单导出,,\r\n编号,标题\r\n\r\n1,"两行\r\n内容"\r\n , \r\n2,"引""号"\r\n,,,\r\n3,x,多,,余\r\n4\r\n'
    with open_table(text_file(tmp_path, text.encode())) as table:
        assert table.heading_row == 2 and any("2026年工单导出" in note for note in table.notes)
        assert list(table.lines()) == [
            Line(4, ("1", "两行\r\n内容")),
            Line(7, ("2", '引"号')),
            Line(9, ("3", "x"), more=2),
            Line(10, ("4", None)),
        ]


def test_known_headings_are_found_below_a_title_of_several_cells(tmp_path: Path) -> None:
    text = "单位：热线中心,时间：2026年\n编号,标题\n1,a\n"
    with open_table(text_file(tmp_path, text.encode()), is_heading={"编号", "标题"}.__contains__) as table:
        assert (table.headings, table.heading_row) == (("编号", "标题"), 2)
        assert list(table.lines()) == [Line(3, ("1", "a"))]


def test_headings_without_words_and_twice(tmp_path: Path) -> None:
    with open_table(text_file(tmp_path, '编号,,"备 \n注", 编号 ,"  ",\n1,2,3,4,5\n'.encode())) as table:
        assert table.headings == ("编号", "第2列（无标题）", "备 注", "编号")
        assert table.repeated == ("编号",)
        assert list(table.lines()) == [Line(3, ("1", "2", "3", "4"), more=1)]


@pytest.mark.parametrize(
    ("encoding", "bad"), [("utf-8", b"\xff"), ("gbk", b"\xff"), ("utf-8", b"\xe4"), ("gbk", b"\x81")]
)
def test_one_bad_byte_refuses_the_file_with_its_row(tmp_path: Path, encoding: str, bad: bytes) -> None:
    lines = [f"{n},诉求标题{n},联系人\n".encode(encoding) for n in range(400)]
    lines[289] = lines[289].replace(b",", b"," + bad + b",", 1)
    refused(text_file(tmp_path, b"".join(lines)), "第290行")


@pytest.mark.parametrize("text", ["标题,内容\n诉求,答复\n", "工单编号,来电时间\n" * 5, "名,a\n"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_damaged_utf8_is_never_read_as_gbk(tmp_path: Path, text: str, position: int) -> None:
    """An even number of characters in each cell would decode as GBK, into nonsense."""
    content = bytearray(text.encode())
    content[position] = 0x41
    refused(text_file(tmp_path, bytes(content)))


@pytest.mark.parametrize(
    "content",
    [
        b"no,name\n1," + "一".encode("gbk") + b"\n",
        b"no,name\n1," + "路".encode("gbk") + b"\n",
        b"no,name\n1," + "茅".encode("gbk") + b"\n",
        "編號,說明\n1,開業補貼\n2,營業執照\n".encode("big5"),
        "no,name\n1,Müller\n2,Größe\n3,Ärger über Öl\n".encode("latin-1"),
        "番号,名前\n1,カタカナ\n".encode("shift-jis"),
        "工单编号,诉求内容\n1,供暖不足\n".encode() + "2,开业补贴怎么领\n".encode("gbk"),
        "工单编号,诉求内容\n1,供暖不足\n".encode("gbk") + "2,开业补贴怎么领\n".encode(),
    ],
)
def test_what_would_decode_by_luck_is_refused(tmp_path: Path, content: bytes) -> None:
    refused(text_file(tmp_path, content), "编码") if b"name" in content else refused(text_file(tmp_path, content))


def test_a_stated_encoding_decides(tmp_path: Path) -> None:
    path = text_file(tmp_path, b"no,name\n1," + "路".encode("gbk") + b"\n")
    assert cells_of(path, encoding="GBK") == [("1", "路")]
    assert cells_of(path, encoding="utf-8") == [("1", "·")]
    refused(path, "utf-16", encoding="rot13")
    refused(text_file(tmp_path, "编号,名\n".encode("gbk")), "第1行", encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('编号,标题\n1,"open\n', 2),
        ('编号,标题\n1,a\n2,"open\n3,"b"\n4,c\n', 3),
        ('编号,标题\n1,"两\n行"\n2,"open\n3,c\n"4",d\n', 4),
        ('编号,标题\n1,"a"b\n2,c\n', 2),
        ('编号,"标题\n1,a\n', 1),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_an_open_quote_is_refused_where_it_opened(tmp_path: Path, text: str, line: int, encoding: str) -> None:
    refused(text_file(tmp_path, text.encode(encoding)), f"第{line}行", "引号")


@pytest.mark.parametrize("rows", ["1,a,x\n2,b", "1,a,x\n2", '1,a,x\n2,"b"'])
def test_a_file_cut_within_its_last_row_is_refused(tmp_path: Path, rows: str) -> None:
    refused(text_file(tmp_path, f"编号,标题,答复\n{rows}".encode()), "第3行没有写完")
    assert len(read(text_file(tmp_path, f"编号,标题,答复\n{rows}\n".encode()))) == 2


def test_the_sign_by_which_old_programs_end_a_file_is_no_row(tmp_path: Path) -> None:
    assert cells_of(text_file(tmp_path, TYPICAL.encode("gbk") + b"\x1a")) == ROWS
    refused(text_file(tmp_path, TYPICAL.encode("gbk") + b"\x1a,"), "第4行没有写完")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_last_line_without_its_end_is_noted(tmp_path: Path, encoding: str) -> None:
    for text, noted in (
        (TYPICAL, False),
        (TYPICAL.strip(), True),
        (TYPICAL.strip() + "上\r", False),
        (TYPICAL + "上", True),
    ):
        content = text.encode(encoding)
        with open_table(text_file(tmp_path, content if text[-1] != "上" else (text + ",,").encode(encoding))) as table:
            assert any("末尾没有换行" in note for note in table.notes) == noted


def test_what_a_cell_cannot_hold_is_an_error_of_the_cell(tmp_path: Path) -> None:
    text = "编号,标题\n#N/A,#REF!\n########,#1 楼\n2.0260105E+17,a\0b\n00012,#N/A 不是\n"
    error = CellError
    assert cells_of(text_file(tmp_path, text.encode())) == [
        (error("#N/A"), error("#REF!")),
        (error("########"), "#1 楼"),
        ("2.0260105E+17", error("含有空字符（NUL）")),
        ("00012", "#N/A 不是"),
    ]
    assert [text for text in ("2.0260105E+17", " 1e5", "1E-3", "E5", "1.5", "5E", "13800138001") if is_scientific(text)] == [
        "2.0260105E+17", " 1e5", "1E-3",
    ]  # fmt: skip


def test_wide_text_cut_in_the_middle_of_a_character_is_refused(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        refused(text_file(tmp_path, TYPICAL.strip().encode(encoding)[:-1]), "第3行")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "空"),
        ("a.csv", b"\n , \n\n", "空"),
        ("a.csv", b"\xef\xbb\xbf", "空"),
        ("a.csv", b"\x00\x01\x02\x03", "空字符"),
        ("a.pdf", b"%PDF-1.4", "只接受"),
        ("a.xls", b"<html><table>", "网页"),
        ("a.csv", b"\xef\xbb\xbf<!DOCTYPE html>", "网页"),
        ("a.xls", b'<?xml version="1.0"?><Workbook>', "XML"),
        ("a.xlsx", b"no workbook", "不是合格的工作簿"),
        ("a.xlsm", b"", "空"),
        ("none.csv", None, "没有文件"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    if said == "空字符":
        with open_table(path) as table:
            assert said in table.headings[0]
        return
    refused(path, said)


def test_text_under_the_name_of_an_old_workbook_is_read_and_noted(tmp_path: Path) -> None:
    path = text_file(tmp_path, TYPICAL.replace(",", "\t").encode("utf-16"), "export.xls")
    assert cells_of(path) == ROWS
    with open_table(path) as table:
        assert any(".xls" in note for note in table.notes)


@pytest.mark.parametrize("content", [b'a,b\n1,"' + b"x" * 3_000_000, b"a,b\n" + b"x" * 20_000_000])
def test_a_cell_without_end_is_refused_and_not_gathered(tmp_path: Path, content: bytes) -> None:
    refused(text_file(tmp_path, content), "第2行")
