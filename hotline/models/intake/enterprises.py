"""Enterprises (public data) and the persons who speak for them (encrypted, in versions)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class Enterprise(Record):
    __tablename__ = "enterprises"
    __table_args__ = (Index("ix_enterprises_name", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    created_at: Mapped[datetime]


class Contact(Record):
    """One version of a contact's data: sealed with AES-GCM, cipher and key version beside it; a keyed hash for look-up."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    cipher: Mapped[str] = mapped_column(String(16))
    key_version: Mapped[int]
    sealed: Mapped[bytes]
    digest: Mapped[str] = mapped_column(String(64))
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class IdentityView(Record):
    """Every look at identity data: who, whose (of a ticket, or of a rating that has none), when and why.

    Without a contact: a file that knows the enterprise alone.
    """

    __tablename__ = "identity_views"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("ratings.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(200))
