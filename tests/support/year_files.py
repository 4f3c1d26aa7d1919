"""Year files of holiday-cn as a test needs them: whole, as the package knows the year or made up, with a few days changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from hotline.settings.calendar_layers import package_layer

MADE_UP = (
    *(("元旦", "01-01"), ("春节", "02-16"), ("清明节", "04-05"), ("劳动节", "05-01"), ("劳动节", "05-02")),
    *(("端午节", "06-09"), ("中秋节", "09-15"), ("国庆节", "10-01"), ("国庆节", "10-02"), ("国庆节", "10-03")),
)
"""The days of a year of which nobody knows more."""


def entry(on: str, name: str, *, off: bool = True) -> dict[str, Any]:
    """One day of a year file."""
    return {"name": name, "date": on, "isOffDay": off}


def year_file(year: int, *changed: dict[str, Any], without: Iterable[str] = ()) -> dict[str, Any]:
    """The file of a whole year; `changed` days replace those of the same date or come to them."""
    known = {date.isoformat(on): stated for on, stated in package_layer().days.items() if on.year == year}
    days = {on: entry(on, name.removesuffix("调休上班"), off=not works) for on, (works, name) in known.items()}
    days = days or {f"{year}-{day}": entry(f"{year}-{day}", name) for name, day in MADE_UP}
    if "中秋节" not in {day["name"] for day in days.values()}:
        days[f"{year}-10-01"] = entry(f"{year}-10-01", "国庆节、中秋节")
    days |= {day["date"]: day for day in changed}
    return {"year": year, "papers": [], "days": [days[on] for on in sorted(days) if on not in set(without)]}
