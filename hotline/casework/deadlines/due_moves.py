"""What a changed calendar does to the open dues: which would move, and moving them with a line on every ticket.

What was added to a due is added again: the days of extensions and reviews, and those that pauses gave back. Clocks of minutes
are touched by no calendar. A due that moves arms the ladder again; what was provisional and turns out to be past goes red at
once, the earlier steps passed over. Where the due of a signing moves away from a handling that had begun by itself, that
handling has not begun.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, select, update
from sqlalchemy.orm import Session

from hotline.casework.deadlines import sign_dues
from hotline.casework.knowledge import article_clocks
from hotline.casework.tickets import clocks, lapsed_orders, timeline
from hotline.casework.tickets.ladder_plan import pass_over, plan, rearm, recorded_steps
from hotline.context import Context
from hotline.models.database.bulk import insert_rows, update_rows
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.calendar_change import Foreseen, Moved
from hotline.rules.deadlines.ladder import ORDER, RED
from hotline.rules.deadlines.lateness import has_come
from hotline.rules.deadlines.working_calendar import ZONE, Due, WorkingCalendar, local
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
        sign_dues.new_starts(ctx, tickets, rows, moves)
        found = [
            Moved(numbers[row.ticket_id], row.kind, row.due_at, due.at, row.provisional, due.provisional)
            for row in rows
            if (due := moves.get(row.id)) is not None
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
        starts = sign_dues.new_starts(ctx, tickets, rows, moves)
        _Move(ctx, starts).apply(tickets, rows, moves)
        moved += len(moves)
    return moved


def look_again(ctx: Context, before: WorkingCalendar, after: WorkingCalendar) -> None:
    """Let the ladder ask again when its steps come, where a day on which people work now may bring them nearer.

    The due may be the same: half of the working time comes earlier, and so does an order after the due. Days that rest now bring
    no step nearer, and the ladder asks again in any case before it climbs.
    """
    days = before.changes(after)
    if days is None:
        return
    first, last = days
    changed = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if any(after.look(on).working and not before.look(on).working for on in changed):
        begun = Clock.started_at < datetime.combine(last + timedelta(days=1), time(), ZONE)
        waits = (Clock.next_step_at > ctx.now, Clock.next_step_at >= datetime.combine(first, time(), ZONE), begun)
        ctx.session.execute(update(Clock).where(*waits).values(next_step_at=ctx.now))


CLOCK_COLUMNS = (
    Clock.id,
    Clock.ticket_id,
    Clock.task_id,
    Clock.kind,
    Clock.round,
    Clock.unit_id,
    Clock.started_at,
    Clock.days,
    Clock.limit_text,
    Clock.rules_version,
    Clock.due_at,
    Clock.first_due_at,
    Clock.extra_days,
    Clock.provisional,
    Clock.paused_at,
    Clock.stopped_at,
    Clock.late,
    Clock.step,
    Clock.next_step_at.is_(None).label("unplanned"),
)
DUE_WRITES = ("started_at", "due_at", "first_due_at", "provisional")
PLAN_WRITES = ("step", "next_step_at", "stopped_at", "late")
TICKET_COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.state,
    Ticket.lead_unit_id,
    Ticket.unsigned_late,
    Ticket.timeline_length,
    Ticket.timeline_head,
)
TICKET_WRITES = (
    "timeline_length",
    "timeline_head",
    "due_at",
    "due_kind",
    "due_provisional",
    "step",
    "unsigned_late",
)


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


def _moves(rows: Sequence[Any], calendar: WorkingCalendar) -> dict[int, Due]:
    """clock -> the new due of those that a calendar moves, or makes exact."""
    due_by_key: dict[Any, Due | None] = {}
    moves = {}
    for row in rows:
        start = local(row.started_at)
        key = (start.date() if row.days else start, row.days, row.limit_text, row.extra_days)
        if key not in due_by_key:
            due_by_key[key] = clocks.due_by_calendar(row, calendar)
        due = due_by_key[key]
        if due is not None and (due.at, due.provisional) != (row.due_at, row.provisional):
            moves[row.id] = due
    return moves


class _Move:
    """What follows from moved dues, written with a handful of statements for each batch."""

    def __init__(self, ctx: Context, starts: Mapping[int, datetime]) -> None:
        self.ctx, self.keys, self.starts = ctx, keys_of(ctx.session), starts
        self.lines: list[dict[str, Any]] = []
        self.turned_exact: list[Any] = []
        self.ended: list[Any] = []

    def apply(self, tickets: Sequence[Any], rows: Sequence[Any], moves: Mapping[int, Due]) -> None:
        felt = {row.ticket_id for row in rows if row.id in moves or self._waits_for_its_year(row)}
        changed = {ticket.id: SimpleNamespace(**ticket._mapping) for ticket in tickets if ticket.id in felt}
        running = [SimpleNamespace(**row._mapping) for row in rows if row.ticket_id in changed]
        moved = [clock for clock in running if clock.id in moves]
        ordered = {clock.id: clock for clock in moved if clock.step >= ORDER}
        begun = [clock for clock in running if clock.id in self.starts and clock.id not in moves]
        for clock in running:
            clock.started_at = self.starts.get(clock.id, clock.started_at)
        for clock in moved:
            self._move(changed[clock.ticket_id], clock, moves[clock.id])
        update_rows(self.ctx.session, Clock.__table__, DUE_WRITES, moved + begun)  # type: ignore[arg-type]
        passed = self._arm(changed, moved, running)
        sign_dues.follow(self.ctx, changed, moved)
        ordered |= {clock.id: clock for clock in (*moved, *self.ended) if clock.step >= ORDER}
        lapsed_orders.follow(self.ctx, changed, list(ordered.values()), running, self._add_line)
        clocks.show_nearest(changed, [clock for clock in running if clock.stopped_at is None])
        update_rows(self.ctx.session, Ticket.__table__, TICKET_WRITES, list(changed.values()))  # type: ignore[arg-type]
        insert_rows(self.ctx.session, TimelineEntry.__table__, self.lines)  # type: ignore[arg-type]
        insert_rows(self.ctx.session, Escalation.__table__, passed)  # type: ignore[arg-type]

    def _move(self, ticket: Any, clock: Any, due: Due) -> None:
        old, clock.old_due_at = clock.due_at, clock.due_at
        if clock.provisional and not due.provisional:
            self.turned_exact.append(clock)
        # What has climbed nothing and moves later is looked at when its first step was planned: the ladder is asked again then.
        clock.replan = due.at < old or clock.provisional or due.provisional or clock.step >= 0
        clocks.set_due(clock, due)
        self._add_line(ticket, "due_moved", clocks.moved_data(clock, old, self.ctx.rules), Audience.UNIT)

    def _arm(self, tickets: Mapping[int, Any], moved: Sequence[Any], running: Sequence[Any]) -> list[dict[str, Any]]:
        """Put the moved clocks on their steps and plan the next ones; answers the rows of what is passed over."""
        falls_away = {
            clock.ticket_id for clock in running if not has_come(self.starts.get(clock.id, self.ctx.now), self.ctx.now)
        }
        passed = rearm(self.ctx, moved, self._recorded(moved))
        for clock in self.turned_exact:
            if has_come(clock.due_at, self.ctx.now):
                passed += pass_over(self.ctx, clock)
        for ticket_id in sorted(falls_away):
            self._end_handling(tickets[ticket_id], running)
        planned = [clock for clock in moved if clock.replan or clock.step >= 0]
        planned += [clock for clock in running if self._waits_for_its_year(clock) or clock.id in self.starts]
        for clock in planned:
            plan(clock, rulebook=self.ctx.rules)
        written = {clock.id: clock for clock in (*planned, *self.ended)}
        update_rows(self.ctx.session, Clock.__table__, PLAN_WRITES, list(written.values()))  # type: ignore[arg-type]
        return passed

    def _recorded(self, moved: Sequence[Any]) -> dict[int, int]:
        if not moved:
            return {}
        ids = [clock.ticket_id for clock in moved]
        here = Escalation.ticket_id.between(min(ids), max(ids))
        return recorded_steps(self.ctx.session, here, Clock.stopped_at.is_(None))

    def _end_handling(self, ticket: Any, running: Sequence[Any]) -> None:
        ticket.unsigned_late = False
        for clock in running:
            if clock.ticket_id == ticket.id and clock.id in self.starts:
                clock.stopped_at, clock.late, clock.next_step_at = self.ctx.now, False, None
                self.ended.append(clock)
        self._add_line(ticket, "handle_start_withdrawn", {}, Audience.UNIT)

    def _add_line(self, ticket: Any, entry: str, data: dict[str, Any], audience: Audience = Audience.CENTRE) -> None:
        ctx, at = self.ctx.by(SYSTEM), self.ctx.now
        self.lines.append(timeline.next_line(ctx, self.keys, ticket, entry, at=at, audience=audience, data=data))

    def _waits_for_its_year(self, row: Any) -> bool:
        """Steps that lay in a year nobody had announced can be planned now."""
        return row.unplanned and not row.provisional and row.step >= RED and row.paused_at is None
