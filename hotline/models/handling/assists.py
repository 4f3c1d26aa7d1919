"""Assisting tasks: what another unit contributes to the lead unit's matter."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.handling.assisting import AssistState

OPEN_ASSIST = text("state = 'open'")


class Assist(Record):
    """One task of one unit; a unit has at most one open task on a ticket. `unit_path` is what visibility asks by."""

    __tablename__ = "assists"
    __table_args__ = (
        Index(
            "uq_assists_open",
            "ticket_id",
            "unit_id",
            unique=True,
            sqlite_where=OPEN_ASSIST,
            postgresql_where=OPEN_ASSIST,
        ),
        Index("ix_assists_unit", "unit_path", "ticket_id", postgresql_ops={"unit_path": "text_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    round: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    unit_path: Mapped[str] = mapped_column(String(200))
    state: Mapped[AssistState] = mapped_column(Word(AssistState))
    task: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(Text)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
