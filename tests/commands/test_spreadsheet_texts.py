"""A text that a spreadsheet would run is made harmless, and is the same text when it is read back."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules.refusals import ConditionUnmet
from hotline.text.formulas import guarded, is_run, unguarded
from hotline.transfer.tables.table_writer import Column, Written, write_csv, write_xlsx

RUN = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\t1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "+8613800138000", "-"),
    *("＝1+1", "＋1", "－1", "＠SUM", "﹦1", "﹢1", " =1", "\u3000=1", "\u00a0+1", "\u200b=1", "\ufeff=1", "\u202a@x"),
    *("\u200b \ufeff＝1", "\u3164=1", "\u2800-1", "\ufe0f=1", "\x00=1", "'=1", "''@x", "\u2028=1"),
)
NOT_RUN = (
    *("", "工单", "a=1", "1-2", "2026-01-05", "'引号'", "'", "''", "（=1）", "20260105000001"),
    *("91420600MA49F", "_x0041_", "#N/A", " ", "·-1"),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1)


@pytest.mark.parametrize("text", RUN)
def test_what_would_be_run_is_not(text: str) -> None:
    assert guarded(text) == f"'{text}" and unguarded(guarded(text)) == text
    held = text.replace("\r", "\n").replace("\x00", "\ufffd")
    cell = _sheet([text])["A2"]
    assert (cell.value, cell.data_type) == (held, "s")
    assert cell.quotePrefix is (is_run(held))


@pytest.mark.parametrize("text", NOT_RUN)
def test_what_is_not_run_stands_as_it_is(text: str) -> None:
    assert guarded(text) == unguarded(text) == text
    cell = _sheet([text])["A2"]
    assert (cell.value or "", cell.data_type if text else "s") == (text, "s") and not cell.quotePrefix


def _sheet(texts: list[str]) -> openpyxl.worksheet.worksheet.Worksheet:
    file = BytesIO()
    write_xlsx(file, "表", ["一"], [[text] for text in texts])
    return openpyxl.load_workbook(file).active


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_texts_come_back_from_csv(texts: list[str]) -> None:
    file = BytesIO()
    write_csv(file, ["一"], [[text] for text in texts])
    rows = list(csv.reader(StringIO(file.getvalue().decode("utf-8-sig"), newline="")))[1:]
    assert [unguarded(row[0]) for row in rows] == texts
    assert not any(is_run(row[0]) for row in rows)


def test_what_a_sheet_cannot_hold_is_said() -> None:
    file = BytesIO()
    written = write_xlsx(file, "表", ["一", "二"], [["好", "坏\x07\x1b"], ["半\ud800", "\ufffe"]])
    book = openpyxl.load_workbook(file)
    assert written.rows == 2 and written.notes == [
        "“二”有2格含有XLSX不能保存的控制字符，已换成“\ufffd”",
        "“一”有1格含有XLSX不能保存的控制字符，已换成“\ufffd”",
    ]
    assert [row[0].value for row in book["说明"].iter_rows()] == written.notes
    assert [cell.value for cell in book["表"]["B"]] == ["二", "坏\ufffd\ufffd", "\ufffd"]
    for text in ("字" * 32_768, "😀" * 16_384):
        with pytest.raises(ConditionUnmet, match="第1行的“一”超过32767个字"):
            write_xlsx(BytesIO(), "表", ["一"], [[text]])
    assert _sheet(["字" * 32_767])["A2"].value == "字" * 32_767


def test_each_value_has_its_type() -> None:
    file, instant = BytesIO(), datetime(2026, 1, 4, 16, 5, 30, tzinfo=UTC)
    columns = [Column("份额", percent=True), "日", "时刻", "数", "编号"]
    rows = [[0.3333, date(2026, 1, 5), instant, 7, "2026010500001"], [1.0, None, None, None, "91420600000000001X"]]
    assert write_xlsx(file, "表", columns, rows) == Written(2)
    first, second = openpyxl.load_workbook(file).active.iter_rows(min_row=2)
    assert [cell.value for cell in first] == [
        0.3333,
        datetime(2026, 1, 5),
        datetime(2026, 1, 5, 0, 5, 30),
        7,
        "2026010500001",
    ]
    assert [cell.number_format for cell in first] == ["0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "General", "General"]
    assert [cell.value for cell in second] == [1, None, None, None, "91420600000000001X"]
    text = BytesIO()
    write_csv(text, columns, rows)
    assert (
        text.getvalue().decode("utf-8-sig").splitlines()[1]
        == "0.3333,2026-01-05,2026-01-04T16:05:30+00:00,7,2026010500001"
    )
