"""The templates of a unit: as they are written, and filled with what is known of a ticket."""

from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.handling.reply_templates import ReplyTemplate
from hotline.queries.formatting import instant
from hotline.rules.handling.reply_template import NUMBER, TITLE, UNIT, filled


def templates_of(ctx: Context) -> list[dict[str, Any]]:
    """Those of the reader's own unit, by name."""
    query = select(ReplyTemplate, Staff.name).join(Staff, Staff.id == ReplyTemplate.written_by)
    query = query.where(ReplyTemplate.unit_id == ctx.actor.unit_id).order_by(ReplyTemplate.name, ReplyTemplate.id)
    return [
        {"id": row.id, "name": row.name, "text": row.text, "by": by, "at": instant(row.written_at)}
        for row, by in ctx.session.execute(query)
    ]


def filled_for(ctx: Context, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """The same with the places filled, for the ticket of this file; none for whoever belongs to no unit of the way."""
    unit = (ticket["lead_unit"] or {}).get("name", "")
    values = {NUMBER: ticket["number"], TITLE: ticket["title"], UNIT: unit}
    return [{**row, "text": filled(row["text"], values)} for row in templates_of(ctx)]
