"""Supervision orders 督办单: drafted by the ladder, issued or declined by a supervisor."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word, state_in, stored
from hotline.rules.reason_codes import Measure
from hotline.rules.supervision.orders import OPEN_ORDERS
from hotline.rules.vocabulary import OrderState

OPEN = state_in(OPEN_ORDERS)
OPEN_ORDER = text(OPEN)
IS_OPEN_ORDER = stored("orders", OPEN)


class Order(Record):
    """One order; at most one is open per ticket and unit."""

    __tablename__ = "orders"
    __table_args__ = (
        Index(
            "uq_orders_open", "ticket_id", "unit_id", unique=True, sqlite_where=OPEN_ORDER, postgresql_where=OPEN_ORDER
        ),
        Index("ix_orders_waiting", "drafted_at", "id", sqlite_where=OPEN_ORDER, postgresql_where=OPEN_ORDER),
        Index("ix_orders_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    round: Mapped[int]
    state: Mapped[OrderState] = mapped_column(Word(OrderState), default=OrderState.DRAFT)
    cause: Mapped[str] = mapped_column(String(32))
    drafted_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    issued_at: Mapped[datetime | None]
    demand: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    sent_back: Mapped[int] = mapped_column(default=0)


class MeasureTaken(Record):
    """A circular or an interview about a ticket: what was said, by whom; a circular of the ladder begins as a draft."""

    __tablename__ = "measures"
    __table_args__ = (Index("ix_measures_ticket", "ticket_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[Measure] = mapped_column(Word(Measure))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    drafted_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    issued_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    text: Mapped[str | None] = mapped_column(Text)
