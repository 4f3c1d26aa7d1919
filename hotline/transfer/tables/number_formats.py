"""Number formats that show a day or a time of day."""

import re
from enum import IntFlag

from hotline.transfer.tables.xml_part import Attributes

BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "y"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), "h"),
    22: "yh",
    46: "[h]",
}
"""Formats that a workbook uses without naming them; 27-36 and 50-58 are the Chinese ones."""
LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|(?i:general|G/通用格式)|[eE][+-]')
LAPSE = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
BRACKETED = re.compile(r"\[[^\]]*\]")
AM_PM = re.compile(r"(?i:am/pm|a/p)|上午/下午")


class Shows(IntFlag):
    """The part of a number that a format shows."""

    NUMBER = 0
    DAY = 1
    TIME = 2
    LAPSE = 4


def shown_by(code: str) -> Shows:
    """Return what a format code shows; only its first section, for positive numbers, counts."""
    bare = AM_PM.sub("h", LITERAL.sub("", code).split(";")[0])
    lapse = Shows.LAPSE if LAPSE.search(bare) else Shows.NUMBER
    letters = set(BRACKETED.sub("", bare).lower())
    time = Shows.TIME if letters & set("hs") else Shows.NUMBER
    day = Shows.DAY if letters & set("ydeba") or ("m" in letters and not time and not lapse) else Shows.NUMBER
    return day | time | lapse


def formats_of(styles: list[tuple[str, Attributes]]) -> tuple[Shows, ...]:
    """Return what each style of cells shows, in the order of their numbers; `styles` are the elements of styles.xml."""
    codes: dict[int, str] = dict(BUILT_IN)
    found: list[Shows] = []
    inside = ""
    for name, attributes in styles:
        if name == "numFmt" and "numFmtId" in attributes:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            inside = name
        elif name == "xf" and inside == "cellXfs":
            found.append(shown_by(codes.get(int(attributes.get("numFmtId", "0")), "")))
    return tuple(found)
