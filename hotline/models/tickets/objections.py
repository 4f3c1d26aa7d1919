"""Objections of an enterprise to how its matter ended: once for each closing, rejection or termination."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word, stored
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import State

OPEN = "state = 'open'"
OPEN_OBJECTION = text(OPEN)
IS_OPEN_OBJECTION = stored("objections", OPEN)


class Objection(Record):
    """`ended_as` and `ended_at` say against which ending it is; `logged_by`: the operator who was called by the enterprise."""

    __tablename__ = "objections"
    __table_args__ = (
        UniqueConstraint("ticket_id", "ended_at"),
        Index("ix_objections_open", "id", sqlite_where=OPEN_OBJECTION, postgresql_where=OPEN_OBJECTION),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    ended_as: Mapped[State] = mapped_column(Word(State))
    ended_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    objected_at: Mapped[datetime]
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[ObjectionState] = mapped_column(Word(ObjectionState))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
