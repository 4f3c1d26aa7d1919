"""Rating links: in a notice about a ticket, on a slip for one visit, on the printed sheet of a body. Signed, never stored.

A link is good for its own object alone and, but for the sheet, until its day; every other one gets the same answer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.ratings.body_rating import body_of
from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.ratings.ratings import RatedBody
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import LinkRefused, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.security.keys import Keys

PURPOSE = "rating-link"
_TICKET, _VISIT, _SHEET = "t", "v", "s"


@dataclass(frozen=True, slots=True)
class TicketLink:
    ticket_id: int
    number: str


@dataclass(frozen=True, slots=True)
class BodyLink:
    """`occasion` of one visit, else the day; `verified` for a visit, whose slip was handed to whoever was served."""

    body: str
    name: str
    occasion: str
    channel: str | None
    verified: bool


def for_ticket(keys: Keys, number: str, round: int, *, at: datetime, rulebook: Rulebook) -> str:
    """The link of a notice, for one round of one ticket."""
    until = at + timedelta(days=rulebook.ratings.link_days)
    return keys.sign(PURPOSE, [_TICKET, number, round, int(until.timestamp())])


def for_visit(keys: Keys, body: str, occasion: str, channel: str, *, now: datetime, days: int) -> tuple[str, datetime]:
    """The link of a slip, for one visit, and until when it holds."""
    until = now + timedelta(days=days)
    return keys.sign(PURPOSE, [_VISIT, body, occasion, channel, int(until.timestamp())]), until


def for_sheet(keys: Keys, body: RatedBody) -> str:
    """The link of the printed sheet that holds now."""
    return keys.sign(PURPOSE, [_SHEET, body.code, body.sheet])


def opened(ctx: Context, token: str) -> TicketLink | BodyLink:
    """What this link is for; refuses `LinkRefused` alike for a wrong, a late and a replaced one."""
    data = keys_of(ctx.session).read(PURPOSE, token) or [""]
    found: TicketLink | BodyLink | None = None
    if data[0] == _TICKET and ctx.now <= datetime.fromtimestamp(data[3], UTC):
        found = _ticket(ctx.session, *data[1:3])
    elif data[0] == _VISIT and ctx.now <= datetime.fromtimestamp(data[4], UTC):
        found = _body(ctx.session, data[1], data[2], data[3])
    elif data[0] == _SHEET:
        found = _body(ctx.session, data[1], f"{local(ctx.now):%Y-%m-%d}", None, data[2])
    if found is None:
        raise LinkRefused()
    return found


def _ticket(session: Session, number: str, round: int) -> TicketLink | None:
    query = select(Ticket.id).where(Ticket.number == number, Ticket.round == round)
    ticket_id = session.scalar(query)
    return None if ticket_id is None else TicketLink(ticket_id, number)


def _body(session: Session, code: str, occasion: str, channel: str | None, sheet: int | None = None) -> BodyLink | None:
    try:
        body = body_of(session, code)
    except UnknownThing:
        return None
    if sheet is not None and sheet != body.sheet:
        return None
    return BodyLink(body.code, body.name, occasion, channel, verified=sheet is None)
