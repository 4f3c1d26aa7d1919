"""What a changed calendar does to the open dues: which would move, and moving them with a line on every ticket.

What was added to a due is added again: the days of extensions and reviews, and those that pauses gave back. Clocks of minutes
are touched by no calendar. A due that moves arms the ladder again; what was provisional and turns out to be past goes red at
once, the earlier steps passed over. Where the due of a signing moves away from a handling that had begun by itself, that
handling has not begun.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, select, update
from sqlalchemy.orm import Session

from hotline.casework.deadlines import due_writes, sign_dues
from hotline.casework.knowledge import article_clocks
from hotline.casework.tickets import clocks
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.calendar_change import Foreseen, Moved
from hotline.rules.deadlines.working_calendar import ZONE, Due, WorkingCalendar, local

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
        due_writes.Writes(ctx, starts).apply(tickets, rows, moves)
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
TICKET_COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.state,
    Ticket.lead_unit_id,
    Ticket.unsigned_late,
    Ticket.timeline_length,
    Ticket.timeline_head,
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
