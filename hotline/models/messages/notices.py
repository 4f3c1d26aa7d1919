"""Notices: the outbox. What people are told is a row first; a row waits for the opening of business in quiet hours.

A notice is shown on the desk of a member of staff, and sent by the channels for which an address is known: one delivery for each
event, channel and recipient, however many workers send.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word, stored
from hotline.rules.messages.delivery import DeliveryState

UNREAD = text("read_at IS NULL AND staff_id IS NOT NULL")
NOT_SPREAD = text("spread_at IS NULL")
WAITING_STATE, DEAD_STATE = "state = 'waiting'", "state = 'dead'"
WAITING, DEAD = text(WAITING_STATE), text(DEAD_STATE)
IS_WAITING, IS_DEAD = stored("deliveries", WAITING_STATE), stored("deliveries", DEAD_STATE)


class Notice(Record):
    """One event told once to one person: a member of staff (`staff_id`) or the contact of an enterprise (`contact_id`).

    It is about a ticket, or about a task of the knowledge base, or about the recipient's own account.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event", "staff_id"),
        UniqueConstraint("event", "contact_id"),
        CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name="one_recipient"),
        CheckConstraint("ticket_id IS NULL OR task_id IS NULL", name="one_subject"),
        Index("ix_notices_unread", "staff_id", "not_before", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notices_to_spread", "not_before", "id", sqlite_where=NOT_SPREAD, postgresql_where=NOT_SPREAD),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event: Mapped[str] = mapped_column(String(80))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("article_tasks.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    not_before: Mapped[datetime]
    read_at: Mapped[datetime | None]
    spread_at: Mapped[datetime | None]


class Delivery(Record):
    """One message: waiting (from `next_at` on), sent, or dead after too many failures.

    `claimed_until` is set while a worker sends it, so that no other does; a worker that died leaves it to the next after that.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_deliveries_waiting", "next_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_deliveries_dead", "next_at", "id", sqlite_where=DEAD, postgresql_where=DEAD),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
