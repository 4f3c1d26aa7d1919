"""Lists of tickets: what is open by its nearest due, or everything by when it came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines import lateness
from hotline.models.intake.enterprises import Enterprise
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.deadlines.lateness import due_is_late
from hotline.rules.masking import ShownText, text_for
from hotline.rules.refusals import InvalidInput
from hotline.rules.tickets.ticket_number import is_number, normalise
from hotline.rules.visibility import scope_of, sees_identity
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
    Enterprise.name.label("enterprise_name"),
)


def ticket_page(ctx: Context, filters: Filters, page: paging.Page = paging.FIRST) -> dict[str, Any]:
    """One page of what this reader may see: `items`, and the cursors of the pages beside it.

    Where filters may leave few of the stored tickets, a page looks through a bounded number of them: `searched_to` says how
    far it came, and `next_cursor` goes on from there.
    """
    by_due = filters.sort == BY_DUE
    order = paging.Order(Ticket.due_at if by_due else Ticket.received_at, Ticket.id, newest_first=not by_due)
    bounded = not by_due and not _by_number(filters)
    found = paging.read(ctx.session, _found(ctx, filters), order, page, bounded=bounded)
    shown = text_for(ctx.actor)
    return {
        "items": [line(ctx, row, shown) for row in found.rows],
        **found.ends(),
        "searched_to": instant(found.searched_to),
    }


def ticket_count(ctx: Context, filters: Filters) -> int | None:
    """How many there are, where that can be told without a scan: of what is open (None otherwise). Counts as `paging.count`."""
    return paging.count(ctx.session, _found(ctx, filters)) if filters.sort == BY_DUE else None


def _found(ctx: Context, filters: Filters) -> Any:
    query: Any = select(*COLUMNS).outerjoin(Unit, Unit.id == Ticket.lead_unit_id)
    query = query.outerjoin(Enterprise, Enterprise.id == Ticket.enterprise_id)
    query = _narrow(ctx, query.where(visible_tickets(scope_of(ctx.actor))), filters)
    open_alone = filters.sort == BY_DUE and not _by_number(filters)
    return query.where(Ticket.due_at.is_not(None)) if open_alone else query


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
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    if filters.overdue is not None:
        late = lateness.due_is_late(Ticket.due_at, ctx.now, provisional=Ticket.due_provisional)
        query = query.where(late if filters.overdue else ~late)
    if filters.received_from:
        query = query.where(Ticket.received_at >= filters.received_from)
    if filters.received_to:
        query = query.where(Ticket.received_at < filters.received_to)
    if filters.mine:
        query = query.where(Ticket.logged_by == ctx.actor.staff_id)
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
        "enterprise": row.enterprise_name if sees_identity(ctx.actor, row) else None,
        "received_at": instant(row.received_at),
        **labelled("due_kind", due_kind),
        "due_at": instant(row.due_at),
        "provisional": row.due_provisional,
        "overdue": due_is_late(row.due_at, ctx.now, provisional=row.due_provisional),
        "step": row.step,
        "step_label": STEP_LABELS[row.step] if row.step >= 0 else None,
        "version": row.version,
    }
