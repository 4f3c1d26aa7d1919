"""Tickets, and what belongs to a round of one: dispatches, results, contacts made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.models.accounts.units import Unit
from hotline.models.database.base import Key, Record, Word, stored
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.tickets.states import OPEN
from hotline.rules.vocabulary import Channel, Difficulty, Outcome, ResultKind, State, TicketType, Urgency

OPEN_STATES = f"state NOT IN ({','.join(repr(str(state)) for state in State if state not in OPEN)})"
IS_OPEN = stored("tickets", OPEN_STATES)
SHAM = text("sham_at IS NOT NULL")


ANSWERED = "closed_at IS NOT NULL AND reply IS NOT NULL AND NOT confidential AND NOT anonymous"


class Ticket(Record):
    """One matter of one enterprise. `due_at` is the nearest due of its running clocks, written by casework/clocks alone.

    `desk_path` is the path of the unit on whose desk it lies: what visibility is asked by. `source_digest` is a keyed digest of
    the imported row; `superior_no` and `superior_due_on` are the number and the due of a superior platform.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("source", "source_no"),
        Index(
            "ix_tickets_open_due",
            "due_at",
            "id",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_open_desk",
            "desk_path",
            "due_at",
            "id",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
            postgresql_ops={"desk_path": "text_pattern_ops"},
        ),
        Index(
            "ix_tickets_open_state",
            "state",
            "due_at",
            "id",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index("ix_tickets_received", "received_at", "id"),
        # Of those that were merged alone: by an index of all, SQLite takes every ticket for one that none was merged into.
        Index(
            "ix_tickets_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_tickets_answered",
            "category",
            "closed_at",
            "id",
            sqlite_where=text(ANSWERED),
            postgresql_where=text(ANSWERED),
        ),
        Index(
            "ix_tickets_closed",
            "closed_at",
            "id",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_desk_received",
            "desk_path",
            "received_at",
            "id",
            postgresql_ops={"desk_path": "text_pattern_ops"},
        ),
        Index(
            "ix_tickets_answered_from",
            "answer_version_id",
            "replied_at",
            sqlite_where=text("answer_version_id IS NOT NULL"),
            postgresql_where=text("answer_version_id IS NOT NULL"),
        ),
        Index(
            "ix_tickets_to_resume",
            "suspended_until",
            sqlite_where=text("state = 'suspended'"),
            postgresql_where=text("state = 'suspended'"),
        ),
        Index(
            "ix_tickets_to_archive",
            "archive_after",
            sqlite_where=text("state = 'closed'"),
            postgresql_where=text("state = 'closed'"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    query_code_hash: Mapped[str] = mapped_column(String(64))
    type: Mapped[TicketType | None] = mapped_column(Word(TicketType))
    category: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    district: Mapped[str | None] = mapped_column(String(64))
    target_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    urgency: Mapped[Urgency] = mapped_column(Word(Urgency), default=Urgency.ROUTINE)
    confidential: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    difficulty: Mapped[Difficulty | None] = mapped_column(Word(Difficulty))
    difficulty_ground: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(Word(State))
    round: Mapped[int] = mapped_column(default=1)
    no_return: Mapped[bool] = mapped_column(default=False)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    desk_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    desk_path: Mapped[str | None] = mapped_column(String(200))
    unsigned_late: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    designated_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    info_asked_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime]
    state_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    archive_after: Mapped[datetime | None]
    rating_invited_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
    answer_version_id: Mapped[int | None] = mapped_column(ForeignKey("article_versions.id"))
    due_at: Mapped[datetime | None]
    due_kind: Mapped[str | None] = mapped_column(String(32))
    due_provisional: Mapped[bool] = mapped_column(default=False)
    step: Mapped[int] = mapped_column(default=-1)
    version: Mapped[int] = mapped_column(default=1)
    timeline_length: Mapped[int] = mapped_column(default=0)
    timeline_head: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str | None] = mapped_column(String(64))
    source_no: Mapped[str | None] = mapped_column(String(64))
    source_digest: Mapped[str | None] = mapped_column(String(64))
    superior_no: Mapped[str | None] = mapped_column(String(64))
    superior_due_on: Mapped[date | None]
    imported: Mapped[bool] = mapped_column(default=False)

    enterprise: Mapped[Enterprise | None] = relationship(lazy="raise_on_sql")
    contact: Mapped[Contact | None] = relationship(lazy="raise_on_sql")
    lead_unit: Mapped[Unit | None] = relationship(lazy="raise_on_sql", foreign_keys=[lead_unit_id])


class Dispatch(Record):
    """One dispatch to one lead unit; a ticket may have several, one after the other. `designated`: by a ruling, it binds."""

    __tablename__ = "dispatches"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    dispatched_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    dispatched_at: Mapped[datetime]
    sign_due_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    designated: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[DispatchEnd | None] = mapped_column(Word(DispatchEnd))


class ContactMade(Record):
    """That the unit spoke with the enterprise in this round: when, how, and what was said."""

    __tablename__ = "contacts_made"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    round: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    summary: Mapped[str] = mapped_column(Text)


class Result(Record):
    """One result of a round: a draft of the handler, or a submission of the leader with what the review said of it.

    `sham_at`: when a call proved it untrue 虚假办结.
    """

    __tablename__ = "results"
    __table_args__ = (Index("ix_results_sham", "sham_at", "id", sqlite_where=SHAM, postgresql_where=SHAM),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    round: Mapped[int]
    kind: Mapped[ResultKind] = mapped_column(Word(ResultKind))
    reply: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    submitted_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
    fault: Mapped[str | None] = mapped_column(String(32))
    remark: Mapped[str | None] = mapped_column(Text)
    sham_at: Mapped[datetime | None]


class IdempotencyKey(Record):
    """What a POST answered, so that the same key sent again gets the same answer and makes nothing twice."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("owner", "key"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80))
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class PublicSubmission(Record):
    """A matter that came from outside, by a keyed hash of its address, so that nobody floods the desks from one place."""

    __tablename__ = "public_submissions"
    __table_args__ = (Index("ix_public_submissions_address", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class LookUpAttempt(Record):
    """A wrong query code: by ticket number and by a keyed hash of the address, so that guessing is stopped everywhere."""

    __tablename__ = "look_up_attempts"
    __table_args__ = (
        Index("ix_look_up_attempts_number", "number", "at"),
        Index("ix_look_up_attempts_address", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(24))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Counter(Record):
    """The next number of a day, by prefix."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
