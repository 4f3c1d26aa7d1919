"""Messages that wait or could not be sent: by which channel, to whose account, and why. No ticket's content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.messages.notices import IS_DEAD, IS_WAITING, Delivery, Notice
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.queries.shown import Shown, shown
from hotline.rules.messages.delivery import DeliveryState

MOST_DEAD = 100


def dead_letters(session: Session) -> Shown:
    """The newest first."""
    return shown(session, _rows().where(IS_DEAD).order_by(Delivery.id.desc()), MOST_DEAD, lambda *row: _line(row))


@dataclass(frozen=True, slots=True)
class DeliveryFilters:
    """In which state: dead or waiting."""

    state: str


def delivery_page(ctx: Context, filters: DeliveryFilters, page: paging.Page) -> dict[str, Any]:
    """What is dead, or what might have left by now and waits: the newest first, `items` and the cursors."""
    order = paging.Order(Delivery.next_at, Delivery.id, newest_first=True)
    found = paging.read(ctx.session, _rows().where(_late(filters.state, ctx.now)), order, page)
    return {"items": [_line(row) for row in found.rows], **found.ends()}


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


def _line(found: Any) -> dict[str, Any]:
    row, kind, at, name = found[:4]
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
