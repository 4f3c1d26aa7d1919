"""Numbers of a sheet that are shown as days and times: what they mean in each of the two reckonings."""

from datetime import date, datetime, time

from hotline.transfer.cells import Cell, CellError, number_cell
from hotline.transfer.tables.number_formats import Shows

MILLISECONDS = 86_400_000
BEFORE_1900, BEFORE_1904 = date(1899, 12, 31).toordinal(), date(1904, 1, 1).toordinal()
NO_SUCH_DAY = 60
"""1900-02-29, which the spreadsheet believes in: every later serial is one too high."""
LAST_DAY = date.max.toordinal()
OUT_OF_RANGE = CellError("日期超出范围")


def dated_cell(serial: float, shows: Shows, *, since_1904: bool) -> Cell:
    """Return the day, the time of day or both that a number is shown as; an error for what is none."""
    if not abs(serial) < LAST_DAY:
        return OUT_OF_RANGE
    days, rest = divmod(round(serial * MILLISECONDS), MILLISECONDS)
    at = time(rest // 3_600_000, rest // 60_000 % 60, rest // 1000 % 60, rest % 1000 * 1000)
    if days == 0 and not shows & Shows.DAY:
        return at
    if shows & Shows.LAPSE and not shows & Shows.DAY:
        return CellError("是时长，不是时间")
    day = _day(days, since_1904)
    if day is None:
        return OUT_OF_RANGE
    return datetime.combine(day, at) if rest or shows & Shows.TIME else day


def _day(days: int, since_1904: bool) -> date | None:
    if since_1904:
        ordinal = BEFORE_1904 + days if days >= 0 else 0
    elif days < 1 or days == NO_SUCH_DAY:
        ordinal = 0
    else:
        ordinal = BEFORE_1900 + days - (days > NO_SUCH_DAY)
    return date.fromordinal(ordinal) if 0 < ordinal <= LAST_DAY else None


def iso_cell(text: str) -> Cell:
    """Return the day or the instant of a cell that holds it in words."""
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return CellError(f"不是日期：{text[:30]}")
    return CellError(f"时间带有时区：{text[:30]}") if at.tzinfo else at


def plain_number(text: str, shows: Shows, *, since_1904: bool) -> Cell:
    """Return what a number of a sheet means by its format."""
    try:
        number = float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        number = None
    if number is None or number != number:
        return CellError(f"不是数字：{text[:30]}")
    return dated_cell(number, shows, since_1904=since_1904) if shows else number_cell(number)
