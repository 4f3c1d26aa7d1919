"""Reminders of an enterprise, and who keeps out of a matter."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record

BY_ITSELF = text("repeat_id IS NULL")


class Reminder(Record):
    """The enterprise asks again: once a working day, or by calling about the same matter (`repeat_id`, the merged ticket)."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index(
            "uq_reminders_day",
            "ticket_id",
            "on_day",
            unique=True,
            sqlite_where=BY_ITSELF,
            postgresql_where=BY_ITSELF,
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    on_day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str | None] = mapped_column(Text)
    repeat_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), unique=True)


class Recusal(Record):
    """A member of staff with an interest in a matter: from then on it is not there for them."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("staff_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
