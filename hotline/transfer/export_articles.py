"""The whole base in files: a folder or a zip of Markdown, or one sheet with a row for each article; and a sheet read back."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from hotline.casework.knowledge.article_source import DATES, LISTS, NEEDED, Source
from hotline.models.knowledge.articles import SAID
from hotline.queries.knowledge.article_export import Exported, exported
from hotline.schemas.spreadsheet import rows_of
from hotline.text.formulas import unguarded
from hotline.transfer.sheets import Value, write_xlsx

BODY = ("body", "body_more", "body_more_2", "body_more_3")
"""A cell holds 32,767 units of UTF-16 and a body 50,000 characters of up to two: what is over stands in the next one."""
MOST_IN_A_CELL = 16_000
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


def sheet_sources(path: Path) -> Iterator[Source]:
    """The articles of a sheet; refuses (`BadFile`) a file that is none."""
    for line, row in rows_of(path, ("code", "section", "body", *NEEDED)):
        matter = {name: _value(name, cell) for name, cell in row.items() if name and cell not in (None, "")}
        body = "".join(str(matter.pop(name, "")) for name in BODY)
        yield Source(str(matter.pop("section", "")), str(matter.pop("code", "")), matter, body, f"第{line}行")


def _value(name: str, cell: Any) -> Any:
    """What a person or `write_sheet` has put into a cell; a date that is none stays as it is, to be refused with its place."""
    if name in DATES:
        return cell.date() if isinstance(cell, datetime) else _day(unguarded(str(cell)))
    text = unguarded(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)).replace("\r\n", "\n")
    return [line.strip() for line in text.splitlines() if line.strip()] if name in LISTS else text


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
