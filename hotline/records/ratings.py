"""Ratings: one per rater, object and round. Nothing is ever rated by default."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.records.base import Key, Record, Word
from hotline.rules.vocabulary import Satisfaction


class Rating(Record):
    """`object` names what is rated ("ticket"); `rater_hash` is a keyed hash, never the rater; unverified ones count nowhere.

    `excluded_at`: an appeal against it was upheld; it stays stored and leaves the rates.
    """

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("object", "ticket_id", "round", "rater_hash"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    object: Mapped[str] = mapped_column(String(32))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    round: Mapped[int]
    rater_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(32))
    verified: Mapped[bool]
    level: Mapped[Satisfaction] = mapped_column(Word(Satisfaction))
    reasons: Mapped[list[Any]]
    remark: Mapped[str] = mapped_column(Text, default="")
    rated_at: Mapped[datetime]
    excluded_at: Mapped[datetime | None]
