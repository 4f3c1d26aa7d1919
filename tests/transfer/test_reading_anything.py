"""Whatever a file holds and however it is damaged: refused, or exactly what a second reader finds in it."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.rules.refusals import BadFile
from hotline.transfer.cells import CellError, is_filled
from hotline.transfer.table_file import open_table
from hotline.transfer.tables.csv_file import CsvFile
from hotline.transfer.tables.sheet_rows import NO_RESULT

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
Rows = list[tuple[int, list[Any]]]
HEADINGS = ["工单编号", "诉求标题", "来电时间"]
CHINESE = st.text("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动", max_size=8)
SIGNS = st.text(st.sampled_from("\"',;\t\r\n =#a1é·路\ufeff\0😀" + "上开"), max_size=6)
TEXTS = st.one_of(CHINESE, SIGNS, st.sampled_from(["", "13800138001", "00012", "2.0260105E+17", "2026/1/5 9:05"]))
CODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")


def read(path: Path) -> Rows | None:
    """Return the rows from the headings on, padded; None where the file is refused, in whichever step."""
    try:
        with open_table(path) as table:
            lines = list(table.lines())
            assert table.check_to_end() == len(lines)
            return [
                (table.heading_row, list(table.headings)),
                *((line.number, [*line.cells, line.more]) for line in lines),
            ]
    except BadFile as refusal:
        assert refusal.sentence() and "\n" not in refusal.sentence()
        return None


def second_csv(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Read a text by hand, sign by sign; raise `ValueError` at a quote that is open or closed within a cell."""
    text = text.removeprefix("\ufeff")
    line, begins, cell, row, state = 1, 1, "", list[str](), "begin"
    position = 0
    while position < len(text):
        sign, after = text[position], text[position + 1 : position + 2]
        position += 1
        ends = sign in "\r\n"
        if ends and sign == "\r" and after == "\n":
            sign, position = "\r\n", position + 1
        line += ends
        if state == "quoted":
            if sign == '"' and text[position : position + 1] == '"':
                cell, position = cell + '"', position + 1
            elif sign == '"':
                state = "closed"
            else:
                cell += sign
        elif sign == separator or ends:
            row, cell, state = [*row, cell], "", "begin"
            if ends:
                yield begins, row
                row, begins = [], line
        elif state == "closed":
            raise ValueError("text after a quote")
        elif sign == '"' and state == "begin":
            state = "quoted"
        else:
            cell, state = cell + sign, "plain"
    if state == "quoted":
        raise ValueError("open quote")
    if row or cell or state == "closed":
        yield begins, [*row, cell]


def expected_of(rows: Rows) -> Rows:
    """Return rows as the reader is to give them: errors in place of what is none, blank rows left out, one width."""
    width = len(rows[0][1])
    found = []
    for number, cells in rows[1:]:
        if any(is_filled(cell) for cell in cells):
            more = sum(is_filled(cell) for cell in cells[width:])
            found.append((number, [*cells[:width], *[None] * (width - len(cells)), more]))
    return [rows[0], *found]


def as_cell(text: str) -> Any:
    if text.startswith("#") and (text in ("#N/A", "#REF!") or (len(text) > 1 and set(text) == {"#"})):
        return CellError(text)
    return CellError("含有空字符（NUL）") if "\0" in text else text or None


PLAIN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动开路\"',;\t\r\n =#a10285E+/: .367"
)


@st.composite
def text_files(draw: Any) -> tuple[bytes, str, str, list[list[str]]]:
    """Return (bytes, encoding, separator, rows) of a file whose last row may have too few or too many cells."""
    rows = [HEADINGS, *draw(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=6))]
    if len(rows) > 3 and not any(sign in cell for row in rows for cell in row for sign in ",;\t"):
        rows.append(draw(st.lists(TEXTS, min_size=1, max_size=5)))
    encoding, separator = draw(st.sampled_from(CODINGS)), draw(st.sampled_from(",;\t"))
    always, end = draw(st.booleans()), draw(st.sampled_from(["\r\n", "\n", "\r"]))
    text = "".join(separator.join(quoted(cell, separator, always) for cell in row) + end for row in rows)
    return text.encode(encoding), encoding, separator, rows


def quoted(text: str, separator: str, always: bool) -> str:
    if always or any(sign in text for sign in ('"', "\r", "\n", separator)):
        return '"' + text.replace('"', '""') + '"'
    return text


def read_bytes(content: bytes, name: str) -> Rows | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read(path)


def expected_csv(text: str, separator: str) -> Rows:
    return expected_of([(number, [as_cell(cell) for cell in row]) for number, row in second_csv(text, separator)])


@SLOW
@given(text_files())
def test_a_text_file_gives_what_was_written(made: tuple[bytes, str, str, list[list[str]]]) -> None:
    """Without a mark the encoding of a file of strange signs cannot always be told: that is refused, and only that."""
    content, encoding, separator, rows = made
    text = content.decode(encoding)
    assert [row for _, row in second_csv(text, separator)] == rows
    found = read_bytes(content, "a.csv")
    if found is None:
        assert encoding in ("gb18030", "utf-16-le", "utf-16-be") and not PLAIN.issuperset("".join(map("".join, rows)))
    else:
        assert found == expected_csv(text, separator)


