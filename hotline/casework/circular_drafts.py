"""Drafts of circulars, by the ladder: one for an order, however often a run is repeated."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hotline.records.orders import MeasureTaken
from hotline.rules.grounds import Measure


def draft_circulars(session: Session, causes: Sequence[tuple[Any, Any, datetime]]) -> None:
    """For each (clock of an order's reply, ticket, instant)."""
    rows = [
        {
            "kind": Measure.CIRCULAR,
            "ticket_id": ticket.id,
            "unit_id": clock.unit_id,
            "order_id": clock.order_id,
            "drafted_at": at,
        }
        for clock, ticket, at in causes
    ]
    dialect = session.get_bind().dialect.name
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(MeasureTaken)
    session.execute(insert.on_conflict_do_nothing(index_elements=["order_id"]), rows)
