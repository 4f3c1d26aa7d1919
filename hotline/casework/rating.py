"""Ratings: one per rater, matter and round; a verified bad one opens its rectification in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework import rectification, timeline
from hotline.casework.access import open_for_deed
from hotline.records.ratings import Rating
from hotline.records.session import keys_of
from hotline.records.tickets import Ticket
from hotline.rules import rating as rules
from hotline.rules.actors import Actor
from hotline.rules.grounds import BadReason
from hotline.rules.refusals import Duplicate
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Audience, Deed, Satisfaction


@dataclass(frozen=True, slots=True)
class RatingGiven:
    level: Satisfaction
    reasons: tuple[BadReason, ...] = ()
    remark: str = ""


def rate(
    session: Session, number: str, given: RatingGiven, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Rating:
    """The enterprise rates with its query code, or tells an operator, who is called by it.

    Refuses `WrongState` before the answer, `WindowClosed` after the days in which a rating is open, `Duplicate` for a
    second one of the same round.
    """
    ticket = open_for_deed(session, number, Deed.RATE, actor=actor, now=now, rulebook=rulebook)
    rules.check_reasons(given.level, given.reasons)
    invited_at = ticket.rating_invited_at or ticket.replied_at
    assert invited_at is not None, "an answered ticket knows when it was answered"
    rules.check_window(invited_at, now, rulebook.ratings.open_days)
    rater_hash = keys_of(session).digest("rater", f"{ticket.number}:{ticket.contact_id}")
    _check_first(session, ticket, rater_hash)
    rating = Rating(
        object="ticket",
        ticket_id=ticket.id,
        unit_id=ticket.lead_unit_id,
        round=ticket.round,
        rater_hash=rater_hash,
        channel="ticket_code" if actor.is_enterprise else "operator",
        verified=True,
        level=given.level,
        reasons=[str(reason) for reason in given.reasons],
        remark=given.remark,
        rated_at=now,
    )
    session.add(rating)
    session.flush()
    level = str(given.level)
    timeline.write(session, ticket, "rated", actor=actor, now=now, audience=Audience.PUBLIC, level=level)
    if rules.opens_rectification(given.level, verified=rating.verified):
        rectification.open_case(session, ticket, rating, now=now, rulebook=rulebook)
    return rating


def _check_first(session: Session, ticket: Ticket, rater_hash: str) -> None:
    query = select(Rating.id).where(
        Rating.object == "ticket",
        Rating.ticket_id == ticket.id,
        Rating.round == ticket.round,
        Rating.rater_hash == rater_hash,
    )
    if session.scalar(query) is not None:
        raise Duplicate("本轮办理的评价")
