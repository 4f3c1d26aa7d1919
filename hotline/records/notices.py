"""Notices: the outbox. What people are told is a row first; a row waits for the opening of business in quiet hours."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.records.base import Key, Record

UNREAD = text("read_at IS NULL")


class Notice(Record):
    """One event told to one person, once (`event`, `staff_id`); shown on the desk from `not_before` on."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event", "staff_id"),
        Index("ix_notices_unread", "staff_id", "not_before", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event: Mapped[str] = mapped_column(String(80))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    not_before: Mapped[datetime]
    read_at: Mapped[datetime | None]
