"""Ratings: one per rater, object and round. Nothing is ever rated by default. What is rated, and by which channels, is data."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.models.accounts.units import Unit
from hotline.models.database.base import Key, Record, Word
from hotline.rules.ratings.rating import BAD_LEVELS, BodyKind
from hotline.rules.vocabulary import Satisfaction

UNCHECKED = text("NOT verified AND checked_at IS NULL")


class RatedBody(Record):
    """A hall, a window, a site ... `unit` mends what is rated badly; without one it is the centre's own.

    `sheet`: the number of the printed QR code that holds now; a new one makes the older sheets void.
    """

    __tablename__ = "rated_bodies"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[BodyKind] = mapped_column(Word(BodyKind))
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("rated_bodies.id"))
    path: Mapped[str] = mapped_column(String(200), default="")
    sheet: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]
    unit: Mapped[Unit | None] = relationship(lazy="joined")


class RatingChannel(Record):
    """A channel that sends ratings with a token of its own, for one body and all below it (`body_path`; empty: all).

    `signed_in`: it knows who rates, so that its ratings are verified.
    """

    __tablename__ = "rating_channels"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    body_path: Mapped[str] = mapped_column(String(200), default="")
    signed_in: Mapped[bool]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_expires_at: Mapped[datetime | None]


class Rating(Record):
    """One rating of a ticket's round or of an occasion at a body.

    `once` is what makes it the only one: object, its id, round or occasion, rater. `rater_hash` is a keyed hash, never the
    rater; `contact_id` a sealed contact that a rater left. Unverified ones count nowhere. `checked_at`: the centre has called
    about an unverified one. `excluded_at`: an appeal against it was upheld; it stays stored and leaves the rates.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("(ticket_id IS NULL) <> (body_id IS NULL)", name="one_object"),
        Index("ix_ratings_rated", "rated_at", "id"),
        Index("ix_ratings_unchecked", "rated_at", "id", sqlite_where=UNCHECKED, postgresql_where=UNCHECKED),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    once: Mapped[str] = mapped_column(String(240), unique=True)
    object: Mapped[str] = mapped_column(String(32))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("rated_bodies.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    round: Mapped[int] = mapped_column(default=1)
    occasion: Mapped[str] = mapped_column(String(80), default="")
    rater_hash: Mapped[str] = mapped_column(String(64))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    channel: Mapped[str] = mapped_column(String(32))
    real_name: Mapped[bool] = mapped_column(default=False)
    verified: Mapped[bool]
    level: Mapped[Satisfaction] = mapped_column(Word(Satisfaction))
    reasons: Mapped[list[Any]]
    reasons_version: Mapped[int] = mapped_column(default=1)
    remark: Mapped[str] = mapped_column(Text, default="")
    rated_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    check_note: Mapped[str | None] = mapped_column(Text)
    excluded_at: Mapped[datetime | None]


IS_BAD = Rating.level.in_(BAD_LEVELS)
"""`is_bad` of `hotline.rules.ratings.rating` in a query."""
