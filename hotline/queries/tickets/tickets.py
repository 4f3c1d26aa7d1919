"""Lists of tickets: by the nearest running due, then those without one; or all by when they came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines import lateness
from hotline.models.intake.enterprise_family import is_verified, shown_name
from hotline.models.tickets.tickets import IS_OPEN, Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.queries.tickets.identity import listed_enterprise
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.deadlines.lateness import due_is_late
from hotline.rules.masking import ShownText, text_for
from hotline.rules.refusals import InvalidInput
from hotline.rules.tickets.states import OPEN
from hotline.rules.tickets.ticket_number import is_number, normalise
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import ClockKind, State, TicketType

BY_DUE, NEWEST = "due", "-received"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; `None` narrows nothing. `overdue` and `step` are those of the nearest running due."""

    state: State | None = None
    unit: str | None = None
    type: TicketType | None = None
    category: str | None = None
    clock: ClockKind | None = None
    overdue: bool | None = None
    step: int | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    q: str | None = None
    mine: bool | None = None
    sort: str = BY_DUE


COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.title,
    Ticket.type,
    Ticket.category,
    Ticket.state,
    Ticket.round,
    Ticket.urgency,
    Ticket.confidential,
    Ticket.anonymous,
    Ticket.unsigned_late,
    Ticket.desk_path,
    Ticket.received_at,
    Ticket.due_at,
    Ticket.due_kind,
    Ticket.due_provisional,
    Ticket.step,
    Ticket.version,
    Unit.name.label("unit_name"),
    shown_name(Ticket.enterprise_id).label("enterprise_name"),
    is_verified(Ticket.enterprise_id).label("enterprise_verified"),
)


def ticket_page(ctx: Context, filters: Filters, page: paging.Page = paging.FIRST) -> dict[str, Any]:
    """One page of what this reader may see: `items`, and the cursors of the pages beside it.

    Sorted by due, the tickets without a running due come last, the newest first. Where filters may leave few of the stored
    tickets, a page looks through a bounded number of them: `searched_to` says how far it came, and `next_cursor` goes on
    from there.
    """
    found = paging.read_parts(ctx.session, _parts(ctx, filters), page)
    shown = text_for(ctx.actor)
    return {
        "items": [line(ctx, row, shown) for row in found.rows],
        **found.ends(),
        "searched_to": instant(found.searched_to),
    }


def due_count(ctx: Context, filters: Filters) -> int | None:
    """Count the rows of a list by due that have a running due, as `paging.count` does; None for another order."""
    if filters.sort != BY_DUE:
        return None
    return paging.count(ctx.session, _found(ctx, filters).where(Ticket.due_at.is_not(None)))


def _parts(ctx: Context, filters: Filters) -> list[paging.Part]:
    """The list as stretches that an index has in order: by due those that have one, by receipt what no due orders."""
    found = _found(ctx, filters)
    newest = paging.Order(Ticket.received_at, Ticket.id, newest_first=True)
    bounded = not _by_number(filters) and filters.state not in OPEN
    if filters.sort == NEWEST:
        return [paging.Part(found, newest, not _by_number(filters), _received(filters))]
    dated = paging.Part(found.where(Ticket.due_at.is_not(None)), paging.Order(Ticket.due_at, Ticket.id))
    undated = paging.Part(found.where(Ticket.due_at.is_(None)), newest, bounded, _received(filters))
    return [dated] if _needs_due(filters) else [dated, undated]


def _needs_due(filters: Filters) -> bool:
    """Return whether only tickets with a running due can match: kind, lateness and step are those of that due."""
    return bool(filters.clock or filters.overdue or (filters.step is not None and filters.step >= 0))


def _found(ctx: Context, filters: Filters) -> Any:
    query: Any = select(*COLUMNS).outerjoin(Unit, Unit.id == Ticket.lead_unit_id)
    return _narrow(ctx, query.where(visible_tickets(scope_of(ctx.actor))), filters)


def _received(filters: Filters) -> tuple[ColumnElement[bool], ...]:
    """The bounds of the receipt: what lies outside is not looked through either."""
    begin, end = filters.received_from, filters.received_to
    return (
        *([Ticket.received_at >= begin] if begin else []),
        *([Ticket.received_at < end] if end else []),
    )


def _by_number(filters: Filters) -> bool:
    """A whole number finds its ticket wherever that lies."""
    return filters.q is not None and is_number(normalise(filters.q))


def _narrow(ctx: Context, query: Select[Any], filters: Filters) -> Select[Any]:
    if filters.sort not in (BY_DUE, NEWEST):
        raise InvalidInput({"/sort": "只能按 due 或 -received 排序"})
    equal = {
        Ticket.state: filters.state,
        Ticket.type: filters.type,
        Ticket.category: filters.category,
        Ticket.due_kind: filters.clock,
        Ticket.step: filters.step,
        Unit.code: filters.unit,
    }
    query = query.where(*(column == value for column, value in equal.items() if value is not None), *_received(filters))
    if filters.state in OPEN:
        # The words of the partial index: what is open is found by its state, however much is closed.
        query = query.where(IS_OPEN)
    if filters.overdue is not None:
        late = lateness.due_is_late(Ticket.due_at, ctx.now, provisional=Ticket.due_provisional)
        query = query.where(late if filters.overdue else or_(Ticket.due_at.is_(None), ~late))
    if filters.mine is not None:
        mine = and_(Ticket.logged_by.is_not(None), Ticket.logged_by == ctx.actor.staff_id)
        query = query.where(mine if filters.mine else ~mine)
    if filters.q:
        pattern = "%" + filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        number = normalise(filters.q)
        named = Ticket.number == number if _by_number(filters) else Ticket.title.like(pattern, escape="\\")
        query = query.where(named)
    return query


def line(ctx: Context, row: Any, shown: ShownText) -> dict[str, Any]:
    """Return one ticket in a list, from a row of `COLUMNS`; `shown` is how its reader is shown texts."""
    due_kind = ClockKind(row.due_kind) if row.due_kind else None
    return {
        "number": row.number,
        "title": shown(row.title),
        **labelled("type", row.type),
        "category": row.category,
        **labelled("state", row.state),
        "round": row.round,
        **labelled("urgency", row.urgency),
        "confidential": row.confidential,
        "unsigned_late": row.unsigned_late,
        "lead_unit": row.unit_name,
        **listed_enterprise(ctx.actor, row),
        "received_at": instant(row.received_at),
        **labelled("due_kind", due_kind),
        "due_at": instant(row.due_at),
        "provisional": row.due_provisional,
        "overdue": due_is_late(row.due_at, ctx.now, provisional=row.due_provisional),
        "step": row.step,
        "step_label": STEP_LABELS[row.step] if row.step >= 0 else None,
        "version": row.version,
    }
