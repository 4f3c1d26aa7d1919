"""The whole base in files: a folder or a zip of Markdown, or one sheet with a row for each article; and a sheet read back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from hotline.casework.accounts.config_sync import BadSource
from hotline.casework.knowledge.article_source import BESIDE, DATES, LISTS, NEEDED, Source
from hotline.casework.knowledge.drafting import Content
from hotline.models.knowledge.articles import SAID
from hotline.queries.knowledge.article_export import Exported, exported
from hotline.text.formulas import unguarded
from hotline.transfer.cells import Cell, CellError, Line
from hotline.transfer.table_file import open_table
from hotline.transfer.tables.named_columns import named_columns, surplus
from hotline.transfer.tables.table_writer import Value, write_xlsx

BODY = ("body", "body_more", "body_more_2", "body_more_3")
"""A cell holds 32,767 units of UTF-16 and a body 50,000 characters of up to two: what is over stands in the next one."""
MOST_IN_A_CELL = 16_000
COLUMNS = frozenset({"code", "section", *BODY, *BESIDE, *(field.name for field in fields(Content))})
HEADER = ("code", "section", *(name for name in SAID if name != "body"), *BODY, "review_state", "state")


def write_folder(session: Session, folder: Path) -> Iterator[Path]:
    """One file for each article, `<section>/<code>.md`; other files of the folder stay as they are."""
    for article in exported(session):
        path = folder / article.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article.markdown(), encoding="utf-8", newline="\n")
        yield path


def write_zip(session: Session, file: IO[bytes]) -> None:
    """The same files packed; the same bytes for the same base."""
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for article in exported(session):
            packed.writestr(ZipInfo(article.path), article.markdown().encode(), ZIP_DEFLATED)


def write_sheet(session: Session, file: IO[bytes]) -> None:
    """A row for each article: its days as dates, all other fields as text."""
    write_xlsx(file, "articles", HEADER, (_row(article) for article in exported(session)))


def _row(article: Exported) -> list[Value]:
    parts = range(0, len(BODY) * MOST_IN_A_CELL, MOST_IN_A_CELL)
    body = [article.body[begin : begin + MOST_IN_A_CELL] for begin in parts]
    values = {"code": article.code, "section": article.section, **article.matter, **dict(zip(BODY, body, strict=True))}
    return [_cell(values.get(name)) for name in HEADER]


def _cell(value: Any) -> Value:
    """A day as itself, all else as text. Text that reading would shorten by its apostrophe has one more."""
    if isinstance(value, date):
        return value
    text = "\n".join(value) if isinstance(value, list) else str(value or "")
    return text if unguarded(text) == text else f"'{text}"


def sheet_sources(path: Path, told: Callable[[str], object] = lambda note: None) -> Iterator[Source | BadSource]:
    """Yield the articles of a sheet, and a fault for each row that is none; `told` hears what was passed by in the file.

    Refuses `BadFile`, before the first, a file that holds none, that has columns of other names, or that breaks off.
    """
    with open_table(path, is_heading=COLUMNS.__contains__) as table:
        columns = named_columns(table, COLUMNS, ("code", "section", "body", *NEEDED))
        table.check_to_end()
        for note in table.notes:
            told(note)
        for line in table.lines():
            fault = _fault(line, table.headings, columns)
            yield BadSource(f"第{line.number}行：{fault}。") if fault else _source(line, columns)


def _fault(line: Line, headings: Sequence[str], columns: Sequence[str | None]) -> str | None:
    wrong = [
        f"“{name}”列没有可用的值：{cell}"
        for name, cell in zip(columns, line.cells, strict=True)
        if name is not None and isinstance(cell, CellError)
    ]
    return "；".join(wrong) or surplus(line, headings, columns, drop_unknown=False)


def _source(line: Line, columns: Sequence[str | None]) -> Source:
    named = zip(columns, line.cells, strict=True)
    matter = {name: _value(name, cell) for name, cell in named if name and cell is not None}
    body = "".join(str(matter.pop(name, "")) for name in BODY)
    return Source(str(matter.pop("section", "")), str(matter.pop("code", "")), matter, body, f"第{line.number}行")


def _value(name: str, cell: Cell) -> Any:
    """What a person or `write_sheet` has put into a cell; a date that is none stays as it is, to be refused with its place."""
    if name in DATES:
        if isinstance(cell, date):
            return cell.date() if isinstance(cell, datetime) else cell
        return _day(unguarded(str(cell)))
    text = unguarded(str(cell)).replace("\r\n", "\n")
    return [line.strip() for line in text.splitlines() if line.strip()] if name in LISTS else text


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
