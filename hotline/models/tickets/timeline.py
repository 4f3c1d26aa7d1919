"""The timeline: append-only (by trigger) and hash-chained per ticket."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.vocabulary import Audience


class TimelineEntry(Record):
    """One line: who did what when. `data` holds no contact data; `hash` is keyed and covers the entry before."""

    __tablename__ = "timeline"
    __table_args__ = (UniqueConstraint("ticket_id", "sequence"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    entry: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    actor: Mapped[str] = mapped_column(String(64))
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    data: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
