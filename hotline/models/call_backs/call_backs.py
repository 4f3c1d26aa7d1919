"""Call-backs: every attempt of the centre, reached or not."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, and_, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.reason_codes import CallResult
from hotline.rules.vocabulary import Satisfaction, Solved

OPEN_CALL = text("ended_at IS NULL")


class CallBack(Record):
    """`solved` and `satisfaction` are two answers, and only there when somebody was reached.

    `untrue`: it proved that the result was.
    """

    __tablename__ = "call_backs"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    round: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    connected: Mapped[bool]
    contacted_by_unit: Mapped[bool | None]
    solved: Mapped[Solved | None] = mapped_column(Word(Solved))
    satisfaction: Mapped[Satisfaction | None] = mapped_column(Word(Satisfaction))
    no_reply_wanted: Mapped[bool] = mapped_column(default=False)
    untrue: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(Text, default="")


class CallBackTurn(Record):
    """Whose turn it is to call: held by one person until `held_until`; not before `booked_at`.

    That is the time the enterprise asked for (`booked`), or some peace after a call that nobody answered.
    """

    __tablename__ = "call_back_turns"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    held_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    held_until: Mapped[datetime | None]
    booked_at: Mapped[datetime | None]
    booked: Mapped[bool] = mapped_column(default=False)


def is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody holds it, and its time has come."""
    not_held = or_(CallBackTurn.held_until.is_(None), CallBackTurn.held_until <= now)
    return and_(not_held, or_(CallBackTurn.booked_at.is_(None), CallBackTurn.booked_at <= now))


class QualityCall(Record):
    """The call about a withdrawal after a dispatch: due within two working days, so that nobody is talked into one."""

    __tablename__ = "quality_calls"
    __table_args__ = (
        Index(
            "ix_quality_calls_due",
            "due_at",
            sqlite_where=text("called_at IS NULL"),
            postgresql_where=text("called_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), unique=True)
    due_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    called_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    own_will: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(Text, default="")


class Call(Record):
    """A call at the line; only some make a ticket. The caller's number is sealed in a contact. One is open for an operator."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("uq_calls_open", "operator_id", unique=True, sqlite_where=OPEN_CALL, postgresql_where=OPEN_CALL),
        Index("ix_calls_began", "began_at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    operator_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recording_id: Mapped[str | None] = mapped_column(String(80))
    result: Mapped[CallResult] = mapped_column(Word(CallResult))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
