"""The encoding of a text file: recognised strictly over the whole file, or refused by name.

Nothing is decoded by luck: what two encodings can read differently, or what comes out as no Chinese, is refused.
"""

import codecs
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from hotline.rules.refusals import BadFile

BLOCK = 1 << 16
SAMPLE = 1 << 22
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GIVEN = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-8-sig": "utf-8-sig", "gb18030": "gb18030", "gbk": "gb18030",
    "gb2312": "gb18030", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "big5": "big5hkscs",
}  # fmt: skip
"""The names that a person may give, and how each is read. GBK and GB2312 are parts of GB18030."""
NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "big5hkscs": "Big5"}
COMMON = bytes([0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8)])
"""First bytes in GB2312 of punctuation, full-width letters and the 3,755 most common characters."""
LEAST_COMMON_SHARE = 0.75
SAVE_AS = "请用记事本或Excel另存为UTF-8格式再导入"
WIDE_ENDS = (b"\n\0", b"\0\n", b"\r\0", b"\0\r")
FAULT = "\udfff"
"""Stands for bytes that cannot be decoded while their line is looked for; no encoding gives it."""
codecs.register_error("hotline_fault", lambda error: (FAULT, getattr(error, "end", 0)))


def encoding_of(path: Path, given: str | None = None) -> str:
    """Return the encoding in which the whole file can be read; refuse `BadFile` with the line of the first wrong byte."""
    if given is not None:
        return _readable(path, _named(given))
    with path.open("rb") as file:
        begins = file.read(BLOCK)
    for bom, encoding in BOMS:
        if begins.startswith(bom):
            return _readable(path, encoding)
    if wide := _without_bom(path, begins):
        return wide
    if decodes(path, "utf-8"):
        return _not_by_luck(path)
    return _chinese(path)


def name_of(encoding: str) -> str:
    """Return the name of an encoding as people write it."""
    return NAMES.get(encoding, encoding.upper())


def ends_a_line(path: Path, encoding: str) -> bool:
    """Tell whether the file ends with a line break, as one does that was written to its end."""
    with path.open("rb") as file:
        file.seek(-min(4, path.stat().st_size), 2)
        tail = file.read()
    return tail[-2:] in WIDE_ENDS if encoding.startswith("utf-16") else tail.endswith((b"\n", b"\r"))


def decodes(path: Path, encoding: str) -> bool:
    """Tell whether the file can be decoded strictly to its end."""
    try:
        return all(True for _ in _texts(path, encoding))
    except UnicodeError:
        return False


def _texts(path: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield decoder.decode(block)
    yield decoder.decode(b"", True)


def _named(given: str) -> str:
    encoding = GIVEN.get(given.strip().lower().replace("_", "-"))
    if encoding is None:
        raise BadFile(f"不认识编码“{given}”，可用 utf-8、gb18030、utf-16、big5")
    return encoding


def _readable(path: Path, encoding: str) -> str:
    if not decodes(path, encoding):
        raise BadFile(f"第{_line_of_fault(path, encoding)}行有不能按{name_of(encoding)}解读的字节，{SAVE_AS}")
    return encoding


def _line_of_fault(path: Path, encoding: str) -> int:
    with path.open(encoding=encoding, errors="hotline_fault", newline=None) as file:
        number = 1
        while part := file.readline(BLOCK):
            if FAULT in part:
                break
            number += part.endswith("\n")
    return number


def _without_bom(path: Path, begins: bytes) -> str | None:
    """Return which UTF-16 a file without a mark is in: rows and cells come out of it, and nothing but characters."""
    if b"\0" not in begins or (decodes(path, "utf-8") and begins.count(0) < len(begins) // 2):
        return None
    likely = [name for name in ("utf-16-le", "utf-16-be") if _looks_wide(begins, name) and decodes(path, name)]
    return likely[0] if len(likely) == 1 else None


def _looks_wide(begins: bytes, encoding: str) -> bool:
    text = begins[: len(begins) // 2 * 2].decode(encoding, "ignore")
    odd = any(unicodedata.category(letter) in ("Cc", "Cn", "Co") and letter not in "\r\n\t" for letter in set(text))
    return not odd and ("\n" in text or "\r" in text) and any(sign in text for sign in ",\t;")


def _not_by_luck(path: Path) -> str:
    """Return UTF-8, unless all that is not ASCII could as well be Chinese in GB18030: two bytes a character."""
    for text in _texts(path, "utf-8"):
        if not text.isascii() and max(text) > "\u07ff":
            return "utf-8"
    if not _is_ascii(path) and _is_chinese(path):
        raise BadFile(f"不能确定编码（UTF-8和GB18030都能解读，结果不同），{SAVE_AS}（带BOM），或指明编码")
    return "utf-8"


def _is_ascii(path: Path) -> bool:
    return all(text.isascii() for text in _texts(path, "utf-8"))


def _chinese(path: Path) -> str:
    """Return GB18030 for a file in it; refuse `BadFile` damaged UTF-8, a mixture of both, and what is no Chinese."""
    if _is_damaged_utf8(path) or not decodes(path, "gb18030"):
        damaged = "utf-8" if _is_damaged_utf8(path) else "gb18030"
        raise BadFile(f"第{_line_of_fault(path, damaged)}行有不能按{name_of(damaged)}解读的字节，{SAVE_AS}")
    if line := _line_in_utf8(path):
        raise BadFile(f"混用了两种编码：第{line}行是UTF-8，其他行是GB18030，{SAVE_AS}")
    if not _is_chinese(path):
        raise BadFile(f"不能确定编码（不是UTF-8，按GB18030读出的也不像中文），{SAVE_AS}，或指明编码")
    return "gb18030"


def _is_damaged_utf8(path: Path) -> bool:
    """Tell whether more characters are right in UTF-8 than wrong: chance gives GB18030 text only one in ten."""
    right = wrong = 0
    for text in _texts(path, "utf-8", "replace"):
        wide = len(text) - len(text.encode("ascii", "ignore"))
        bad = text.count("\ufffd")
        right, wrong = right + wide - bad, wrong + bad
    return right >= wrong


def _line_in_utf8(path: Path) -> int | None:
    """Return the first line of a GB18030 file that is UTF-8 by itself, with at least four Chinese characters."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if not text.isascii() and sum("\u4e00" <= letter <= "\u9fff" for letter in text) > 3:
                return number
    return None


def _is_chinese(path: Path) -> bool:
    """Tell whether the text in GB18030 is made of common characters, as Chinese is and other encodings read so are not."""
    common = rare = seen = 0
    try:
        for text in _texts(path, "gb18030"):
            wide = len(text) - len(text.encode("ascii", "ignore"))
            known = text.encode("gb2312", "ignore").translate(None, bytes(range(0x80)))[::2]
            usual = len(known) - len(known.translate(None, COMMON))
            common, rare, seen = common + usual, rare + wide - usual, seen + len(text)
            if seen > SAMPLE:
                break
    except UnicodeError:
        return False
    return common >= LEAST_COMMON_SHARE * (common + rare)
