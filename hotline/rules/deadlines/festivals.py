"""The statutory festivals: which a year has, which of their days the law fixes, and to which year's notice a day belongs.

Source: 全国年节及纪念日放假办法 as revised in 2007 (清明, 端午 and 中秋 from 2008) and in 2024 (2 May from 2025). The days of the
lunar festivals and of 清明 are known from the notice of their year only.
"""

from collections.abc import Iterable, Mapping
from datetime import date

Stated = Mapping[date, tuple[bool, str]]
"""Days with whether people work on them, and why."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "元旦": ("元旦",),
    "春节": ("春节",),
    "清明节": ("清明",),
    "劳动节": ("劳动", "五一"),
    "端午节": ("端午",),
    "中秋节": ("中秋",),
    "国庆节": ("国庆", "十一"),
}
"""Each festival with the words by which a notice names it; one day may be named by two of them."""
SINCE = {"清明节": 2008, "端午节": 2008, "中秋节": 2008}
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
SECOND_OF_MAY, SECOND_OF_MAY_SINCE = (5, 2), 2025


def fixed_festival(on: date) -> str | None:
    """Return the festival that the law fixes to this day, whatever the notice of its year will say."""
    key = (on.month, on.day)
    if key == SECOND_OF_MAY and on.year < SECOND_OF_MAY_SINCE:
        return None
    return FIXED.get(key)


def year_of_notice(on: date, why: str) -> int:
    """Return the year whose notice arranges this day: the last days of December may belong to the New Year after them."""
    return on.year + 1 if on.month == 12 and "元旦" in why else on.year


def festivals_missing(year: int, days: Stated) -> list[str]:
    """Return the festivals of this year that no day off is named after."""
    off = [name for working, name in days.values() if not working]
    return [name for name, words in NAMES.items() if year >= SINCE.get(name, 0) and not _named(words, off)]


def _named(words: Iterable[str], names: Iterable[str]) -> bool:
    return any(word in name for name in names for word in words)


def fixed_days_at_work(year: int, days: Stated) -> list[date]:
    """Return the days of this year that rest by law, and on which work would be done by these days."""
    fixed = (date(year, month, day) for month, day in FIXED)
    return [on for on in fixed if fixed_festival(on) and days.get(on, (on.weekday() < 5, ""))[0]]
