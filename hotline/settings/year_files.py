"""Year files of holiday-cn: read from their bytes, and checked in every part before anything of them is believed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.rules.deadlines.festivals import Stated, festivals_missing, fixed_days_at_work, year_of_notice
from hotline.settings.config_files import utf8_text

FIRST_YEAR, LAST_YEAR, LONGEST_NAME = 2004, 2099, 60
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NO_YEAR_FILE = "这不是节假日年度文件"


@dataclass(frozen=True, slots=True)
class YearFile:
    """The days that the notice of one year states; some of them may lie in the December before it."""

    year: int
    days: Stated


def year_document(content: bytes) -> dict[str, Any]:
    """Return the JSON object of a file; ValueError, with one sentence, for anything else."""
    text = utf8_text(content)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("这不是JSON文件") from None
    if not isinstance(document, dict):
        raise ValueError(NO_YEAR_FILE)
    return document


def year_file(document: Mapping[str, Any]) -> YearFile:
    """Return the year of a file of the form {"year", "days": [{"name", "date", "isOffDay"}]}.

    ValueError, with one sentence, for what has another form, states a day twice or one of another year, lacks a statutory
    festival, or lets people work on a day that rests by law.
    """
    year, entries = document.get("year"), document.get("days")
    if type(year) is not int or not isinstance(entries, list):
        raise ValueError(f"{NO_YEAR_FILE}：应有 year（整数）和 days（列表）")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间")
    if not entries:
        raise ValueError(f"{year}年的安排还是空的")
    days: dict[date, tuple[bool, str]] = {}
    for number, entry in enumerate(entries, 1):
        on, stated = _day(number, entry)
        if year_of_notice(on, stated[1]) != year and on.year != year:
            raise ValueError(f"第{number}天（{on}）不属于{year}年的安排")
        if on in days:
            raise ValueError(f"{on}出现了两次")
        days[on] = stated
    _check_festivals(year, days)
    return YearFile(year, days)


def _day(number: int, entry: Any) -> tuple[date, tuple[bool, str]]:
    if not isinstance(entry, dict):
        raise ValueError(f"{NO_YEAR_FILE}：第{number}天不是对象")
    name, text, off = (entry.get(key) for key in ("name", "date", "isOffDay"))
    if type(off) is not bool:
        raise ValueError(f"第{number}天的 isOffDay 应为 true 或 false")
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise ValueError(f"第{number}天的 name 应为节日名称")
    why = name.strip() if off else f"{name.strip()}调休上班"
    if len(why) > LONGEST_NAME:
        raise ValueError(f"第{number}天的节日名称不能超过{LONGEST_NAME}个字")
    return _date(number, text), (not off, why)


def _date(number: int, text: Any) -> date:
    try:
        if isinstance(text, str) and ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"第{number}天的 date 应为日期，例如 2026-10-01")


def _check_festivals(year: int, days: Stated) -> None:
    if missing := festivals_missing(year, days):
        raise ValueError(f"缺少{year}年{'、'.join(missing)}的放假安排")
    if wrong := fixed_days_at_work(year, days):
        raise ValueError(f"{'、'.join(map(str, wrong))}依法放假，文件中却要上班")
