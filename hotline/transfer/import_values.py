"""Cells as values of a field: texts, numbers that are texts, telephones, satisfaction. What could be wrong is refused by name."""

import re
import unicodedata
from datetime import date, datetime, time
from functools import lru_cache

from marshmallow import ValidationError

from hotline.rules.invisible import without_invisible
from hotline.schemas.intake.enterprise import Phone
from hotline.transfer.cells import Cell, CellError, is_scientific

FIRST_UNSAFE_NUMBER = 10**15
"""A spreadsheet keeps 15 digits: what is longer ends in zeros that nobody has typed."""
AS_TEXT = re.compile(r'="([^"]*)"|\'(.*)', re.DOTALL)
"""How a number is kept a text in a file: `="0710"` or an apostrophe."""
MASKED = re.compile(r"(?=.*\d)(?=.*[*●•·#xX])[\d\-+() *●•·#xX]{5,}")
BETWEEN_NUMBERS = re.compile(r"[/、,;|\n]|或|和|以及|及")
CONTROL = frozenset({"Cc", "Cs"})
KEPT_CONTROL = "\n\t"
PHONE = Phone(80)


def text_of(cell: Cell) -> str | None:
    """Return what a cell says as text, None for an empty one.

    Refuses (ValidationError) an error of a formula, a date where a text is meant, a number that has lost digits, and control
    characters: stored without them it would be another text.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        return _clean(cell)
    if isinstance(cell, CellError):
        raise ValidationError(f"没有可用的值：{cell}")
    if isinstance(cell, bool):
        raise ValidationError(f"应为文字，表格里却是逻辑值（{str(cell).upper()}）")
    if isinstance(cell, (date, datetime, time)):
        raise ValidationError(f"应为文字，表格里却是日期或时间（{cell}）")
    return _digits(cell)


def _clean(text: str) -> str | None:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text.isprintable():
        strange = next((c for c in text if c not in KEPT_CONTROL and unicodedata.category(c) in CONTROL), None)
        if strange is not None:
            raise ValidationError(f"含有不能保存的控制字符（U+{ord(strange):04X}）")
    return text or None


def _digits(number: float) -> str:
    if abs(number) >= FIRST_UNSAFE_NUMBER:
        raise ValidationError("数字过长，表格里已丢失位数，请在原系统中按文本导出")
    return str(int(number)) if number == int(number) else f"{number:.15g}"


def number_of(cell: Cell) -> str | None:
    """Return a number that is a text (of a matter, a code): its digits, without the signs that kept it one."""
    if isinstance(cell, float) and cell != int(cell):
        raise ValidationError(f"应为编号，表格里却是小数（{cell:.15g}）")
    text = text_of(cell)
    if text is None:
        return None
    kept = AS_TEXT.fullmatch(text)
    text = without_invisible((kept[1] or kept[2] or "") if kept else text).strip()
    if is_scientific(text):
        raise ValidationError(f"表格软件把编号缩短成了“{text}”，原来的数字已经丢失")
    return text or None


@lru_cache(maxsize=10_000)
def phone_of(text: str) -> str | None:
    """Return the telephone in its one form. Refuses several in one cell: the second would be lost."""
    try:
        phone: str | None = PHONE.deserialize(text)
    except ValidationError:
        several = [part for part in BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", text)) if part.strip()]
        if len(several) > 1 and all(map(_is_phone, several)):
            raise ValidationError(f"有{len(several)}个号码，请留一个，其余写入诉求内容") from None
        raise
    return phone


def _is_phone(text: str) -> bool:
    try:
        PHONE.deserialize(text)
    except ValidationError:
        return False
    return True


def is_masked(text: str) -> bool:
    """Return whether digits of a telephone are hidden (`139****1234`): it cannot be called."""
    return MASKED.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None
