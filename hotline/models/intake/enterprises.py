"""Enterprises (public data) and the persons who speak for them (encrypted, in versions)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from hotline.models.database.base import Key, Record, Word
from hotline.rules.intake.company_name import NameKind, name_key

NAMED_ALIKE = text("named_alike")


class Enterprise(Record):
    """An enterprise, or a name of one: `part_of_id` is the row that it was joined to, `head_id` the enterprise at the end.

    Staff establish `credit_code` and `verified_at`. What comes from outside has a row of its own for each ticket, with
    `given_code`: it is a name on that ticket and nothing else. `named_alike`: another verified enterprise has this name.
    """

    __tablename__ = "enterprises"
    __table_args__ = (
        Index("ix_enterprises_name", "name"),
        Index("ix_enterprises_name_key", "name_key"),
        Index("ix_enterprises_named_alike", "name_key", "id", sqlite_where=NAMED_ALIKE, postgresql_where=NAMED_ALIKE),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), server_default="")
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    given_code: Mapped[str | None] = mapped_column(String(18), index=True)
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    kind: Mapped[NameKind | None] = mapped_column(Word(NameKind))
    joined_at: Mapped[datetime | None]
    named_alike: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    @validates("name")
    def _keyed(self, _: str, name: str) -> str:
        """Keep the normal form beside the name."""
        self.name_key = name_key(name)
        return name


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
