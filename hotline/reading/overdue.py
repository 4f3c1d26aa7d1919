"""What is late now: by clock, with the time since the breach. Read from the running clocks, never from a stale mark."""

from datetime import datetime
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from hotline.reading import paging
from hotline.reading.shown import instant, labelled
from hotline.records.clocks import Clock
from hotline.records.scope import tickets_within
from hotline.records.tickets import Ticket
from hotline.records.units import Unit
from hotline.rules.actors import Actor
from hotline.rules.ladder import STEP_LABELS
from hotline.rules.masking import mask_in_text
from hotline.rules.rulebook import Rulebook
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import CENTRE_ROLES, ClockKind

COLUMNS = (
    Clock.id,
    Clock.kind,
    Clock.round,
    Clock.due_at,
    Clock.step,
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Unit.name.label("unit_name"),
)


def _late(actor: Actor, now: datetime, kind: ClockKind | None, unit: str | None) -> list[Any]:
    running = (Clock.stopped_at.is_(None), Clock.paused_at.is_(None))
    conditions = [*running, Clock.due_at < now, ~Clock.provisional, tickets_within(scope_of(actor))]
    if not (actor.at_centre or actor.is_system):
        # A unit answers for its own clocks, not for those of whom it assists.
        own = [Clock.unit_path.like(f"{path}%") for path in actor.unit_paths()]
        conditions.append(or_(false(), *own))
    if kind is not None:
        conditions.append(Clock.kind == kind)
    if unit is not None:
        conditions.append(Unit.code == unit)
    return conditions


def overdue_page(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    rulebook: Rulebook,
    kind: ClockKind | None = None,
    unit: str | None = None,
    cursor: str | None = None,
    limit: int = paging.DEFAULT,
) -> dict[str, Any]:
    """The longest late first: `items` and `next_cursor`."""
    query: Any = select(*COLUMNS).join(Ticket, Ticket.id == Clock.ticket_id).outerjoin(Unit, Unit.id == Clock.unit_id)
    query = query.where(*_late(actor, now, kind, unit))
    rows = session.execute(paging.page(query, Clock.due_at, Clock.id, cursor=cursor, limit=limit)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    clear = bool(actor.roles & CENTRE_ROLES)
    return {
        "items": [_line(row, now, rulebook, clear) for row in rows[:limit]],
        "next_cursor": paging.cursor_of(last.due_at, last.id) if last else None,
    }


def _line(row: Any, now: datetime, rulebook: Rulebook, clear: bool) -> dict[str, Any]:
    return {
        "clock_id": row.id,
        **labelled("kind", row.kind),
        "round": row.round,
        "number": row.number,
        "title": row.title if clear else mask_in_text(row.title),
        **labelled("state", row.state),
        "unit": row.unit_name,
        "due_at": instant(row.due_at),
        "late_days": rulebook.calendar.working_days_over(row.due_at, now),
        "late_seconds": int((now - row.due_at).total_seconds()),
        "step": row.step,
        "step_label": STEP_LABELS[row.step] if row.step >= 0 else None,
    }


def overdue_by_unit(session: Session, actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """How many clocks of each kind are late in each unit (None: the centre), the most first; only what is running is read."""
    query = select(Unit.code, Unit.name, Clock.kind, func.count().label("late"))
    query = (
        query.select_from(Clock).join(Ticket, Ticket.id == Clock.ticket_id).outerjoin(Unit, Unit.id == Clock.unit_id)
    )
    query = query.where(*_late(actor, now, None, None)).group_by(Unit.code, Unit.name, Clock.kind)
    rows = session.execute(query.order_by(func.count().desc(), Unit.code, Clock.kind)).all()
    return [{"unit": row.code, "unit_name": row.name, **labelled("kind", row.kind), "late": row.late} for row in rows]
