"""A year of the working calendar as twelve months, each day with what it is and who says so; years that hang in the air."""

from calendar import Calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.deadlines.calendar_days import CalendarImport
from hotline.models.deadlines.clocks import Clock
from hotline.queries.formatting import instant, labelled
from hotline.rules.deadlines.calendar_change import Change, Foreseen, Moved
from hotline.rules.deadlines.festivals import year_of_notice
from hotline.rules.deadlines.working_calendar import ONE_DAY, ZONE, Day, WorkingCalendar, local
from hotline.rules.vocabulary import Word

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
LAYERS = {
    "config": "配置文件 config/calendar",
    "database": "在本页或用命令导入",
    "chinesecalendar": "随程序附带的节假日数据",
    "": "无（按周一至周五和日期固定的法定节日暂定）",
}


class DayKind(Word):
    """What a day is; `HOLIDAY` and `MAKE_UP` are those that differ from the plain week."""

    WORKING = "working", "工作日"
    WEEKEND = "weekend", "周末"
    HOLIDAY = "holiday", "休"
    MAKE_UP = "make_up", "班"


def kind_of(day: Day) -> DayKind:
    if day.on.weekday() < 5:
        return DayKind.WORKING if day.working else DayKind.HOLIDAY
    if day.working:
        return DayKind.MAKE_UP
    return DayKind.WEEKEND if day.reason == "周末" else DayKind.HOLIDAY


def year_of(calendar: WorkingCalendar, year: int) -> dict[str, Any]:
    """Twelve months in weeks of seven places (None: another month), and what somebody has stated."""
    return {
        "year": year,
        "announced": year in calendar.announced_years(),
        "version": calendar.version,
        "months": [{"month": month, "weeks": _weeks(calendar, year, month)} for month in range(1, 13)],
        "stated": _stated(calendar, year),
        "working_days": sum(day.working for day in _days(calendar, year)),
    }


def _stated(calendar: WorkingCalendar, year: int) -> list[dict[str, Any]]:
    """The days that a layer states, those that follow each other and are alike in one row (`on` to `to`)."""
    rows: list[dict[str, Any]] = []
    for day in _days(calendar, year):
        if not any(day.on in layer.days for layer in calendar.layers):
            continue
        line, last = _line(day), rows[-1] if rows else None
        alike = last and all(last[name] == line[name] for name in ("working", "reason", "layer"))
        if last and alike and last["to"] == (day.on - ONE_DAY).isoformat():
            last |= {"to": line["on"], "to_weekday": line["weekday"], "days": last["days"] + 1}
        else:
            rows.append({**line, "to": line["on"], "to_weekday": line["weekday"], "days": 1})
    return rows


def _days(calendar: WorkingCalendar, year: int) -> Iterator[Day]:
    first = date(year, 1, 1)
    return (calendar.look(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days))


def _weeks(calendar: WorkingCalendar, year: int, month: int) -> list[list[dict[str, Any] | None]]:
    weeks = Calendar().monthdatescalendar(year, month)
    return [[_line(calendar.look(on)) if on.month == month else None for on in week] for week in weeks]


def _line(day: Day) -> dict[str, Any]:
    return {
        "on": day.on.isoformat(),
        "day": day.on.day,
        "weekday": f"星期{WEEKDAYS[day.on.weekday()]}",
        **labelled("kind", kind_of(day)),
        "working": day.working,
        "reason": day.reason,
        "layer": LAYERS[day.layer],
        "provisional": day.provisional,
    }


def imports(session: Session, year: int) -> list[dict[str, Any]]:
    """What was changed in this year's calendar here, the newest first."""
    query = select(CalendarImport).where(CalendarImport.year == year).order_by(CalendarImport.id.desc()).limit(10)
    return [{"at": instant(row.imported_at), "moved": row.moved} for row in session.scalars(query)]


def provisional_years(ctx: Context, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """This year and the next when nobody has announced them, and every year with provisional dues: how many hang on it."""
    waiting = (Clock.provisional, Clock.stopped_at.is_(None))
    first, last = ctx.session.execute(select(func.min(Clock.due_at), func.max(Clock.due_at)).where(*waiting)).one()
    years = {year for year in (local(ctx.now).year, local(ctx.now).year + 1) if year not in calendar.announced_years()}
    if first is not None:
        years |= set(range(local(first).year, local(last).year + 1))
    columns = [
        func.count().filter(Clock.due_at >= _begin(year), Clock.due_at < _begin(year + 1)) for year in sorted(years)
    ]
    counts = ctx.session.execute(select(*columns).where(*waiting)).one() if columns else ()
    announced = calendar.announced_years()
    found = [{"year": year, "dues": dues} for year, dues in zip(sorted(years), counts, strict=True)]
    return [row for row in found if row["dues"] or row["year"] not in announced]


def _begin(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=ZONE)


def foreseen(found: Foreseen) -> dict[str, Any]:
    """How many dues would move, and the first of them: from when to when."""
    return {"moved": found.moved, "first": [_moved(row) for row in found.first]}


def _moved(row: Moved) -> dict[str, Any]:
    return {
        "what": row.what,
        **labelled("kind", row.kind),
        "old": instant(row.old),
        "new": instant(row.new),
        "becomes_exact": row.was_provisional and not row.provisional,
        "later": row.new > row.old,
        "same": row.new == row.old,
    }


def stated(change: Change, calendar: WorkingCalendar) -> dict[str, Any]:
    """The days that the change states, each with what it is until now; the folder above overrules it (`overruled`)."""
    days = []
    for on, (working, name) in sorted(change.days.items()):
        then, now = Day(on, working, name, "database"), calendar.look(on)
        overruled = on in calendar.layers[0].days
        differs = working != now.working and not overruled
        days.append({**_line(then), "before": _line(now), "differs": differs, "overruled": overruled})
    return {"year": change.year, "whole": change.whole, "days": days, "dropped": _dropped(change, calendar)}


def _dropped(change: Change, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """The days that were arranged for this year until now and that its new notice does not name."""
    if not change.whole:
        return []
    first = date(change.year - 1, 12, 1)
    days = (calendar.look(first + timedelta(days=n)) for n in range((date(change.year + 1, 1, 1) - first).days))
    return [_line(day) for day in days if day.on not in change.days and _arranged(day, change.year, calendar)]


def _arranged(day: Day, year: int, calendar: WorkingCalendar) -> bool:
    by_whom = next((layer for layer in calendar.layers[1:] if layer.name == day.layer), None)
    return by_whom is not None and day.on in by_whom.days and year_of_notice(day.on, day.reason) == year
