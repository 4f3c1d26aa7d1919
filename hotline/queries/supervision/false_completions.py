"""Rounds whose result a call has proved untrue 虚假办结, the latest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.tickets.tickets import Result, Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.formatting import instant
from hotline.queries.ratings.figures import opening
from hotline.rules.actors import Actor
from hotline.rules.masking import text_for
from hotline.rules.visibility import scope_of


@dataclass(frozen=True, slots=True)
class ShamFilters:
    """Of which unit, and found untrue on which day or later; None narrows nothing."""

    unit: str | None = None
    since: date | None = None


def sham_rows(actor: Actor, filters: ShamFilters) -> Any:
    """Each with its ticket and the unit that leads it."""
    query: Any = select(Result, Ticket.number, Ticket.title, Unit.name).join(Ticket, Ticket.id == Result.ticket_id)
    query = query.outerjoin(Unit, Unit.id == Ticket.lead_unit_id)
    query = query.where(Result.sham_at.is_not(None), visible_tickets(scope_of(actor)))
    if filters.unit is not None:
        query = query.where(Unit.code == filters.unit)
    return query if filters.since is None else query.where(Result.sham_at >= opening(filters.since))


def sham_page(ctx: Context, filters: ShamFilters, page: paging.Page = paging.FIRST) -> dict[str, Any]:
    """`items` and the cursors."""
    order = paging.Order(Result.sham_at, Result.id, newest_first=True)
    found = paging.read(ctx.session, sham_rows(ctx.actor, filters), order, page)
    return {
        "items": [
            {
                "number": row[1],
                "title": text_for(ctx.actor)(row[2]),
                "unit": row[3],
                "round": row[0].round,
                "at": instant(row[0].sham_at),
            }
            for row in found.rows
        ],
        **found.ends(),
    }
