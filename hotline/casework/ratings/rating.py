"""Ratings: one per rater, object and round; a verified bad one opens its rectification in the same transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.ratings import rectification
from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.database.upsert import insert
from hotline.models.ratings.ratings import Rating
from hotline.models.tickets.result_authors import result_authors
from hotline.models.tickets.tickets import Ticket
from hotline.rules.permissions import check_not_own_work
from hotline.rules.ratings import rating as rules
from hotline.rules.ratings.rating import RatedBy
from hotline.rules.ratings.rectification import opens_rectification
from hotline.rules.refusals import ConditionUnmet, Duplicate
from hotline.rules.vocabulary import Action, Audience, Satisfaction

TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class RatingGiven:
    """`reasons`: codes of the list in force."""

    level: Satisfaction
    reasons: tuple[str, ...] = ()
    remark: str = ""


def rate(ctx: Context, number: str, given: RatingGiven, *, by: RatedBy = RatedBy.TICKET_CODE) -> Ticket:
    """The enterprise rates with its query code or a link, or tells an operator, who is called by it and did not answer it.

    Refuses `WrongState` before the answer, `WindowClosed` after the days in which a rating is open, `Duplicate` for a second
    one of the same round; at a link the same one sent again is answered like the first.
    """
    ticket = open_for(ctx, number, Action.RATE)
    if not ctx.actor.is_enterprise:
        check_not_own_work(ctx.actor, ticket.desk_path, _handlers(ctx.session, ticket), "评价")
    invited_at = ticket.rating_invited_at or ticket.replied_at
    if invited_at is None:
        raise ConditionUnmet("这张工单来自一次评价，不再另行评价")
    rules.check_window(invited_at, ctx.now, ctx.rules.ratings.open_days)
    rating, first = keep(
        ctx,
        given,
        f"{TICKET}:{ticket.id}:{ticket.round}",
        f"{ticket.number}:{ticket.contact_id}",
        object=TICKET,
        ticket_id=ticket.id,
        unit_id=ticket.lead_unit_id,
        round=ticket.round,
        channel=by if ctx.actor.is_enterprise else RatedBy.OPERATOR,
        verified=True,
        real_name=ticket.contact_id is not None and not ticket.anonymous,
        rated_at=ctx.now,
    )
    if not first and by is not RatedBy.LINK:
        raise Duplicate("本轮办理的评价")
    if first:
        level = str(given.level)
        timeline.write(ctx, ticket, "rated", audience=Audience.PUBLIC, level=level)
        if opens_rectification(given.level, verified=True):
            rectification.open_case(ctx, ticket, rating)
    return ticket


def _handlers(session: Session, ticket: Ticket) -> set[int | None]:
    return {ticket.closed_by, *result_authors(session, ticket)} - {None}


def keep(
    ctx: Context,
    given: RatingGiven,
    rated: str,
    rater: str,
    **columns: Any,
) -> tuple[Rating, bool]:
    """The rating of this rater for what is `rated`, and whether it is the first: two at once make one.

    Refuses `Duplicate` when an earlier one said something else.
    """
    reason_list = ctx.rules.ratings.reasons_at(columns["rated_at"])
    reasons = list(dict.fromkeys(given.reasons))
    rules.check_reasons(given.level, reasons, reason_list)
    rater_hash = keys_of(ctx.session).digest("rater", rater)
    columns |= {
        "level": given.level,
        "reasons": reasons,
        "remark": given.remark,
        "reasons_version": reason_list.version,
    }
    columns |= {"once": f"{rated}:{rater_hash}", "rater_hash": rater_hash}
    new = insert(ctx.session, Rating).values(**columns).on_conflict_do_nothing(index_elements=["once"])
    row = ctx.session.scalar(new.returning(Rating), execution_options={"populate_existing": True})
    if row is not None:
        return row, True
    earlier = ctx.session.scalars(select(Rating).where(Rating.once == columns["once"])).one()
    if (earlier.level, earlier.reasons, earlier.remark) != (given.level, reasons, given.remark):
        raise Duplicate("这次办理的评价")
    return earlier, False
