"""Ratings of halls, windows, sites ...: what counts at once, what waits for the centre's call, and what a bad one becomes.

A verified bad one becomes a ticket of its own, closed from the start and confidential, which carries the rectification: the unit
mends without knowing who rated, and the rater follows it with number and query code.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.ratings import rectification
from hotline.casework.ratings.rating import RatingGiven, keep
from hotline.casework.tickets import contacts, timeline
from hotline.casework.tickets.contacts import ContactGiven
from hotline.casework.tickets.numbers import next_number
from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.accounts.units import Unit
from hotline.models.database.session import keys_of
from hotline.models.intake.enterprises import Contact, IdentityView
from hotline.models.ratings.ratings import RatedBody, Rating
from hotline.models.ratings.rectifications import Rectification
from hotline.models.tickets.blank_ticket import blank_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import VISITOR
from hotline.rules.permissions import check_not_own_work, check_role
from hotline.rules.ratings.rectification import opens_rectification
from hotline.rules.refusals import ConditionUnmet, OwnWork, UnknownThing
from hotline.rules.tickets.ticket_number import TICKET
from hotline.rules.vocabulary import Audience, Channel, Difficulty, Role, State, TicketType, Urgency


@dataclass(frozen=True, slots=True)
class BodyRating:
    """`occasion` names the visit or the use that is rated; `rater` whoever came with it, as far as the channel can tell.

    Empty where the visit says it: whoever was served rates once, whatever telephone is left.
    """

    body: RatedBody
    occasion: str
    rater: str
    channel: str
    given: RatingGiven
    verified: bool
    contact: ContactGiven = field(default_factory=ContactGiven)
    rated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The rating, and where its rectification can be followed when it has opened one."""

    rating: Rating
    first: bool
    number: str | None = None
    query_code: str | None = None


def rate_body(ctx: Context, given: BodyRating) -> Kept:
    """One rating of a body. Refuses `OwnWork` to a rater with a number of the unit's staff, `Duplicate`."""
    body = given.body
    _check_not_staff(ctx.session, body, given.contact.phone)
    contact = contacts.contact_for(ctx, None, given.contact)
    rating, first = keep(
        ctx,
        given.given,
        f"{body.code}:{given.occasion}",
        given.rater,
        object=str(body.kind),
        body_id=body.id,
        unit_id=body.unit_id,
        occasion=given.occasion,
        contact_id=contact.id if contact else None,
        channel=given.channel,
        verified=given.verified,
        real_name=given.verified and contact is not None,
        rated_at=given.rated_at or ctx.now,
    )
    if first and opens_rectification(rating.level, verified=rating.verified):
        _open_case(ctx, rating, body)
    return Kept(rating, first, *_followed(ctx.session, rating))


def body_of(session: Session, code: str) -> RatedBody:
    """Refuses `UnknownThing`, also for one that is closed."""
    body = session.scalar(select(RatedBody).where(RatedBody.code == code, RatedBody.closed_at.is_(None)))
    if body is None:
        raise UnknownThing("这个评价对象")
    return body


def _check_not_staff(session: Session, body: RatedBody, phone: str | None) -> None:
    if phone and body.unit:
        own = select(Staff.id).join(Unit, Unit.id == Staff.unit_id).where(Staff.phone == phone)
        if session.scalar(own.where(Unit.path.startswith(body.unit.path, autoescape=True)).limit(1)) is not None:
            raise OwnWork("评价")


def _followed(session: Session, rating: Rating) -> tuple[str | None, str | None]:
    query = select(Ticket.number).join(Rectification, Rectification.ticket_id == Ticket.id)
    number = session.scalar(query.where(Rectification.rating_id == rating.id)) if rating.verified else None
    return number, (keys_of(session).derived_query_code("rating", rating.once) if number else None)


def _open_case(ctx: Context, rating: Rating, body: RatedBody) -> None:
    unit, number = body.unit, next_number(ctx, TICKET)
    code = keys_of(ctx.session).derived_query_code("rating", rating.once)
    reasons = "、".join(ctx.rules.ratings.labels(rating.reasons_version, rating.reasons))
    ticket = blank_ticket(
        number=number,
        query_code_hash=keys_of(ctx.session).query_code_hash(number, code),
        type=TicketType.COMPLAINT,
        title=f"{body.name}：{rating.level.label}",
        content=f"{reasons}。{rating.remark}".strip(),
        channel=Channel.RATING,
        urgency=Urgency.ROUTINE,
        confidential=True,
        anonymous=rating.contact_id is None,
        difficulty=Difficulty.ORDINARY,
        state=State.CLOSED,
        contact_id=rating.contact_id,
        lead_unit_id=unit.id if unit else None,
        desk_unit_id=unit.id if unit else None,
        desk_path=unit.path if unit else None,
        received_at=rating.rated_at,
        state_at=ctx.now,
        closed_at=ctx.now,
        archive_after=ctx.rules.calendar.due(ctx.now, ctx.rules.limits.archive_after_days).at,
    )
    ctx.session.add(ticket)
    ctx.session.flush()
    level, public = str(rating.level), Audience.PUBLIC
    timeline.write(ctx.by(VISITOR), ticket, "rated", at=rating.rated_at, audience=public, level=level)
    rectification.open_case(ctx, ticket, rating)


@dataclass(frozen=True, slots=True)
class Check:
    """What the centre's call about an unverified rating has shown."""

    confirmed: bool
    note: str


def check_rating(ctx: Context, rating_id: int, given: Check) -> Rating:
    """A reviewer calls the number that a rater left at a printed code: confirmed, it counts, and a bad one opens its case."""
    rating, body = _unverified(ctx, rating_id, "核实评价")
    check_not_own_work(ctx.actor, body.unit.path if body.unit else None, (), "核实")
    if rating.verified or rating.checked_at is not None:
        raise ConditionUnmet("这条评价已经核实过")
    if given.confirmed and rating.contact_id is None:
        raise ConditionUnmet("评价人没有留下电话，不能核实为有效")
    rating.checked_at, rating.checked_by, rating.check_note = ctx.now, ctx.actor.staff_id, given.note
    rating.verified = rating.real_name = given.confirmed
    ctx.session.flush()
    if opens_rectification(rating.level, verified=rating.verified):
        _open_case(ctx, rating, body)
    return rating


def reveal_rater(ctx: Context, rating_id: int, reason: str) -> ContactGiven:
    """The number to call, with a reason, and it is remembered who looked."""
    rating, _ = _unverified(ctx, rating_id, "查看评价人电话")
    contact = ctx.session.get(Contact, rating.contact_id) if rating.contact_id else None
    if contact is None or contact.destroyed_at is not None:
        raise UnknownThing("评价人的联系方式")
    assert ctx.actor.staff_id is not None, "a reviewer is a member of staff"
    ctx.session.add(
        IdentityView(staff_id=ctx.actor.staff_id, rating_id=rating.id, contact_id=contact.id, at=ctx.now, reason=reason)
    )
    return contacts.opened(ctx.session, contact)


def _unverified(ctx: Context, rating_id: int, action: str) -> tuple[Rating, RatedBody]:
    check_role(ctx.actor, Role.REVIEWER, action)
    query = select(Rating, RatedBody).join(RatedBody, RatedBody.id == Rating.body_id).where(Rating.id == rating_id)
    found = ctx.session.execute(
        query.with_for_update(of=Rating).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise UnknownThing("这条评价")
    return found[0], found[1]
