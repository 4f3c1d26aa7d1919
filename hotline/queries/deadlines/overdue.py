"""What is late now and what soon will be: by clock, with the time since the breach, and counted by unit.

Read from the running clocks, never from a stale mark; the numbers and the rows behind them share their conditions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, false, func, literal, or_, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.due_bucket import counts_as
from hotline.models.deadlines.lateness import is_late
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.deadlines import due
from hotline.queries.formatting import instant, labelled
from hotline.rules.actors import Actor
from hotline.rules.deadlines.due_bucket import edges_at
from hotline.rules.deadlines.due_counts import When
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.masking import ShownText, text_for
from hotline.rules.messages.digest import CENTRE
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import ClockKind

COLUMNS = (
    Clock.id,
    Clock.kind,
    Clock.round,
    Clock.due_at,
    Clock.step,
    Clock.provisional,
    Clock.paused_at,
    Ticket.urgency,
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Unit.name.label("unit_name"),
)


@dataclass(frozen=True, slots=True)
class OverdueFilters:
    """Which running clocks; None narrows nothing. `unit`: `CENTRE` for those of the centre's own desk."""

    when: When = When.LATE
    kind: ClockKind | None = None
    unit: str | None = None
    step: int | None = None


def _running(actor: Actor, filters: OverdueFilters) -> list[Any]:
    """The conditions but for the nearness."""
    conditions = [Clock.stopped_at.is_(None), Clock.paused_at.is_(None), visible_tickets(scope_of(actor))]
    if not (actor.at_centre or actor.is_system):
        # A unit answers for its own clocks, not for those of whom it assists.
        own = [Clock.unit_path.like(f"{path}%") for path in actor.unit_paths()]
        conditions.append(or_(false(), *own))
    if filters.kind is not None:
        conditions.append(Clock.kind == filters.kind)
    if filters.step is not None:
        conditions.append(Clock.step == filters.step)
    if filters.unit is not None:
        conditions.append(Clock.unit_id.is_(None) if filters.unit == CENTRE else Unit.code == filters.unit)
    return conditions


def _joined(columns: Sequence[Any]) -> Any:
    query: Any = select(*columns).select_from(Clock).join(Ticket, Ticket.id == Clock.ticket_id)
    return query.outerjoin(Unit, Unit.id == Clock.unit_id)


def overdue_page(
    ctx: Context, filters: OverdueFilters = OverdueFilters(), page: paging.Page = paging.FIRST
) -> dict[str, Any]:
    """The nearest due first, so the longest late: `items` and the cursors."""
    counted = counts_as(filters.when, edges_at(ctx.now, ctx.rules.calendar))
    query = _joined(COLUMNS).where(*_running(ctx.actor, filters), counted)
    found = paging.read(ctx.session, query, paging.Order(Clock.due_at, Clock.id), page)
    shown = text_for(ctx.actor)
    return {"items": [_line(ctx, row, shown) for row in found.rows], **found.ends()}


def _line(ctx: Context, row: Any, shown: ShownText) -> dict[str, Any]:
    return {
        "clock_id": row.id,
        **labelled("kind", row.kind),
        "round": row.round,
        "number": row.number,
        "title": shown(row.title),
        **labelled("state", row.state),
        "unit": row.unit_name,
        "due_at": instant(row.due_at),
        "late_days": ctx.rules.calendar.working_days_over(row.due_at, ctx.now, provisional=row.provisional),
        "provisional": row.provisional,
        **due.due_status(ctx, row, row.urgency),
        "step": row.step,
        "step_label": STEP_LABELS[row.step] if row.step >= 0 else None,
    }


def overdue_by_unit(ctx: Context) -> list[dict[str, Any]]:
    """How many clocks of each kind are late in each unit (None: the centre), the most first; only what is running is read."""
    query = _joined((Unit.code, Unit.name, Clock.kind, func.count().label("late")))
    query = query.where(*_running(ctx.actor, OverdueFilters()), is_late(Clock, ctx.now))
    query = query.group_by(Unit.code, Unit.name, Clock.kind)
    rows = ctx.session.execute(query.order_by(func.count().desc(), Unit.code, Clock.kind)).all()
    return [{"unit": row.code, "unit_name": row.name, **labelled("kind", row.kind), "late": row.late} for row in rows]


def clocks_on_step(ctx: Context, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Count the running clocks of each unit (by code, `CENTRE` for the centre) on each of these steps of the ladder."""
    codes, steps = ({pair[at] for pair in wanted} for at in (0, 1))
    of_unit = or_(Unit.code.in_(codes), and_(Clock.unit_id.is_(None), literal(CENTRE in codes)))
    query = _joined((Unit.code, Clock.step, func.count())).where(*_running(ctx.actor, OverdueFilters()), of_unit)
    rows = ctx.session.execute(query.where(Clock.step.in_(steps)).group_by(Unit.code, Clock.step))
    return {(code or CENTRE, step): count for code, step, count in rows}


def clock_counts(ctx: Context, *, unit: str | None = None) -> list[dict[str, Any]]:
    """For each unit (None: the centre) and kind of clock: how many are late, due today, due soon, running."""
    edges = edges_at(ctx.now, ctx.rules.calendar)
    counted = [func.sum(case((counts_as(when, edges), 1), else_=0)).label(when) for when in When]
    query = _joined((Unit.code, Unit.name, Clock.kind, *counted)).where(*_running(ctx.actor, OverdueFilters(unit=unit)))
    return [
        {"unit": row.code, "unit_name": row.name, "kind": row.kind, **{when: int(getattr(row, when)) for when in When}}
        for row in ctx.session.execute(query.group_by(Unit.code, Unit.name, Clock.kind))
    ]


def step_counts(ctx: Context, *, unit: str | None = None) -> list[dict[str, Any]]:
    """How many running clocks stand on each step of the ladder."""
    query = _joined((Clock.step, func.count().label("clocks"))).where(*_running(ctx.actor, OverdueFilters(unit=unit)))
    rows = ctx.session.execute(query.where(Clock.step >= 0).group_by(Clock.step).order_by(Clock.step))
    return [{"step": row.step, "step_label": STEP_LABELS[row.step], "clocks": row.clocks} for row in rows]
