"""Requests that wait beside the state of a ticket, for the signature of a leader or for a decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word, state_in, stored
from hotline.rules.handling.requests import OPEN_REQUESTS
from hotline.rules.vocabulary import RequestKind, RequestState

OPEN = state_in(OPEN_REQUESTS)
OPEN_REQUEST = text(OPEN)
IS_OPEN_REQUEST = stored("requests", OPEN)


class Request(Record):
    """One request of one round; at most one of a kind is open on a ticket. `details` are plain codes, words and dates."""

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "uq_requests_open",
            "ticket_id",
            "kind",
            unique=True,
            sqlite_where=OPEN_REQUEST,
            postgresql_where=OPEN_REQUEST,
        ),
        Index("ix_requests_waiting", "asked_at", "id", sqlite_where=OPEN_REQUEST, postgresql_where=OPEN_REQUEST),
        Index("ix_requests_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[RequestKind] = mapped_column(Word(RequestKind))
    state: Mapped[RequestState] = mapped_column(Word(RequestState), default=RequestState.PENDING)
    round: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]]
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
