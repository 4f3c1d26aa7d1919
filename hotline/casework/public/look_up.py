"""The public look-up: number and query code, one answer for everything that is wrong, and guessing is counted."""

from datetime import timedelta

from sqlalchemy import bindparam, func, literal, select, true

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.tickets.tickets import LookUpAttempt, Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import LookUpRefused, TooManyAttempts
from hotline.rules.tickets.ticket_number import normalise

DAY = timedelta(days=1)
NO_TICKET = "0" * 64


_tries, _tickets = LookUpAttempt.__table__.c, Ticket.__table__.c
_here = (_tries.address_hash == bindparam("address"), _tries.at > bindparam("lately"))
_this = _tries.number == bindparam("number")
_ticket = select(_tickets.id, _tickets.query_code_hash).where(_tickets.number == bindparam("number")).subquery()
_PROOF = select(
    _ticket.c.id,
    _ticket.c.query_code_hash,
    select(func.count()).where(*_here).scalar_subquery(),
    select(func.count()).where(*_here, _this).scalar_subquery(),
    select(func.count()).where(_this, _tries.at > bindparam("today")).scalar_subquery(),
).select_from(select(literal(1).label("one")).subquery().outerjoin(_ticket, true()))


def enterprise_of(ctx: Context, number: str, code: str, address: str) -> Actor:
    """The enterprise that proves this ticket by its query code.

    Refuses `TooManyAttempts` while locked, with the right code as well; `LookUpRefused` for a wrong number and a wrong
    code alike. The caller records the failure with `count_failure`, in a transaction of its own.
    """
    number, keys = normalise(number)[:24], keys_of(ctx.session)
    asked = {
        "number": number,
        "address": keys.digest("address", address),
        "lately": ctx.now - ctx.rules.look_up.window,
        "today": ctx.now - DAY,
    }
    ticket_id, code_hash, from_address, from_address_for_this, today = ctx.session.execute(_PROOF, asked).one()
    locked = ctx.rules.look_up.lock(here=from_address_for_this, from_address=from_address, today=today)
    if locked is not None:
        raise TooManyAttempts(locked)
    sent_hash = keys.query_code_hash(number, code)
    if not keys.same(code_hash or NO_TICKET, sent_hash) or ticket_id is None:
        raise LookUpRefused()
    return Actor(name="企业", ticket_id=ticket_id)


def count_failure(ctx: Context, number: str, address: str) -> None:
    """Remembers a wrong try, whether there is such a ticket or not."""
    hashed = keys_of(ctx.session).digest("address", address)
    ctx.session.add(LookUpAttempt(number=normalise(number)[:24], address_hash=hashed, at=ctx.now))
