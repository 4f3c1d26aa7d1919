"""Tracked items 挂账: what a result promised, beside its ticket, until it is struck off; and what was written on each."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word, stored
from hotline.rules.handling.tracking import TrackNote, TrackState
from hotline.rules.vocabulary import ResultKind

OPEN = "state IN ('open','checking')"
OPEN_ITEM = text(OPEN)
IS_OPEN_ITEM = stored("tracked_items", OPEN)


class TrackedItem(Record):
    """One promise of one round; at most one is open on a ticket. `body` is who decides, where a legal procedure does."""

    __tablename__ = "tracked_items"
    __table_args__ = (
        Index("uq_tracked_items_open", "ticket_id", unique=True, sqlite_where=OPEN_ITEM, postgresql_where=OPEN_ITEM),
        Index("ix_tracked_items_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    round: Mapped[int]
    kind: Mapped[ResultKind] = mapped_column(Word(ResultKind))
    body: Mapped[str | None] = mapped_column(String(200))
    promised_on: Mapped[date] = mapped_column(Date)
    state: Mapped[TrackState] = mapped_column(Word(TrackState))
    consented_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TrackedNote(Record):
    """A note or a report of the unit, or a call of the centre (`connected`, and `done` when somebody was reached)."""

    __tablename__ = "tracked_notes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_items.id"), index=True)
    what: Mapped[TrackNote] = mapped_column(Word(TrackNote))
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    connected: Mapped[bool | None]
    done: Mapped[bool | None]
