"""The zip of a workbook: its parts by name, within limits, and every fault of the zip as one refusal."""

import lzma
import posixpath
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from hotline.rules.refusals import BadFile

LARGEST_UNPACKED = 1 << 30
LARGEST_SMALL_PART = 1 << 26
DENSEST = 200
"""Rows that are alike are packed 20 or 30 to one; only what was made to burst is denser than this."""
BLOCK = 1 << 16
BROKEN = (
    BadZipFile, ExpatError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    ValueError, LookupError, OverflowError,
)  # fmt: skip
"""What reading a damaged zip or its XML can raise."""


@contextmanager
def unbroken(what: str) -> Iterator[None]:
    """Refuse with `BadFile` what is damaged while `what` is read."""
    try:
        yield
    except BROKEN:
        raise BadFile(f"{what}不能读取，文件可能没有传完或已损坏") from None


class Package:
    """The parts of an open zip. Their names do not distinguish capitals."""

    def __init__(self, path: Path) -> None:
        with unbroken("工作簿"):
            self.zip = ZipFile(path)
        names = [name for name in self.zip.namelist() if not name.endswith("/")]
        self.names = {name.lower(): name for name in names}
        self.twice = {name for name, times in Counter(map(str.lower, names)).items() if times > 1}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self.names

    @contextmanager
    def open(self, part: str) -> Iterator[IO[bytes]]:
        """Open a part; refuse one that is missing, there twice, or too large when unpacked."""
        if part not in self or part.lower() in self.twice:
            raise BadFile(f"工作簿里{'有两份' if part in self else '缺少'} {part}，文件可能没有传完或已损坏")
        self.check_size([part])
        with self.zip.open(self.names[part.lower()]) as file:
            yield file

    def check_size(self, parts: Sequence[str]) -> None:
        """Refuse parts that are too large together, or so dense that they were made to be."""
        found = [self.zip.getinfo(self.names[part.lower()]) for part in parts if part in self]
        if sum(part.file_size for part in found) > LARGEST_UNPACKED:
            raise BadFile("工作簿解压后超过1GB，请分成几个文件导入")
        if any(part.file_size > max(LARGEST_SMALL_PART, DENSEST * part.compress_size) for part in found):
            raise BadFile("工作簿的压缩比异常，为安全起见不读取，请另存为新的 .xlsx 再导入")

    def read(self, part: str) -> bytes:
        """Return a small part whole."""
        with unbroken(f"工作簿的 {part} "), self.open(part) as file:
            content = file.read(LARGEST_SMALL_PART + 1)
        if len(content) > LARGEST_SMALL_PART:
            raise BadFile(f"工作簿的 {part} 过大，请另存为新的 .xlsx 再导入")
        return content

    def close(self) -> None:
        """Close the zip."""
        self.zip.close()


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a part piece by piece."""
    while block := file.read(BLOCK):
        yield block


def beside(part: str, target: str) -> str:
    """Return the part that `target` names as seen from another part."""
    whole = target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
    return posixpath.normpath("/" + whole).lstrip("/")
