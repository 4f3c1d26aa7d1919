"""Tries to sign in, and the second factor that somebody may have switched on."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.accounts.sign_in import TryOutcome


class SignInTry(Record):
    """A try to sign in, by keyed hashes of the name that was typed and of the address: the log, and the count that locks.

    `staff_id` is set once the password was right; what was typed as a name may be anything, a password too.
    """

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        Index("ix_sign_in_tries_account", "account_hash", "at"),
        Index("ix_sign_in_tries_address", "address_hash", "at"),
        Index("ix_sign_in_tries_at", "at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    outcome: Mapped[TryOutcome] = mapped_column(Word(TryOutcome))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class SecondFactor(Record):
    """The sealed secret from which somebody's telephone makes codes; it counts once its first code has been given.

    `last_step`: the time step of the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "second_factors"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime]
    switched_on_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Record):
    """A code for the day the telephone is lost; each is good once, and only its keyed hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]
