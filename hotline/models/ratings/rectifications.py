"""Rectifications: exactly one for each verified bad rating."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Json, Key, Record, Word, stored
from hotline.rules.reason_codes import Finding
from hotline.rules.vocabulary import RectificationState

OPEN = "state <> 'closed'"
OPEN_CASE = text(OPEN)
IS_OPEN_CASE = stored("rectifications", OPEN)


class Rectification(Record):
    """One case with what each station said; `proof` are ids of attachments, `round` counts the mending again."""

    __tablename__ = "rectifications"
    __table_args__ = (
        Index("ix_rectifications_open", "state", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
        Index("ix_rectifications_waiting", "opened_at", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
        Index("ix_rectifications_opened", "opened_at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("ratings.id"), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    state: Mapped[RectificationState] = mapped_column(Word(RectificationState))
    round: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    finding: Mapped[Finding | None] = mapped_column(Word(Finding))
    verification: Mapped[str | None] = mapped_column(Text)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    verified_at: Mapped[datetime | None]
    appeal: Mapped[str | None] = mapped_column(Text)
    appealed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    appealed_at: Mapped[datetime | None]
    ruling: Mapped[str | None] = mapped_column(Text)
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ruled_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    measures: Mapped[str | None] = mapped_column(Text)
    feedback: Mapped[str | None] = mapped_column(Text)
    proof: Mapped[list[Any] | None] = mapped_column(Json)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    submitted_at: Mapped[datetime | None]
    recheck: Mapped[str | None] = mapped_column(Text)
    rechecked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    rechecked_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
