"""What a changed calendar does to the open dues: which would move, and moving them with a line on every ticket.

What was provisional and turns out to be past goes red at once; the earlier steps are passed over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, select
from sqlalchemy.orm import Session

from hotline.casework.knowledge import article_clocks
from hotline.casework.tickets import clocks, timeline
from hotline.context import Context
from hotline.models.database.bulk import insert_rows, update_rows
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.calendar_change import Foreseen, Moved
from hotline.rules.deadlines.ladder import NOTICE, RED, YELLOW
from hotline.rules.deadlines.lateness import has_come
from hotline.rules.deadlines.time_limits import Limit, calendar_limit
from hotline.rules.deadlines.working_calendar import ZONE, WorkingCalendar, local
from hotline.rules.vocabulary import Audience

BATCH, LISTED = 10_000, 20
Progress = Callable[[int], None]
Touched = tuple[ColumnElement[bool], ...]
"""Conditions of the clocks that may feel a change: begun before its last day, due on its first or later."""


def nobody_watches(done: int) -> None:
    """No progress is shown."""


def open_clocks(session: Session) -> int:
    """How many clocks run, for whoever shows progress."""
    return session.scalar(select(func.count()).select_from(Clock).where(Clock.stopped_at.is_(None))) or 0


def touched_by(days: tuple[date, date] | None) -> Touched:
    """The clocks that may feel a change of these days (the first and the last of them); None: no day changes."""
    if days is None:
        return (false(),)
    first, last = (datetime.combine(on, time(), ZONE) for on in days)
    return Clock.due_at >= first, Clock.started_at < last + timedelta(days=1)


def foresee(ctx: Context, touched: Touched, *, progress: Progress) -> Foreseen:
    """What these rules would move; nothing is written."""
    found = [
        Moved(title, clock.kind, clock.due_at, due.at, clock.provisional, due.provisional)
        for clock, title, due in article_clocks.would_move(ctx, touched)
    ]
    count, first = len(found), _nearest(found)
    for tickets, rows in _open_clocks(ctx.session, touched, progress, lock=False):
        numbers = {ticket.id: ticket.number for ticket in tickets}
        moves = _moves(rows, ctx.rules.calendar)
        found = [
            Moved(numbers[row.ticket_id], row.kind, row.due_at, moves[row.id][0], row.provisional, moves[row.id][1])
            for row in rows
            if row.id in moves
        ]
        count, first = count + len(moves), _nearest([*first, *found])
    return Foreseen(count, tuple(first))


def _nearest(found: list[Moved]) -> list[Moved]:
    return sorted(found, key=lambda moved: moved.old)[:LISTED]


def recompute(ctx: Context, touched: Touched, *, progress: Progress) -> int:
    """Moves them, and answers how many."""
    moved = article_clocks.recount(ctx, touched)
    for tickets, rows in _open_clocks(ctx.session, touched, progress, lock=True):
        moves = _moves(rows, ctx.rules.calendar)
        _Move(ctx).apply(tickets, rows, moves)
        moved += len(moves)
    return moved


CLOCK_COLUMNS = (
    Clock.id,
    Clock.ticket_id,
    Clock.kind,
    Clock.round,
    Clock.started_at,
    Clock.days,
    Clock.limit_text,
    Clock.due_at,
    Clock.first_due_at,
    Clock.extra_days,
    Clock.provisional,
    Clock.paused_at,
    Clock.stopped_at,
    Clock.step,
    Clock.next_step_at.is_(None).label("unplanned"),
)
DUE_WRITES = ("due_at", "first_due_at", "provisional")
PLAN_WRITES = ("step", "next_step_at")
TICKET_COLUMNS = (Ticket.id, Ticket.number, Ticket.timeline_length, Ticket.timeline_head)
TICKET_WRITES = ("timeline_length", "timeline_head", "due_at", "due_kind", "due_provisional", "step")


def _open_clocks(
    session: Session, touched: Touched, progress: Progress, *, lock: bool
) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    """Batches of (tickets with a touched clock, all their running clocks), in the order of the tickets, locked first."""
    after, done = 0, 0
    running = Clock.stopped_at.is_(None)
    while True:
        has = exists().where(Clock.ticket_id == Ticket.id, running, *touched)
        query = select(*TICKET_COLUMNS).where(Ticket.id > after, has).order_by(Ticket.id).limit(BATCH)
        tickets = session.execute(query.with_for_update(of=Ticket) if lock else query).all()
        if not tickets:
            return
        here = Clock.ticket_id.between(tickets[0].id, tickets[-1].id)
        of_these = Clock.ticket_id.in_(select(Clock.ticket_id).where(running, here, *touched))
        rows = session.execute(
            select(*CLOCK_COLUMNS).where(running, here, of_these).order_by(Clock.due_at, Clock.id)
        ).all()
        after, done = tickets[-1].id, done + len(rows)
        yield tickets, rows
        progress(done)


def _moves(rows: Sequence[Any], calendar: WorkingCalendar) -> dict[int, tuple[datetime, bool]]:
    """clock -> (new due, whether it is provisional) of those that a calendar moves, or makes exact."""
    due_by_key: dict[Any, tuple[datetime, bool]] = {}
    moves = {}
    for row in rows:
        limit = calendar_limit(row.days, row.limit_text)
        if limit is None:
            continue
        start = local(row.started_at)
        key = (start.date(), row.days, row.extra_days) if row.days else start
        due = due_by_key.get(key)
        if due is None:
            due = due_by_key[key] = _new_due(limit, row.extra_days, start, calendar)
        if due != (row.due_at, row.provisional):
            moves[row.id] = due
    return moves


def _new_due(limit: Limit, extra_days: int, start: datetime, calendar: WorkingCalendar) -> tuple[datetime, bool]:
    due = limit.due(start, calendar)
    if extra_days:
        due = calendar.due(due.at, extra_days)
    return due.at, due.provisional


class _Move:
    """What follows from moved dues, written with a handful of statements for each batch."""

    def __init__(self, ctx: Context) -> None:
        self.ctx, self.keys = ctx, keys_of(ctx.session)
        self.lines: list[dict[str, Any]] = []
        self.passed: list[dict[str, Any]] = []
        self.planned: list[Any] = []

    def apply(self, tickets: Sequence[Any], rows: Sequence[Any], moves: Mapping[int, tuple[datetime, bool]]) -> None:
        felt = {row.ticket_id for row in rows if row.id in moves or self._waits_for_its_year(row)}
        changed = {ticket.id: SimpleNamespace(**ticket._mapping) for ticket in tickets if ticket.id in felt}
        running = [SimpleNamespace(**row._mapping) for row in rows if row.ticket_id in changed]
        moved = [clock for clock in running if clock.id in moves]
        for clock in moved:
            self._move(changed[clock.ticket_id], clock, *moves[clock.id])
        self.planned += [clock for clock in running if self._waits_for_its_year(clock)]
        for clock in self.planned:
            clocks.plan(clock, rulebook=self.ctx.rules)
        clocks.show_nearest(changed, running)
        update_rows(self.ctx.session, Clock.__table__, DUE_WRITES, moved)  # type: ignore[arg-type]
        update_rows(self.ctx.session, Clock.__table__, PLAN_WRITES, self.planned)  # type: ignore[arg-type]
        update_rows(self.ctx.session, Ticket.__table__, TICKET_WRITES, list(changed.values()))  # type: ignore[arg-type]
        insert_rows(self.ctx.session, TimelineEntry.__table__, self.lines)  # type: ignore[arg-type]
        insert_rows(self.ctx.session, Escalation.__table__, self.passed)  # type: ignore[arg-type]

    def _move(self, ticket: Any, clock: Any, due_at: datetime, provisional: bool) -> None:
        old, was_provisional = clock.due_at, clock.provisional
        if clock.first_due_at == old:
            clock.first_due_at = due_at
        clock.due_at, clock.provisional = due_at, provisional
        if was_provisional and not provisional and has_come(due_at, self.ctx.now):
            self._pass_over(clock)
        # A due that moved later is looked at when its next step was planned: the ladder is asked again then.
        if due_at < old or was_provisional or provisional:
            self.planned.append(clock)
        data = {"clock": str(clock.kind), "calendar": self.ctx.rules.calendar.version}
        data |= {"old": old.isoformat(), "new": due_at.isoformat()}
        now, unit = self.ctx.now, Audience.UNIT
        line = timeline.next_line(self.ctx.by(SYSTEM), self.keys, ticket, "due_moved", at=now, audience=unit, data=data)
        self.lines.append(line)

    def _pass_over(self, clock: Any) -> None:
        for step in (NOTICE, YELLOW):
            if clock.step < step:
                row = {"clock_id": clock.id, "ticket_id": clock.ticket_id, "step": step, "round": clock.round}
                self.passed.append({**row, "at": clock.due_at, "recorded_at": self.ctx.now, "passed_over": True})
                clock.step = step

    def _waits_for_its_year(self, row: Any) -> bool:
        """Steps that lay in a year nobody had announced can be planned now."""
        return row.unplanned and not row.provisional and row.step >= RED and row.paused_at is None
