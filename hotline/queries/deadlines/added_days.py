"""The days added to a due after its clock began, one by one: extensions, pauses, the time that a review took."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.deadlines.lateness import due_is_late
from hotline.rules.deadlines.pauses import standstill
from hotline.rules.deadlines.time_limits import calendar_limit, counts_minutes
from hotline.rules.deadlines.working_calendar import ONE_DAY, WorkingCalendar, local
from hotline.rules.reason_codes import SuspensionReason
from hotline.rules.vocabulary import ClockKind

ENDS = {"suspended": "resumed", "info_asked": "info_supplied"}
PAUSED_BY = {ClockKind.HANDLE: "suspended", ClockKind.ASSIST: "suspended", ClockKind.ACCEPT: "info_asked"}
ENTRIES = {
    ClockKind.HANDLE: ("extended", "result_refused", "suspended", "resumed"),
    ClockKind.ASSIST: ("extended", "difficulty_approved", "suspended", "resumed"),
    ClockKind.ACCEPT: ("info_asked", "info_supplied"),
}
"""The lines of a ticket that may add time to a clock of this kind."""


@dataclass(frozen=True, slots=True)
class Added:
    """Whole days, or on a clock of minutes a `span`, and why; `at` is when they were added."""

    at: datetime
    why: str
    days: int = 0
    span: timedelta = timedelta()
    on_the_wall: bool = False

    def text(self) -> str:
        """`延期（2026-03-05 批准），加3个工作日`."""
        return f"{self.why}，{self._amount()}"

    def _amount(self) -> str:
        hours, rest = divmod(self.span + self.days * ONE_DAY * self.on_the_wall, timedelta(hours=1))
        if self.on_the_wall:
            return f"加{hours}小时{rest // timedelta(minutes=1)}分钟"
        return f"加{self.days}个工作日" if self.days else "未满一个工作日，并入下一次暂停"


def added_to(ctx: Context, clock: Clock) -> list[Added]:
    """Return what was added to this clock, in order; together it is what the clock holds as added."""
    lines = _lines(ctx, clock)
    found = list(_Walk(clock, ctx.rules.calendar).over(lines))
    if counts_minutes(clock.days, clock.limit_text):
        return found
    return sorted([*_no_more(found, clock.extra_days), *_rest(found, clock, lines)], key=lambda added: added.at)


def _lines(ctx: Context, clock: Clock) -> list[Any]:
    entries, at = ENTRIES.get(clock.kind, ()), TimelineEntry.at
    if not entries or clock.ticket_id is None:
        return []
    query = select(TimelineEntry.entry, at, TimelineEntry.data).where(TimelineEntry.ticket_id == clock.ticket_id)
    query = query.where(TimelineEntry.entry.in_(entries), at >= clock.started_at)
    if clock.stopped_at is not None:
        query = query.where(at <= clock.stopped_at)
    return list(ctx.session.execute(query.order_by(TimelineEntry.sequence)))


class _Walk:
    """The clock goes its way again: its due, and the working time of pauses that waits for the next one."""

    def __init__(self, clock: Clock, calendar: WorkingCalendar) -> None:
        self.calendar, self.waiting = calendar, timedelta()
        self.paused: Any = None
        self.wall = counts_minutes(clock.days, clock.limit_text)
        self.pauses = PAUSED_BY.get(clock.kind)
        limit = calendar_limit(clock.days, clock.limit_text)
        seconds = timedelta(seconds=clock.paused_seconds) + clock.extra_days * ONE_DAY
        self.due_at = limit.due(clock.started_at, calendar).at if limit else clock.due_at - seconds

    def over(self, lines: list[Any]) -> Iterator[Added]:
        for line in lines:
            added = self._of(line)
            if added is not None:
                self._move(added)
                yield added

    def _of(self, line: Any) -> Added | None:
        day = f"{local(line.at):%Y-%m-%d}"
        if line.entry == "extended":
            return Added(line.at, f"延期（{day}批准）", line.data["days"], on_the_wall=self.wall)
        if line.entry == "result_refused" and line.data["given_back"]:
            return Added(line.at, f"退还审核占用的时间（{day}）", line.data["given_back"], on_the_wall=self.wall)
        if line.entry == self.pauses:
            self.paused = self.paused or line
        elif self.paused is not None and line.entry == ENDS[self.paused.entry]:
            begun, self.paused = self.paused, None
            return self._pause(begun, line.at)
        return None

    def _pause(self, begun: Any, end: datetime) -> Added | None:
        if due_is_late(self.due_at, begun.at, provisional=False):
            return None
        why = SuspensionReason(begun.data["ground"]).label if "ground" in begun.data else "等待补正"
        why = f"暂停（{why}，{local(begun.at):%Y-%m-%d %H:%M}至{local(end):%Y-%m-%d %H:%M}）"
        if self.wall:
            return Added(end, why, span=end - begun.at, on_the_wall=True)
        stood = standstill(begun.at, end, self.waiting, self.calendar)
        self.waiting = stood.rest
        return Added(end, why, stood.days)

    def _move(self, added: Added) -> None:
        if self.wall:
            self.due_at += added.span + added.days * ONE_DAY
        elif added.days:
            self.due_at = self.calendar.due(self.due_at, added.days).at


def _no_more(found: list[Added], total: int) -> Iterator[Added]:
    """Drop what the clock does not hold: a review gives nothing back after the due."""
    left = total
    for added in found:
        days = min(added.days, left)
        left -= days
        if days or not added.days:
            yield replace(added, days=days)


def _rest(found: list[Added], clock: Clock, lines: list[Any]) -> Iterator[Added]:
    """Return the added days that no timeline entry explains."""
    rest = clock.extra_days - sum(added.days for added in found)
    if rest > 0:
        difficult = next((line.at for line in lines if line.entry == "difficulty_approved"), None)
        why = "牵头单位的事项认定为疑难" if difficult else "其他（见办理记录）"
        yield Added(difficult or clock.started_at, why, rest)
