"""Rectifications: exactly one for each verified bad rating."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.records.base import Key, Record, Word
from hotline.rules.vocabulary import RectificationState


class Rectification(Record):
    __tablename__ = "rectifications"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("ratings.id"), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    state: Mapped[RectificationState] = mapped_column(Word(RectificationState))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
