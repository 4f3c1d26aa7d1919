"""The filters that somebody has kept for a page."""

from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.accounts.saved_filters import SavedFilter


def saved_filters(ctx: Context, page: str) -> list[dict[str, Any]]:
    """In the order in which they were made, each with its address."""
    query = select(SavedFilter).where(SavedFilter.staff_id == ctx.actor.staff_id, SavedFilter.page == page)
    rows = ctx.session.scalars(query.order_by(SavedFilter.id))
    return [{"id": row.id, "name": row.name, "query": row.query, "address": f"{page}?{row.query}"} for row in rows]