@SLOW
@given(text_files(), st.data())
def test_a_damaged_text_file_is_refused_or_read_as_it_stands(
    made: tuple[bytes, str, str, list[list[str]]], data: Any
) -> None:
    """What is left is read in the encoding that it was written in, never in another one by luck."""
    content, encoding, _, _ = made
    damaged = damage(content, data)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(damaged)
        found = read(path)
        if found is None:
            return
        with open_table(path) as table:
            source = table.source
    assert isinstance(source, CsvFile)
    wide = "utf-16-be" if encoding == "utf-16-be" else "utf-16-le"
    family = {"utf-8-sig": ("utf-8-sig", "utf-8"), "utf-16": ("utf-16", wide)}.get(encoding, (encoding,))
    assert damaged.isascii() or source.read_as in family or (source.read_as, encoding) == ("utf-8-sig", "utf-8")
    text = damaged.decode(source.read_as)
    rows = [(number, [as_cell(cell) for cell in row]) for number, row in second_csv(text, source.separator)]
    assert found == expected_of([found[0], *(row for row in rows if row[0] > found[0][0])])


def damage(content: bytes, data: Any) -> bytes:
    """Cut the content, or change some of its bytes."""
    if data.draw(st.booleans(), "cut"):
        return content[: data.draw(st.integers(0, len(content) - 1), "at")]
    changed = bytearray(content)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=3), "places"):
        changed[place] ^= data.draw(st.integers(1, 255), "bits")
    return bytes(changed)


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"], include_characters="\n\t"), max_size=12)
INSTANTS = st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(lambda at: at.replace(microsecond=0))
VALUES = st.one_of(
    st.none(), WORDS, st.booleans(), st.integers(-(10**17), 10**17), st.floats(-1e16, 1e16, allow_subnormal=False),
    INSTANTS, st.dates(date(1900, 3, 1), date(9999, 12, 31)), st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(["=1+1", "#N/A", "#REF!", "00012"]),
)  # fmt: skip


@st.composite
def books(draw: Any) -> tuple[bytes, list[list[Any]]]:
    """Return (bytes, rows) of a workbook whose first sheet may be hidden and whose rows may be hidden or blank."""
    rows = draw(st.lists(st.lists(VALUES, min_size=1, max_size=4), max_size=6))
    made = openpyxl.Workbook()
    sheet = made.active
    if draw(st.booleans()):
        made.create_sheet("隐", 0).append(["旧编号", "旧标题"])
        made["隐"].sheet_state = draw(st.sampled_from(["hidden", "veryHidden"]))
        made.active = 1
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    sheet.row_dimensions[draw(st.integers(2, 8))].hidden = draw(st.booleans())
    return packed_alike(made), rows


def packed_alike(made: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook, the same for the same rows: without the instant at which it was made."""
    file, again = io.BytesIO(), io.BytesIO()
    made.save(file)
    with ZipFile(file) as first, ZipFile(again, "w", ZIP_DEFLATED) as second:
        for name in first.namelist():
            if not name.startswith("docProps/"):
                second.writestr(ZipInfo(name), first.read(name), ZIP_DEFLATED)
    return again.getvalue()


def second_book(content: bytes) -> Rows:
    """Read a workbook with another library, whole, formulas as they are written."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(sheet for sheet in made.worksheets if sheet.sheet_state == "visible")
    rows = [(row[0].row, [as_value(cell) for cell in row]) for row in sheet.iter_rows()]
    return [(1, HEADINGS), *rows[1:]]


def as_value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type in "ef":
        return NO_RESULT if cell.data_type == "f" else CellError(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 1e15:
            return CellError("数字过长，已丢失位数")
        return int(value) if float(value).is_integer() else value
    if isinstance(value, datetime) and "h" not in cell.number_format:
        return value.date()
    return as_cell(value) if isinstance(value, str) else value


@SLOW
@given(books())
def test_a_workbook_gives_what_another_library_finds_in_it(made: tuple[bytes, list[list[Any]]]) -> None:
    content, rows = made
    found = read_bytes(content, "a.xlsx")
    assert found == expected_of(second_book(content))
    texts = [cell for _, cells in found[1:] for cell in cells if isinstance(cell, str)]
    assert set(texts) <= {cell for row in rows for cell in row if isinstance(cell, str)}


@SLOW
@given(books(), st.data())
def test_a_damaged_workbook_is_refused_or_gives_all_the_same(made: tuple[bytes, list[list[Any]]], data: Any) -> None:
    """Every part carries a sum of its bytes: a change is noticed, or lies where it changes nothing."""
    content, _ = made
    found = read_bytes(damage(content, data), "a.xlsx")
    assert found is None or found == read_bytes(content, "a.xlsx")


@SLOW
@given(books(), st.data())
def test_damage_that_the_sums_hide_is_refused_or_read_and_never_a_fault_of_ours(
    made: tuple[bytes, list[list[Any]]], data: Any
) -> None:
    """A program may have written a wrong part with a right sum: nobody can know what was meant, but somebody is told."""
    content, _ = made
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as first, ZipFile(file, "w") as second:
        names = [name for name in first.namelist() if name != "xl/theme/theme1.xml"]
        damaged = data.draw(st.sampled_from(names), "part")
        for name in names:
            part = first.read(name)
            second.writestr(ZipInfo(name), damage(part, data) if name == damaged and part else part)
    read_bytes(file.getvalue(), "a.xlsx")
