"""Inserts that may meet the same row: the one place that knows whose `ON CONFLICT` is spoken."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hotline.models.database.base import Record


def insert(session: Session, table: type[Record]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert into `table` that takes `on_conflict_do_nothing` and `on_conflict_do_update` on this engine."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
