"""The calendar as it stands now, and what happens to open dues when a year is announced or corrected.

A change previews how many open dues move; applying it recomputes all of them in one transaction and writes a line on every
ticket whose due moved.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import URL, delete, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from hotline.casework.accounts.audit_log import record
from hotline.casework.deadlines.due_moves import Progress, foresee, nobody_watches, recompute, touched_by
from hotline.context import Context
from hotline.models.deadlines.calendar_days import CalendarDay, CalendarImport
from hotline.models.deadlines.clocks import Clock
from hotline.rules.accounts.administration import AdminDeed, check_administers
from hotline.rules.deadlines.calendar_change import Change, DayGiven, Foreseen
from hotline.rules.deadlines.working_calendar import Layer
from hotline.rules.refusals import BadFile, ConditionUnmet, InvalidInput
from hotline.rules.rulebook import Rulebook
from hotline.settings.calendar_layers import layer_from_holiday_cn

_VERSION = select(func.max(CalendarImport.id))
NAME, POSITION = "database", 1  # below the folder of corrections, above the package
AGAIN_FOR, BEGUN_SINCE = timedelta(hours=2), timedelta(days=2)
FIRST_YEAR, LAST_YEAR, LONGEST_NAME = 2004, 2099, 60


def rulebook_of(session: Session, base: Rulebook) -> Rulebook:
    """The rules with the imported years; asked once for each transaction, built again only when an import came."""
    version = session.scalar(_VERSION)
    if version is None:
        return base
    key = (id(base), session.get_bind().engine.url, version)
    rulebook = _built.get(key)
    if rulebook is None:
        _built.clear()
        rulebook = _built[key] = _with_layer(base, _stored_layer(session), str(version))
    return rulebook


_built: dict[tuple[int, URL, int], Rulebook] = {}


def _with_layer(base: Rulebook, layer: Layer, version: str) -> Rulebook:
    return replace(base, calendar=base.calendar.with_layer(layer, POSITION, version))


def _stored_layer(session: Session) -> Layer:
    days = {row.on: (row.working, row.name) for row in session.scalars(select(CalendarDay))}
    return Layer(NAME, days, frozenset(session.scalars(select(CalendarImport.year).distinct())))


def year_change(document: Mapping[str, Any]) -> Change:
    """A holiday-cn year file; refuses `BadFile` for anything else, for an empty year and for days of other times."""
    try:
        layer = layer_from_holiday_cn(NAME, [document])
    except ValueError as error:
        raise BadFile(str(error)) from None
    if not layer.years:
        raise BadFile("这一年的安排还是空的")
    year = next(iter(layer.years))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadFile(f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间")
    if any(abs(on.year - year) > 1 for on in layer.days):
        raise BadFile(f"其中有不属于{year}年安排的日期")
    if any(len(name) > LONGEST_NAME for _, name in layer.days.values()):
        raise BadFile(f"节日名称不能超过{LONGEST_NAME}个字")
    return Change(year, layer.days, whole=True)


def day_change(given: DayGiven, *, rulebook: Rulebook) -> Change:
    """One day of an announced year. Refuses a year that nobody has announced, and a day that the folder above states."""
    year, corrections = given.on.year, rulebook.calendar.layers[0]
    if year not in rulebook.calendar.announced_years():
        raise ConditionUnmet(f"{year}年的节假日安排尚未公布，请先导入整年的安排")
    if given.on in corrections.days:
        raise InvalidInput({"/on": f"这一天由配置文件 config/calendar/{year}.toml 规定，请改该文件"})
    return Change(year, {given.on: (given.working, given.name)}, whole=False)


def preview(ctx: Context, change: Change, *, base: Rulebook, progress: Progress = nobody_watches) -> Foreseen:
    """Which open dues this change would move."""
    stored = _stored_layer(ctx.session)
    days = {on: day for on, day in stored.days.items() if not change.replaces(on)}
    layer = Layer(NAME, {**days, **change.days}, stored.years | {change.year})
    rulebook = _with_layer(base, layer, "preview")
    touched = touched_by(rulebook_of(ctx.session, base).calendar.changes(rulebook.calendar))
    return foresee(ctx.under(rulebook), touched, progress=progress)


def apply(ctx: Context, change: Change, *, base: Rulebook, progress: Progress = nobody_watches) -> int:
    """Stores the change, recomputes every open due that feels it, and answers how many moved."""
    deed = AdminDeed.IMPORT_YEAR if change.whole else AdminDeed.CHANGE_DAY
    check_administers(ctx.actor, deed)
    before = rulebook_of(ctx.session, base).calendar
    imported = CalendarImport(year=change.year, imported_at=ctx.now, moved=0)
    ctx.session.add(imported)
    ctx.session.flush()
    _store(ctx.session, change, imported.id)
    rulebook = rulebook_of(ctx.session, base)
    touched = touched_by(before.changes(rulebook.calendar))
    imported.moved = recompute(ctx.under(rulebook), touched, progress=progress)
    stated = [[on.isoformat(), working, name] for on, (working, name) in sorted(change.days.items())]
    year = str(change.year)
    record(ctx, deed, year, f"{year}年", moved=imported.moved, days=stated)
    return imported.moved


def _store(session: Session, change: Change, import_id: int) -> None:
    of_the_year = CalendarDay.on.between(date(change.year, 1, 1), date(change.year, 12, 31))
    gone = or_(CalendarDay.on.in_(change.days), of_the_year & literal(change.whole))
    session.execute(delete(CalendarDay).where(gone))
    rows = [{"on": on, "working": w, "name": name, "import_id": import_id} for on, (w, name) in change.days.items()]
    session.execute(insert(CalendarDay), rows)


def recompute_lately_imported(ctx: Context) -> int:
    """Once more for what was begun by the old calendar while a new one was being imported."""
    latest = ctx.session.scalar(select(func.max(CalendarImport.imported_at)))
    if latest is None or ctx.now - latest > AGAIN_FOR:
        return 0
    begun = (Clock.started_at > latest - BEGUN_SINCE,)
    return recompute(ctx, begun, progress=nobody_watches)
