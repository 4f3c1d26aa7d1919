"""The filters that somebody has kept for a page."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.accounts.saved_filters import SavedFilter
from hotline.rules.actors import Actor


def saved_filters(session: Session, actor: Actor, page: str) -> list[dict[str, Any]]:
    """In the order in which they were made, each with its address."""
    query = select(SavedFilter).where(SavedFilter.staff_id == actor.staff_id, SavedFilter.page == page)
    rows = session.scalars(query.order_by(SavedFilter.id))
    return [{"id": row.id, "name": row.name, "query": row.query, "address": f"{page}?{row.query}"} for row in rows]
