"""The rows that hang on one ticket, in the order in which they came."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session


@cache
def _worded(table: Any) -> Select[Any]:
    """Once for each table: a file asks a dozen of them."""
    return select(table).where(table.ticket_id == bindparam("ticket")).order_by(table.id)


def rows_of_ticket(session: Session, table: Any, ticket_id: int) -> list[Any]:
    """`table` is a record with a `ticket_id`."""
    return list(session.scalars(_worded(table), {"ticket": ticket_id}))
