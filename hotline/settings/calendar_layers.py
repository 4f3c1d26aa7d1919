"""Where the calendar's layers come from: the configuration folder, holiday-cn year files, the chinesecalendar package."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from chinese_calendar.constants import Holiday, holidays, workdays

from hotline.rules.deadlines.business_hours import BusinessHours, HoursOfDay
from hotline.rules.deadlines.working_calendar import Layer

NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def package_layer(first_year: int = 2004, last_year: int | None = None) -> Layer:
    """The days of the chinesecalendar package (2004 and later), the lowest layer."""
    years = {on.year for on in holidays}
    announced = frozenset(y for y in years if y >= first_year and (last_year is None or y <= last_year))
    days = {on: (False, NAMES[name]) for on, name in holidays.items() if on.year in announced}
    days |= {on: (True, f"{NAMES[name]}调休上班") for on, name in workdays.items() if on.year in announced}
    return Layer("chinesecalendar", days, announced)


def layer_from_holiday_cn(name: str, documents: Iterable[Mapping[str, Any]]) -> Layer:
    """Year files of the form {"year", "days": [{"name", "date", "isOffDay"}]}; an empty one announces nothing."""
    days: dict[date, tuple[bool, str]] = {}
    years = set()
    for document in documents:
        try:
            stated = [(date.fromisoformat(d["date"]), bool(d["isOffDay"]), str(d["name"])) for d in document["days"]]
            year = int(document["year"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"这不是节假日年度文件：{error}") from None
        if stated:
            years.add(year)
        days |= {on: (not off, what if off else f"{what}调休上班") for on, off, what in stated}
    return Layer(name, days, frozenset(years))


def config_layer(folder: Path) -> Layer:
    """The corrections of `config/calendar/<year>.toml`: tables of date = { working, reason }, `announces = true` for a year."""
    days: dict[date, tuple[bool, str]] = {}
    years = set()
    for path in sorted(folder.glob("*.toml")):
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            if raw.pop("announces", False):
                years.add(int(path.stem))
            days |= {date.fromisoformat(on): (bool(v["working"]), str(v["reason"])) for on, v in raw["days"].items()}
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"日历文件 {path} 有误：{error}") from None
    return Layer("config", days, frozenset(years))


def business_hours_from(path: Path) -> BusinessHours:
    """The dated hours of `config/business_hours.toml`; refuses (ValueError) what is out of order, naming the file."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return BusinessHours(tuple(HoursOfDay(**period) for period in raw["period"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"配置文件 {path} 有误：{error}") from None
