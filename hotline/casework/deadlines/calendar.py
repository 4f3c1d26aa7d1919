"""The calendar as it stands now, and what happens to open dues when a year is announced or corrected.

A change previews how many open dues move; applying it recomputes all of them in one transaction and writes a line on every
ticket whose due moved.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from hotline.casework.accounts.audit_log import record
from hotline.casework.deadlines.due_moves import Progress, foresee, look_again, nobody_watches, recompute, touched_by
from hotline.casework.deadlines.ended_clocks import settle_ended
from hotline.casework.deadlines.rules_in_force import rulebook_of, stored_layer, with_layer
from hotline.context import Context
from hotline.models.deadlines.calendar_days import CalendarDay, CalendarImport
from hotline.models.deadlines.clocks import Clock
from hotline.rules.accounts.administration import AdminDeed, check_administers
from hotline.rules.deadlines.calendar_change import Change, DayGiven, Foreseen
from hotline.rules.refusals import BadFile, ConditionUnmet, InvalidInput
from hotline.rules.rulebook import Rulebook
from hotline.settings.year_files import FIRST_YEAR as FIRST_YEAR
from hotline.settings.year_files import LAST_YEAR as LAST_YEAR
from hotline.settings.year_files import LONGEST_NAME as LONGEST_NAME
from hotline.settings.year_files import year_document, year_file

AGAIN_FOR, BEGUN_SINCE = timedelta(hours=2), timedelta(days=2)


def read_year_file(content: bytes) -> Change:
    """The year of a holiday-cn file; refuses `BadFile` as `year_change` does, and what is no JSON in UTF-8."""
    try:
        return year_change(year_document(content))
    except ValueError as error:
        raise BadFile(str(error)) from None


def year_change(document: Mapping[str, Any]) -> Change:
    """A whole year from a holiday-cn year file; refuses `BadFile` for one that is not complete and right in every part."""
    try:
        found = year_file(document)
    except ValueError as error:
        raise BadFile(str(error)) from None
    return Change(found.year, found.days, whole=True)


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
    before = rulebook_of(ctx, base)
    after = with_layer(replace(before, calendar=base.calendar), stored_layer(ctx.session, change), "preview")
    return foresee(ctx.under(after), touched_by(before.calendar.changes(after.calendar)), progress=progress)


def apply(ctx: Context, change: Change, *, base: Rulebook, progress: Progress = nobody_watches) -> int:
    """Stores the change, recomputes every open due that feels it, and answers how many moved."""
    deed = AdminDeed.IMPORT_YEAR if change.whole else AdminDeed.CHANGE_DAY
    check_administers(ctx.actor, deed)
    before = rulebook_of(ctx, base)
    imported = CalendarImport(year=change.year, whole=change.whole, imported_at=ctx.now, moved=0)
    ctx.session.add(imported)
    ctx.session.flush()
    _store(ctx.session, change, imported.id)
    # Not remembered before it is committed: what is undone may leave its number to another import.
    after = with_layer(replace(before, calendar=base.calendar), stored_layer(ctx.session), str(imported.id))
    touched = touched_by(before.calendar.changes(after.calendar))
    imported.moved = recompute(ctx.under(after), touched, progress=progress)
    settle_ended(ctx.under(after))
    look_again(ctx, before.calendar, after.calendar)
    stated = [[on.isoformat(), working, name] for on, (working, name) in sorted(change.days.items())]
    year = str(change.year)
    record(ctx, deed, year, f"{year}年", moved=imported.moved, days=stated)
    return imported.moved


def _store(session: Session, change: Change, import_id: int) -> None:
    of_the_year = CalendarDay.import_id.in_(select(CalendarImport.id).where(CalendarImport.year == change.year))
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
