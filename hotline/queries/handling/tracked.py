"""What is tracked because it was only promised: beside its ticket, and as a list, the nearest promise first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Bundle, aliased

from hotline.context import Context
from hotline.models.accounts.role_holders import is_held
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.lateness import is_late
from hotline.models.handling.tracked import IS_OPEN_ITEM, TrackedItem, TrackedNote
from hotline.models.tickets.rows_of_ticket import rows_of_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import on_desk_of, visible_tickets
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.deadlines.lateness import was_late
from hotline.rules.handling.tracking import RUNNING, STEPS, TrackNote, TrackState
from hotline.rules.masking import text_for
from hotline.rules.permissions import may_take
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import ClockKind, Role


def _of_clock(clock: Any) -> Bundle[Any]:
    """What a line says of a clock; all of it None where there is none."""
    return Bundle("clock", clock.due_at, clock.stopped_at, clock.paused_at, clock.late, clock.provisional)


PROMISE, NOTE = aliased(Clock), aliased(Clock)
IS_PROMISE = and_(PROMISE.tracked_item_id == TrackedItem.id, PROMISE.kind == ClockKind.TRACK)
IS_NOTE_OWED = and_(
    NOTE.tracked_item_id == TrackedItem.id, NOTE.kind == ClockKind.TRACK_NOTE, NOTE.stopped_at.is_(None)
)
COLUMNS: tuple[Any, ...] = (TrackedItem, Ticket.number, Ticket.title, Unit.name, _of_clock(PROMISE), _of_clock(NOTE))
TRACKED: Any = (
    select(*COLUMNS)
    .join(Ticket, Ticket.id == TrackedItem.ticket_id)
    .join(Unit, Unit.id == TrackedItem.unit_id)
    .join(PROMISE, IS_PROMISE)
    .outerjoin(NOTE, IS_NOTE_OWED)
)


def items_of(ctx: Context, ticket: Ticket) -> list[dict[str, Any]]:
    """The items of this ticket with what was written on them; a unit does not read the centre's calls."""
    items = rows_of_ticket(ctx.session, TrackedItem, ticket.id)
    query = select(TrackedNote).where(TrackedNote.item_id.in_([item.id for item in items])).order_by(TrackedNote.id)
    notes: dict[int, list[dict[str, Any]]] = {item.id: [] for item in items}
    for row in ctx.session.scalars(query) if items else ():
        if ctx.actor.at_centre or row.what is not TrackNote.CHECK:
            notes[row.item_id].append(_note(ctx, row))
    return [
        {
            "id": item.id,
            "round": item.round,
            **labelled("kind", item.kind),
            **labelled("state", item.state),
            "body": text_for(ctx.actor, by_office=True)(item.body),
            "promised_on": item.promised_on.isoformat(),
            "opened_at": instant(item.opened_at),
            "ended_at": instant(item.ended_at),
            "notes": notes[item.id],
            "steps": _steps(ctx, ticket, item),
        }
        for item in items
    ]


def _steps(ctx: Context, ticket: Ticket, item: TrackedItem) -> list[str]:
    """A supervisor reports only for a unit without a leader."""
    here = [name for name, step in STEPS.items() if item.state is step.source]
    may = [name for name in here if may_take(ctx.actor, STEPS[name].action, ticket.desk_path, ticket.state)]
    if "report" in may and Role.LEADER not in ctx.actor.roles and is_held(ctx.session, {Role.LEADER}, item.unit_id):
        may.remove("report")
    return may


def _note(ctx: Context, row: TrackedNote) -> dict[str, Any]:
    return {
        **labelled("what", row.what),
        "at": instant(row.at),
        "text": text_for(ctx.actor, by_office=True)(row.text),
        "connected": row.connected,
        "done": row.done,
    }


@dataclass(frozen=True, slots=True)
class TrackedFilters:
    """Which items: without a state what is open; otherwise None narrows nothing."""

    state: TrackState | None = None
    unit: str | None = None
    late: bool | None = None


def tracked_page(
    ctx: Context, filters: TrackedFilters = TrackedFilters(), page: paging.Page = paging.FIRST
) -> dict[str, Any]:
    """`items` and the cursors. A unit sees what it owes, not what those it assists owe."""
    order = paging.Order(PROMISE.due_at, TrackedItem.id)
    found = paging.read(ctx.session, tracked_rows(ctx, filters), order, page)
    return {"items": [_line(ctx, row) for row in found.rows], **found.ends()}


def tracked_rows(ctx: Context, filters: TrackedFilters) -> Any:
    """The items that this reader may see, with their clocks."""
    query = TRACKED.where(visible_tickets(scope_of(ctx.actor)))
    query = query.where(TrackedItem.state == filters.state if filters.state else IS_OPEN_ITEM)
    if filters.state in RUNNING:
        query = query.where(IS_OPEN_ITEM)
    if not ctx.actor.at_centre:
        query = query.where(on_desk_of(ctx.actor.unit_paths()))
    if filters.unit is not None:
        query = query.where(Unit.code == filters.unit)
    if filters.late is not None:
        late = is_late(PROMISE, ctx.now)
        query = query.where(late if filters.late else ~late)
    return query


def _line(ctx: Context, row: Any) -> dict[str, Any]:
    item, number, title, unit, promise, note = row[:6]
    return {
        "number": number,
        "id": item.id,
        "title": text_for(ctx.actor)(title),
        "unit": unit,
        **labelled("kind", item.kind),
        **labelled("state", item.state),
        "body": text_for(ctx.actor, by_office=True)(item.body),
        "promised_on": item.promised_on.isoformat(),
        "due_at": instant(promise.due_at),
        "late": was_late(promise, ctx.now),
        "note_due_at": instant(note.due_at),
        "note_late": note.due_at is not None and was_late(note, ctx.now),
    }
