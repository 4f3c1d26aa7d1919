"""The public look-up: number and query code, one answer for everything that is wrong, and guessing is counted.

Locked: 5 wrong tries for a ticket from one address, 30 from an address, each in 15 minutes; 50 for a ticket in a day.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from hotline.records.session import keys_of
from hotline.records.tickets import LookUpAttempt, Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import LookUpRefused, TooManyAttempts
from hotline.rules.ticket_number import normalise

WINDOW, DAY = timedelta(minutes=15), timedelta(days=1)
PER_TICKET_AND_ADDRESS, PER_ADDRESS, PER_TICKET_AND_DAY = 5, 30, 50
NO_TICKET = "0" * 64


_here = (LookUpAttempt.address_hash == bindparam("address"), LookUpAttempt.at > bindparam("lately"))
_this = LookUpAttempt.number == bindparam("number")
_TRIES = select(
    select(func.count()).where(*_here).scalar_subquery(),
    select(func.count()).where(*_here, _this).scalar_subquery(),
    select(func.count()).where(_this, LookUpAttempt.at > bindparam("today")).scalar_subquery(),
)
_PROOF = select(Ticket.id, Ticket.query_code_hash).where(Ticket.number == bindparam("number"))


def enterprise_of(session: Session, number: str, code: str, address: str, *, now: datetime) -> Actor:
    """The enterprise that proves this ticket by its query code.

    Refuses `TooManyAttempts` while locked, with the right code as well; `LookUpRefused` for a wrong number and a wrong
    code alike. The caller records the failure with `count_failure`, in a transaction of its own.
    """
    number = normalise(number)[:24]
    keys = keys_of(session)
    _check_locked(session, number, keys.digest("address", address), now)
    row = session.execute(_PROOF, {"number": number}).one_or_none()
    given = keys.query_code_hash(number, code)
    if not keys.same(row.query_code_hash if row else NO_TICKET, given) or row is None:
        raise LookUpRefused()
    return Actor(name="企业", ticket_id=row.id)


def count_failure(session: Session, number: str, address: str, *, now: datetime) -> None:
    """Remembers a wrong try, whether there is such a ticket or not."""
    hashed = keys_of(session).digest("address", address)
    session.add(LookUpAttempt(number=normalise(number)[:24], address_hash=hashed, at=now))


def _check_locked(session: Session, number: str, address_hash: str, now: datetime) -> None:
    given = {"number": number, "address": address_hash, "lately": now - WINDOW, "today": now - DAY}
    from_address, from_address_for_this, today = session.execute(_TRIES, given).one()
    locked = from_address >= PER_ADDRESS or from_address_for_this >= PER_TICKET_AND_ADDRESS
    if locked or today >= PER_TICKET_AND_DAY:
        raise TooManyAttempts()
