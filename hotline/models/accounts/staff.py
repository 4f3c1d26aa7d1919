"""Staff, their roles over subtrees of units, and the sessions and tokens they sign in with."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.models.accounts.units import Unit
from hotline.models.database.base import Key, Record, Word
from hotline.rules.vocabulary import Role


class Staff(Record):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))
    disabled_at: Mapped[datetime | None]
    added_at: Mapped[datetime | None]
    last_signed_in_at: Mapped[datetime | None]
    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)
    roles: Mapped[list["StaffRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class StaffRole(Record):
    """A role, held over the subtree of `unit` (the person's own unit as a rule)."""

    __tablename__ = "staff_roles"
    __table_args__ = (UniqueConstraint("staff_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)


class SignIn(Record):
    """A session or a token: only the hash of its secret is kept, and it can be revoked.

    `seen_at`: when a session was last used, to the minute. A token has none: it does not end by standing idle.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    label: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    staff: Mapped[Staff] = relationship(lazy="joined", innerjoin=True)
