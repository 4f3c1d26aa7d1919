"""What is tracked because it was only promised: beside its ticket, and as a list, the nearest promise first."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Bundle, aliased

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.tracked import IS_OPEN_ITEM, TrackedItem, TrackedNote
from hotline.models.tickets.rows_of_ticket import rows_of_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import on_desk_of, visible_tickets
from hotline.queries import paging
from hotline.queries.deadlines.due import is_late
from hotline.queries.formatting import instant, labelled
from hotline.rules.handling.tracking import RUNNING, STEPS, TrackNote, TrackState
from hotline.rules.masking import mask_in_text
from hotline.rules.permissions import may_do
from hotline.rules.tickets.unavailable_actions import is_possible
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import CENTRE_ROLES, ClockKind


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
            notes[row.item_id].append(_note(row))
    return [
        {
            "id": item.id,
            "round": item.round,
            **labelled("kind", item.kind),
            **labelled("state", item.state),
            "body": item.body,
            "promised_on": item.promised_on.isoformat(),
            "opened_at": instant(item.opened_at),
            "ended_at": instant(item.ended_at),
            "notes": notes[item.id],
            "steps": [
                name
                for name, step in STEPS.items()
                if item.state is step.source
                and is_possible(ticket.state, step.deed)
                and may_do(ctx.actor, step.deed, ticket.desk_path)
            ],
        }
        for item in items
    ]


def _note(row: TrackedNote) -> dict[str, Any]:
    given = {"text": row.text, "connected": row.connected, "done": row.done}
    return {**labelled("what", row.what), "at": instant(row.at), **given}


def tracked_page(
    ctx: Context,
    *,
    state: TrackState | None = None,
    unit: str | None = None,
    late: bool | None = None,
    cursor: str | None = None,
    limit: int = paging.DEFAULT,
) -> dict[str, Any]:
    """`items` and the cursors; without a state what is open. A unit sees what it owes, not what those it assists owe."""
    query, due_at = tracked_rows(ctx, state=state, unit=unit, late=late)
    page = paging.read(ctx.session, query, due_at, TrackedItem.id, cursor=cursor, limit=limit)
    clear = bool(ctx.actor.roles & CENTRE_ROLES)
    return {"items": [_line(*row[:6], now=ctx.now, clear=clear) for row in page.rows], **page.ends()}


def tracked_rows(
    ctx: Context, *, state: TrackState | None = None, unit: str | None = None, late: bool | None = None
) -> tuple[Any, Any]:
    """(the items that this reader may see with their clocks, when each is due)."""
    query = TRACKED.where(visible_tickets(scope_of(ctx.actor)))
    query = query.where(TrackedItem.state == state if state else IS_OPEN_ITEM)
    if state in RUNNING:
        query = query.where(IS_OPEN_ITEM)
    if not ctx.actor.at_centre:
        query = query.where(on_desk_of(ctx.actor.unit_paths()))
    if unit is not None:
        query = query.where(Unit.code == unit)
    if late:
        query = query.where(PROMISE.stopped_at.is_(None), PROMISE.due_at < ctx.now, ~PROMISE.provisional)
    return query, PROMISE.due_at


def _line(
    item: TrackedItem,
    number: str,
    title: str,
    unit: str,
    promise: Any,
    note: Any,
    *,
    now: datetime,
    clear: bool,
) -> dict[str, Any]:
    return {
        "number": number,
        "id": item.id,
        "title": title if clear else mask_in_text(title),
        "unit": unit,
        **labelled("kind", item.kind),
        **labelled("state", item.state),
        "body": item.body,
        "promised_on": item.promised_on.isoformat(),
        "due_at": instant(promise.due_at),
        "late": is_late(promise, now),
        "note_due_at": instant(note.due_at),
        "note_late": note.due_at is not None and is_late(note, now),
    }
