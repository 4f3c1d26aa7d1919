"""The kind of a file, text or workbook: its first bytes decide, and its name only where they leave it open."""

from enum import Enum
from pathlib import Path

from hotline.rules.refusals import BadFile

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT_NAMES, BOOK_NAMES = (".csv", ".txt", ".tsv", ""), (".xlsx", ".xlsm", "")
OTHER_BOOKS = {
    ".xls": "旧版Excel（.xls）",
    ".xlsb": "二进制工作簿（.xlsb）",
    ".et": "WPS表格（.et）",
    ".ett": "WPS表格模板（.ett）",
    ".xlt": "旧版Excel模板（.xlt）",
    ".ods": "OpenDocument表格（.ods）",
    ".numbers": "Numbers表格",
}
SAVE_AS = "请用Excel或WPS打开后另存为 .xlsx 再导入"
ONLY = "只接受 .csv 和 .xlsx"


class FileKind(Enum):
    """The two ways of reading."""

    TEXT = "text"
    WORKBOOK = "workbook"


def file_kind(path: Path) -> tuple[FileKind, tuple[str, ...]]:
    """Return how to read the file, with a note where its name says otherwise; refuse `BadFile` what cannot be read."""
    name, begins = path.suffix.lower(), _first_bytes(path)
    if name not in (*TEXT_NAMES, *BOOK_NAMES, *OTHER_BOOKS):
        raise BadFile(ONLY)
    if begins.startswith(OLE):
        raise BadFile(_said_of_ole(path, name))
    if begins.startswith(ZIP):
        noted = () if name in BOOK_NAMES else (f"文件名以 {name} 结尾，内容是Excel工作簿，按工作簿读取",)
        return FileKind.WORKBOOK, noted
    if begins.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise BadFile(f"内容其实是网页（HTML），不是表格文件，{SAVE_AS}")
    if begins.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise BadFile(f"内容其实是XML，不是表格文件，{SAVE_AS}")
    if (name and name in BOOK_NAMES) or name in (".xlsb", ".ods", ".numbers"):
        raise BadFile("不是合格的工作簿，可能没有传完或已损坏" if begins else "文件是空的")
    return FileKind.TEXT, () if name in TEXT_NAMES else (f"文件名以 {name} 结尾，内容是文本，按文本读取",)


def _first_bytes(path: Path) -> bytes:
    if not path.is_file():
        raise BadFile(f"没有文件 {path}")
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError:
        raise BadFile(f"没有权限读取 {path}") from None


def _said_of_ole(path: Path, name: str) -> str:
    """Name what an OLE container holds: an encrypted workbook or one of the old kinds."""
    if "EncryptedPackage".encode("utf-16-le") in _directory(path):
        return "工作簿设有打开密码，请去掉密码后另存为 .xlsx 再导入"
    kind = OTHER_BOOKS.get(name, "旧版Excel（.xls）或WPS表格（.et）")
    return f"这是{kind}文件，{SAVE_AS}"


def _directory(path: Path) -> bytes:
    """Return the first part of the directory of an OLE container, which names its streams."""
    with path.open("rb") as file:
        header = file.read(512).ljust(512, b"\0")
        size = 1 << min(int.from_bytes(header[30:32], "little"), 12)
        file.seek((int.from_bytes(header[48:52], "little") + 1) * size)
        return file.read(4096)
