"""Ratings as people read them: what is rated, and which ones wait for the centre's call."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.ratings.ratings import IS_BAD, RatedBody, Rating
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.masking import text_for

MOST_UNVERIFIED = 200


def bodies(session: Session) -> list[dict[str, Any]]:
    """What is rated, halls before their windows."""
    query = select(RatedBody, Unit.name).outerjoin(Unit, Unit.id == RatedBody.unit_id)
    return [
        {
            "code": body.code,
            **labelled("kind", body.kind),
            "name": body.name,
            "unit": unit,
            "depth": body.path.count("/") - 2,
        }
        for body, unit in session.execute(query.where(RatedBody.closed_at.is_(None)).order_by(RatedBody.path))
    ]


def unverified(ctx: Context, *, on: date | None = None, cursor: str | None = None) -> dict[str, Any]:
    """`items` and `next_cursor`: those of a day (Asia/Shanghai), whether looked at or not; without a day the bad ones that
    wait for a call. The oldest first."""
    query: Any = select(Rating, RatedBody.name, Unit.name.label("unit")).join(RatedBody, RatedBody.id == Rating.body_id)
    query = query.outerjoin(Unit, Unit.id == Rating.unit_id)
    if on is None:
        waits = (~Rating.verified, Rating.checked_at.is_(None), Rating.contact_id.is_not(None))
        query = query.where(*waits, IS_BAD)
    else:
        begin = datetime(on.year, on.month, on.day, tzinfo=ZONE)
        query = query.where(Rating.rated_at >= begin, Rating.rated_at < begin + timedelta(days=1))
        query = query.where(~Rating.verified | Rating.checked_at.is_not(None))
    order = paging.Order(Rating.rated_at, Rating.id)
    rows = ctx.session.execute(paging.page_of(query, order, paging.Page(cursor, MOST_UNVERIFIED))).all()
    last = rows[MOST_UNVERIFIED - 1].Rating if len(rows) > MOST_UNVERIFIED else None
    return {
        "items": [_line(ctx, rating, name, unit) for rating, name, unit in rows[:MOST_UNVERIFIED]],
        "next_cursor": paging.cursor_of(last.rated_at, last.id) if last else None,
    }


def _line(ctx: Context, rating: Rating, name: str, unit: str | None) -> dict[str, Any]:
    return {
        "id": rating.id,
        "body": name,
        "unit": unit,
        **labelled("level", rating.level),
        "reasons": ctx.rules.ratings.labels(rating.reasons_version, rating.reasons),
        "remark": text_for(ctx.actor)(rating.remark),
        "rated_at": instant(rating.rated_at),
        "has_phone": rating.contact_id is not None,
        "checked_at": instant(rating.checked_at),
        "verified": rating.verified,
        "check_note": text_for(ctx.actor, by_office=True)(rating.check_note),
    }
