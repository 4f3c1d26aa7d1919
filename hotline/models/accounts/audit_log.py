"""The log of the administration: who changed what outside a ticket. Append-only (by trigger)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.accounts.administration import AdminDeed


class AdministrationEntry(Record):
    """`subject` is the account, the unit or the year by its code, `name` what it was called then.

    `data` holds no password, no token and no address of a person.
    """

    __tablename__ = "administration_log"
    __table_args__ = (
        Index("ix_administration_log_at", "at", "id"),
        Index("ix_administration_log_subject", "subject", "at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    actor: Mapped[str] = mapped_column(String(64))
    deed: Mapped[AdminDeed] = mapped_column(Word(AdminDeed))
    subject: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]]
