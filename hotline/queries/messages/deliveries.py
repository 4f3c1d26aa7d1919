"""Messages that wait or could not be sent: by which channel, to whose account, and why. No ticket's content."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.messages.notices import IS_DEAD, IS_WAITING, Delivery, Notice
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.messages.delivery import DeliveryState


def dead_letters(session: Session, *, limit: int = 100) -> list[dict[str, Any]]:
    """The newest first."""
    query = _rows().where(IS_DEAD).order_by(Delivery.id.desc()).limit(limit)
    return [_line(*row) for row in session.execute(query)]


def delivery_page(
    ctx: Context, *, state: str, cursor: str | None = None, limit: int = paging.DEFAULT
) -> dict[str, Any]:
    """What is dead, or what might have left by now and waits: the newest first, `items` and the cursors."""
    query, known = _rows().where(_late(state, ctx.now)), {"cursor": cursor, "limit": limit}
    page = paging.read(ctx.session, query, Delivery.next_at, Delivery.id, newest_first=True, **known)  # type: ignore[arg-type]
    return {"items": [_line(*row[:4]) for row in page.rows], **page.ends()}


def late_counts(ctx: Context) -> dict[str, int]:
    """How many lines these pages have."""
    found = {}
    for state in (str(DeliveryState.DEAD), str(DeliveryState.WAITING)):
        query = select(func.count()).select_from(Delivery).join(Notice, Notice.id == Delivery.notice_id)
        found[state] = ctx.session.scalar(query.where(_late(state, ctx.now))) or 0
    return found


def _late(state: str, now: datetime) -> Any:
    return IS_DEAD if state == DeliveryState.DEAD else and_(IS_WAITING, Notice.not_before <= now)


def _rows() -> Any:
    query: Any = select(Delivery, Notice.kind, Notice.at, Staff.name).join(Notice, Notice.id == Delivery.notice_id)
    return query.outerjoin(Staff, Staff.id == Notice.staff_id)


def _line(row: Delivery, kind: str, at: datetime, name: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "channel": row.channel,
        **labelled("state", row.state),
        "kind": kind,
        "recipient": name or "企业",
        "at": instant(at),
        "attempts": row.attempts,
        "last_error": row.last_error,
    }


def counts(session: Session) -> dict[str, int]:
    """How many wait and how many are dead."""
    dead, waiting = (select(func.count()).select_from(Delivery).where(one) for one in (IS_DEAD, IS_WAITING))
    found = {DeliveryState.WAITING: session.scalar(waiting), DeliveryState.DEAD: session.scalar(dead)}
    return {str(state): number or 0 for state, number in found.items()}
