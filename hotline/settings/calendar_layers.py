"""The sources of the calendar's layers: the configuration folder and the chinesecalendar package."""

from datetime import date
from pathlib import Path
from typing import Any

from chinese_calendar.constants import Holiday, holidays, workdays

from hotline.rules.deadlines.business_hours import BusinessHours, HoursOfDay
from hotline.rules.deadlines.working_calendar import Layer
from hotline.settings.config_files import BadSettings, read_toml

NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def package_layer(first_year: int = 2004, last_year: int | None = None) -> Layer:
    """The days of the chinesecalendar package (2004 and later), the lowest layer."""
    years = {on.year for on in holidays}
    announced = frozenset(y for y in years if y >= first_year and (last_year is None or y <= last_year))
    days = {on: (False, NAMES[name]) for on, name in holidays.items() if on.year in announced}
    days |= {on: (True, f"{NAMES[name]}调休上班") for on, name in workdays.items() if on.year in announced}
    return Layer("chinesecalendar", days, announced)


def config_layer(folder: Path) -> Layer:
    """The corrections of `config/calendar/<year>.toml`: tables of date = { working, reason }, `announces = true` for a year.

    Refuses (`BadSettings`), naming the file, what is no TOML, no date or no truth value.
    """
    days: dict[date, tuple[bool, str]] = {}
    years = set()
    for path in sorted(folder.glob("*.toml")):
        raw = read_toml(path)
        try:
            if _truth(raw.pop("announces", False)):
                years.add(int(path.stem))
            days |= {date.fromisoformat(on): (_truth(v["working"]), str(v["reason"])) for on, v in raw["days"].items()}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadSettings(f"日历文件 {path} 有误：{error}") from None
    return Layer("config", days, frozenset(years))


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"“{value}”应为 true 或 false")
    return value


def business_hours_from(path: Path) -> BusinessHours:
    """The dated hours of `config/business_hours.toml`; refuses (`BadSettings`) what is out of order, naming the file."""
    raw = read_toml(path)
    try:
        return BusinessHours(tuple(HoursOfDay(**period) for period in raw["period"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
