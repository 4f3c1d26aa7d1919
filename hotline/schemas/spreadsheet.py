"""Rows of a CSV or XLSX file, each with its line; a file that cannot be read is refused with the reason."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from hotline.rules.refusals import BadFile

LARGEST_CELL = 1024 * 1024


def rows_of(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, the row by the names of its columns). Refuses `BadFile`: unreadable, of another kind, or columns missing."""
    if not path.is_file():
        raise BadFile(f"没有文件 {path}")
    if path.suffix.lower() == ".xlsx":
        rows = _xlsx_rows(path)
    elif path.suffix.lower() == ".csv":
        rows = _csv_rows(path)
    else:
        raise BadFile("只接受 .csv 和 .xlsx")
    header: list[str] | None = None
    for line, cells in rows:
        if header is None:
            header = [str(cell or "").strip() for cell in cells]
            missing = [name for name in required if name not in header]
            if missing:
                raise BadFile(f"缺少列 {'、'.join(missing)}")
        elif any(cell not in (None, "") for cell in cells):
            yield line, dict(zip(header, cells, strict=False))
    if header is None:
        raise BadFile("文件是空的")


def _csv_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            before = 0
            for row in reader:
                yield before + 1, list(row)
                before = reader.line_num
    except UnicodeDecodeError:
        raise BadFile("不是UTF-8编码的CSV") from None
    except csv.Error as error:
        raise BadFile(f"第{before + 1}行附近不是合格的CSV（{error}）") from None


def _xlsx_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise BadFile("不是合格的XLSX") from None
    try:
        for line, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, list(row)
    finally:
        book.close()
