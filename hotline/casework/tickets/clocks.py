"""Clocks: started, met, stopped and moved here and nowhere else; a ticket's `due_at` is written here alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import lapsed_orders, timeline
from hotline.casework.tickets.ladder_plan import plan, rearm_clock
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.ladder import ORDER, Timing
from hotline.rules.deadlines.lateness import due_is_late, ends_late
from hotline.rules.deadlines.pauses import standstill
from hotline.rules.deadlines.time_limits import Limit, calendar_limit, counts_minutes
from hotline.rules.deadlines.working_calendar import Due, WorkingCalendar
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import UNIT_CLOCKS, Audience, ClockKind

MAIN = frozenset(
    {
        ClockKind.ACCEPT,
        ClockKind.DISPATCH,
        ClockKind.SIGN,
        ClockKind.HANDLE,
        ClockKind.REVIEW,
        ClockKind.CALL_BACK,
        ClockKind.SUPPLY,
    }
)
OF_THE_DESK = frozenset({ClockKind.SIGN, ClockKind.HANDLE})
SUBJECTS = ("order_id", "request_id", "rectification_id", "assist_id", "tracked_item_id")


def new_row(
    ticket: Any,
    kind: ClockKind,
    started_at: datetime,
    *,
    rulebook: Rulebook,
    climbs: bool = True,
    unit: tuple[int, str] | None = None,
    limit: Limit | None = None,
    **subject: int,
) -> dict[str, Any]:
    """The columns of a clock that starts now. A provisional due climbs no ladder until its year is announced.

    `unit` (id, path) is whose clock it is where that is not the lead unit; `limit` one that no rule knows by the kind.
    """
    limit = limit or rulebook.limits.limit(kind, ticket)
    due = limit.due(started_at, rulebook.calendar)
    unit_id, unit_path = (unit or (ticket.lead_unit_id, ticket.desk_path)) if kind in UNIT_CLOCKS else (None, None)
    return {
        **timed(Deadline(kind, started_at, due, limit.days, limit.text()), rulebook=rulebook, climbs=climbs),
        "ticket_id": ticket.id,
        "round": ticket.round,
        "unit_id": unit_id,
        "unit_path": unit_path,
        **{name: subject.get(name) for name in SUBJECTS},
    }


@dataclass(frozen=True, slots=True)
class Deadline:
    """From when to when, and by which limit: its working days (None: same day or minutes) and its words."""

    kind: ClockKind
    started_at: datetime
    due: Due
    days: int | None
    text: str


def timed(deadline: Deadline, *, rulebook: Rulebook, climbs: bool = True) -> dict[str, Any]:
    """The columns of a clock that say when, whoever it belongs to."""
    due, days = deadline.due, deadline.days
    short, on_the_wall = days is None or days <= 1, counts_minutes(days, deadline.text)
    timing = Timing(deadline.kind, deadline.started_at, due.at, short, on_the_wall=on_the_wall)
    next_step_at = rulebook.ladder.first_instant(timing, rulebook.calendar) if climbs and not due.provisional else None
    return {
        "kind": deadline.kind,
        "started_at": deadline.started_at,
        "days": days,
        "limit_text": deadline.text,
        "due_at": due.at,
        "first_due_at": due.at,
        "provisional": due.provisional,
        "step": -1,
        "next_step_at": next_step_at,
        "extra_days": 0,
        "paused_seconds": 0.0,
        "rules_version": rulebook.version,
    }


def start(ctx: Context, ticket: Ticket, kind: ClockKind, started_at: datetime, **more: Any) -> Clock:
    """Starts a clock; `more` as for `new_row`: its unit, its limit, the order, request, case or task that it belongs to."""
    clock = Clock(**new_row(ticket, kind, started_at, rulebook=ctx.rules, **more))
    ctx.session.add(clock)
    if kind in MAIN and (ticket.due_at is None or clock.due_at < ticket.due_at):
        _show(ticket, clock)
    return clock


def running(session: Session, ticket: Ticket, *kinds: ClockKind) -> list[Clock]:
    """The running clocks of these kinds (all, when none is named), paused ones too, the nearest due first."""
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None))
    if kinds:
        query = query.where(Clock.kind.in_(kinds))
    return list(session.scalars(query.order_by(Clock.due_at, Clock.id)))


def stop(ctx: Context, ticket: Ticket, *kinds: ClockKind, **subject: Any) -> None:
    """Ends clocks by being met: late when that came after the due, and that stays so for good."""
    left = running(ctx.session, ticket)
    for clock in [clock for clock in left if clock.kind in kinds and _is_of(clock, subject)]:
        clock.late, clock.next_step_at = ends_late(clock, ctx.now), None
        clock.stopped_at = clock.met_at = ctx.now
        left.remove(clock)
    _show(ticket, _nearest(left))


def end(
    ctx: Context,
    ticket: Ticket,
    *kinds: ClockKind,
    **subject: Any,
) -> None:
    """Ends clocks without their being met (all, when none is named): late when the due had passed, and never on time."""
    for clock in [clock for clock in running(ctx.session, ticket, *kinds) if _is_of(clock, subject)]:
        clock.late = ends_late(clock, ctx.now)
        clock.stopped_at, clock.next_step_at = ctx.now, None
    ctx.session.flush()
    refresh(ctx.session, ticket)


def pause(ctx: Context, ticket: Ticket, *kinds: ClockKind) -> None:
    """The clocks stand still: no step fires until they are resumed."""
    for clock in running(ctx.session, ticket, *kinds):
        clock.paused_at, clock.next_step_at = ctx.now, None
    ctx.session.flush()
    refresh(ctx.session, ticket)


def resume(ctx: Context, ticket: Ticket, *kinds: ClockKind) -> None:
    """The paused clocks go on: a due that had not passed moves by what the pause gives back, one that had stays."""
    for clock in running(ctx.session, ticket, *kinds):
        if clock.paused_at is not None:
            old, begin, clock.paused_at = clock.due_at, clock.paused_at, None
            if not due_is_late(clock.due_at, begin, provisional=clock.provisional):
                _give_back(clock, begin, ctx)
            _moved(ctx, ticket, clock, old)
    ctx.session.flush()
    refresh(ctx.session, ticket)


def _give_back(clock: Clock, begin: datetime, ctx: Context) -> None:
    """On a clock of minutes the pause itself; on any other each full day of working time, and the rest waits."""
    if counts_minutes(clock.days, clock.limit_text):
        clock.paused_seconds += (ctx.now - begin).total_seconds()
        clock.due_at += ctx.now - begin
        return
    stood = standstill(begin, ctx.now, timedelta(seconds=clock.paused_seconds), ctx.rules.calendar)
    clock.paused_seconds = stood.rest.total_seconds()
    move_due(clock, stood.days, rulebook=ctx.rules)


def _moved(ctx: Context, ticket: Ticket, clock: Clock, old: datetime) -> None:
    """Arm the ladder again if the due has moved; a draft order that lost its cause lapses."""
    if clock.due_at == old:
        plan(clock, rulebook=ctx.rules)
        return
    climbed = clock.step
    rearm_clock(ctx, clock)
    if max(climbed, clock.step) >= ORDER:
        _follow_with_drafts(ctx, ticket, clock)


def _follow_with_drafts(ctx: Context, ticket: Ticket, moved: Clock) -> None:
    def add_line(ticket: Ticket, entry: str, data: dict[str, Any]) -> None:
        timeline.write(ctx.by(SYSTEM), ticket, entry, audience=Audience.CENTRE, **data)

    lapsed_orders.follow(ctx, {ticket.id: ticket}, [moved], running(ctx.session, ticket), add_line)


def restart(ctx: Context, ticket: Ticket, clock: Clock) -> None:
    """An ended clock goes on with the due it had, at the desk where the ticket lies now; a calendar changed since moves it."""
    if clock.kind in OF_THE_DESK:
        clock.unit_id, clock.unit_path = ticket.lead_unit_id, ticket.desk_path
    clock.stopped_at = clock.met_at = None
    clock.late = clock.late or None
    old, due = clock.due_at, due_by_calendar(clock, ctx.rules.calendar)
    if due is not None and not clock.late and (due.at, due.provisional) != (old, clock.provisional):
        set_due(clock, due)
        timeline.write(ctx.by(SYSTEM), ticket, "due_moved", **moved_data(clock, old, ctx.rules))
    _moved(ctx, ticket, clock, old)
    ctx.session.flush()
    refresh(ctx.session, ticket)


def latest(session: Session, ticket: Ticket, kind: ClockKind) -> Clock | None:
    """The youngest clock of this kind."""
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == kind)
    return session.scalars(query.order_by(Clock.id.desc()).limit(1)).first()


def _nearest(clocks: Iterable[Any]) -> Any:
    return next((clock for clock in clocks if clock.kind in MAIN and clock.paused_at is None), None)


def _is_of(clock: Clock, subject: dict[str, Any]) -> bool:
    return all(getattr(clock, name) == value for name, value in subject.items())


def move_due(clock: Any, days: int, *, rulebook: Rulebook) -> None:
    """Moves the due later by whole working days, on a clock of minutes by as many times 24 hours; the first due stays visible."""
    if days:
        due = _later(clock, Due(clock.due_at, clock.provisional), days, rulebook.calendar)
        clock.due_at, clock.provisional = due.at, due.provisional
        clock.extra_days += days


def _later(clock: Any, due: Due, days: int, calendar: WorkingCalendar) -> Due:
    if counts_minutes(clock.days, clock.limit_text):
        return Due(due.at + timedelta(days=days), due.provisional)
    later = calendar.due(due.at, days)
    return Due(later.at, due.provisional or later.provisional)


def due_by_calendar(clock: Any, calendar: WorkingCalendar) -> Due | None:
    """The due of a clock, with all that was added to it, as the calendar counts now; None for one of minutes on the wall."""
    limit = calendar_limit(clock.days, clock.limit_text)
    if limit is None:
        return None
    due = limit.due(clock.started_at, calendar)
    return _later(clock, due, clock.extra_days, calendar) if clock.extra_days else due


def set_due(clock: Any, due: Due) -> None:
    """Moves a due because the calendar has changed; a first due that nothing was added to moves with it."""
    if clock.first_due_at == clock.due_at:
        clock.first_due_at = due.at
    clock.due_at, clock.provisional = due.at, due.provisional


def moved_data(clock: Any, old: datetime, rulebook: Rulebook) -> dict[str, Any]:
    """Return the data of the timeline entry for a due that the calendar has moved."""
    dues = {"old": old.isoformat(), "new": clock.due_at.isoformat()}
    return {"clock": str(clock.kind), "calendar": rulebook.calendar.version, **dues}


def extend(ctx: Context, ticket: Ticket, clock: Clock, days: int) -> None:
    """Moves the due of a running clock later: the steps that lie ahead by it fire again."""
    old = clock.due_at
    move_due(clock, days, rulebook=ctx.rules)
    _moved(ctx, ticket, clock, old)
    ctx.session.flush()
    refresh(ctx.session, ticket)


def set_limit(ctx: Context, ticket: Ticket, clock: Clock, limit: Limit) -> None:
    """Another limit from the same start; what was added to the old one is added to the new one."""
    old, due = clock.due_at, limit.due(clock.started_at, ctx.rules.calendar)
    clock.days, clock.limit_text = limit.days, limit.text()
    clock.due_at, clock.provisional = due.at, due.provisional
    if limit.minutes is not None:
        clock.due_at += timedelta(seconds=clock.paused_seconds)
    added, clock.extra_days = clock.extra_days, 0
    move_due(clock, added, rulebook=ctx.rules)
    _moved(ctx, ticket, clock, old)
    ctx.session.flush()
    refresh(ctx.session, ticket)


def refresh(session: Session, ticket: Ticket) -> None:
    """Writes the nearest running due of the ticket's own clocks on the ticket: what lists are sorted and filtered by."""
    _show(ticket, _nearest(running(session, ticket, *MAIN)))


def show_nearest(tickets: Mapping[int, Any], rows: Iterable[Any]) -> None:
    """The same for many tickets at once, from all their running clocks in the order of the dues."""
    running: dict[int, list[Any]] = {id: [] for id in tickets}
    for row in sorted(rows, key=lambda row: (row.due_at, row.id)):
        if row.ticket_id in running:
            running[row.ticket_id].append(row)
    for id, ticket in tickets.items():
        _show(ticket, _nearest(running[id]))


def _show(ticket: Any, nearest: Any) -> None:
    ticket.due_at = nearest.due_at if nearest else None
    ticket.due_kind = nearest.kind if nearest else None
    ticket.due_provisional = bool(nearest and nearest.provisional)
    ticket.step = nearest.step if nearest else -1
