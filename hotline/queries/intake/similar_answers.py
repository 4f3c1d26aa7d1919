"""How the like was answered before: closed matters of the same subject with their replies, never one that is to be hidden."""

from typing import Any

from sqlalchemy import select
from sqlalchemy import text as sql

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.tickets.tickets import ANSWERED, Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries.formatting import instant
from hotline.rules.intake.similarity import SIMILAR, pairs_of, similarity, weights_of
from hotline.rules.masking import mask_in_text
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import TicketType

COMPARED, SHOWN, READ_AT_MOST, EXCERPT = 150, 3, 600, 200
COLUMNS = (Ticket.id, Ticket.number, Ticket.title, Ticket.content, Ticket.reply, Ticket.closed_at, Unit.code, Unit.name)


def precedents(ctx: Context, text: str, category: str | None) -> list[dict[str, Any]]:
    """The most alike of the latest answered matters of this subject (of any, where none is known yet), masked."""
    query = select(*COLUMNS).outerjoin(Unit, Unit.id == Ticket.lead_unit_id)
    # The very words of the index, which is for this.
    query = query.where(sql(ANSWERED), Ticket.type != TicketType.REPORT, visible_tickets(scope_of(ctx.actor)))
    if category is not None:
        query = query.where(Ticket.category == category)
    rows = ctx.session.execute(query.order_by(Ticket.closed_at.desc(), Ticket.id.desc()).limit(COMPARED)).all()
    asked = pairs_of(text[:READ_AT_MOST])
    pairs_by_id = {row.id: pairs_of(f"{row.title}{row.content[:READ_AT_MOST]}") for row in rows}
    weights = weights_of([asked, *pairs_by_id.values()])
    alike = {id: similarity(asked, pairs, weights) for id, pairs in pairs_by_id.items()}
    best = sorted((row for row in rows if alike[row.id] >= SIMILAR), key=lambda row: -alike[row.id])
    return [_line(row, alike[row.id]) for row in best[:SHOWN]]


def _line(row: Any, alike: float) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": mask_in_text(row.title),
        "reply": mask_in_text(row.reply)[:EXCERPT],
        "closed_at": instant(row.closed_at),
        "unit": row.code,
        "unit_name": row.name,
        "similarity": round(alike, 2),
    }
