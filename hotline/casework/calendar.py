"""The calendar as it stands now, and what happens to open dues when a year is announced.

A correction previews how many open dues move; applying it recomputes all of them in one transaction and writes a line on every
ticket whose due moved. What was provisional and turns out to be past goes red at once; the earlier steps are passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from hotline.calendar_layers import layer_from_holiday_cn
from hotline.casework import clocks, timeline
from hotline.records.calendar_days import CalendarDay, CalendarImport
from hotline.records.clocks import Clock, Escalation
from hotline.records.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.ladder import NOTICE, RED, YELLOW
from hotline.rules.refusals import BadFile
from hotline.rules.rulebook import Rulebook
from hotline.rules.working_calendar import Layer, WorkingCalendar

_VERSION = select(func.max(CalendarImport.id))
POSITION = 1  # below the folder of corrections, above the package


def rulebook_of(session: Session, base: Rulebook) -> Rulebook:
    """The rules with the imported years; asked once for each transaction, built again only when an import came."""
    version = session.scalar(_VERSION)
    if version is None:
        return base
    known = _built.get((id(base), version))
    if known is None:
        _built.clear()
        known = _built[id(base), version] = _with_layer(base, _stored_layer(session), str(version))
    return known


_built: dict[tuple[int, int], Rulebook] = {}


def _with_layer(base: Rulebook, layer: Layer, version: str) -> Rulebook:
    return replace(base, calendar=base.calendar.with_layer(layer, POSITION, version))


def _stored_layer(session: Session) -> Layer:
    days = {row.on: (row.working, row.name) for row in session.scalars(select(CalendarDay))}
    return Layer("database", days, frozenset(session.scalars(select(CalendarImport.year).distinct())))


@dataclass(frozen=True, slots=True)
class Moved:
    """An open due that a new calendar moves, or makes exact."""

    clock_id: int
    old: datetime
    new: datetime
    was_provisional: bool
    provisional: bool


def layer_of(document: Mapping[str, Any]) -> tuple[int, Layer]:
    """(the year, its days) of a holiday-cn year file; refuses `BadFile` for anything else and for an empty year."""
    try:
        layer = layer_from_holiday_cn("database", [document])
    except ValueError as error:
        raise BadFile(str(error)) from None
    if not layer.years:
        raise BadFile("这一年的安排还是空的")
    return next(iter(layer.years)), layer


def preview(session: Session, document: Mapping[str, Any], *, base: Rulebook) -> list[Moved]:
    """The open dues that this year file would move."""
    _, layer = layer_of(document)
    stored = _stored_layer(session)
    year_days = {on: day for on, day in stored.days.items() if on not in layer.days}
    merged = Layer("database", {**year_days, **layer.days}, stored.years | layer.years)
    return _moved(session, _with_layer(base, merged, "preview").calendar)


def import_year(session: Session, document: Mapping[str, Any], *, now: datetime, base: Rulebook) -> list[Moved]:
    """Stores the year in place of what was imported for it before, and recomputes every open due."""
    year, layer = layer_of(document)
    record = CalendarImport(year=year, imported_at=now, moved=0)
    session.add(record)
    session.flush()
    same_year = CalendarDay.on.between(date(year, 1, 1), date(year, 12, 31))
    session.execute(delete(CalendarDay).where(same_year | CalendarDay.on.in_(layer.days)))
    rows = [{"on": on, "working": w, "name": name, "import_id": record.id} for on, (w, name) in layer.days.items()]
    session.execute(insert(CalendarDay), rows)
    rulebook = rulebook_of(session, base)
    moved = _moved(session, rulebook.calendar)
    record.moved = len(moved)
    for move in moved:
        _apply(session, move, now=now, rulebook=rulebook)
    _plan_the_rest(session, rulebook)
    return moved


def _new_due(clock: Clock, calendar: WorkingCalendar) -> tuple[datetime, bool]:
    if clock.days is None and clock.limit_text != "当日":
        return clock.due_at, False
    due = calendar.due(clock.started_at, clock.days) if clock.days else calendar.same_day_due(clock.started_at)
    if clock.extra_days:
        due = calendar.due(due.at, clock.extra_days)
    return due.at, due.provisional


def _moved(session: Session, calendar: WorkingCalendar) -> list[Moved]:
    found = []
    for clock in session.scalars(select(Clock).where(Clock.stopped_at.is_(None)).order_by(Clock.id)):
        due_at, provisional = _new_due(clock, calendar)
        if (due_at, provisional) != (clock.due_at, clock.provisional):
            found.append(Moved(clock.id, clock.due_at, due_at, clock.provisional, provisional))
    return found


def _apply(session: Session, move: Moved, *, now: datetime, rulebook: Rulebook) -> None:
    clock = session.get_one(Clock, move.clock_id)
    ticket = session.get_one(Ticket, clock.ticket_id, with_for_update=True)
    if clock.first_due_at == clock.due_at:
        clock.first_due_at = move.new
    clock.due_at, clock.provisional = move.new, move.provisional
    if move.was_provisional and not move.provisional and move.new <= now:
        _pass_over(session, clock, now)
    clocks.plan(clock, rulebook=rulebook)
    session.flush()
    clocks.refresh(session, ticket)
    data: dict[str, Any] = {"clock": str(clock.kind), "calendar": rulebook.calendar.version}
    data |= {"old": move.old.isoformat(), "new": move.new.isoformat()}
    timeline.write(session, ticket, "due_moved", actor=SYSTEM, now=now, **data)


def _pass_over(session: Session, clock: Clock, now: datetime) -> None:
    for step in (NOTICE, YELLOW):
        if clock.step < step < RED:
            row = {"clock_id": clock.id, "ticket_id": clock.ticket_id, "step": step, "round": clock.round}
            session.execute(insert(Escalation), [{**row, "at": clock.due_at, "recorded_at": now, "passed_over": True}])
            clock.step = step


def _plan_the_rest(session: Session, rulebook: Rulebook) -> None:
    """Steps that lay in a year nobody had announced can be planned now."""
    waiting = select(Clock).where(Clock.stopped_at.is_(None), Clock.next_step_at.is_(None), ~Clock.provisional)
    for clock in session.scalars(waiting.where(Clock.step >= RED)):
        clocks.plan(clock, rulebook=rulebook)
