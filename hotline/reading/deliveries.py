"""Messages that could not be sent, for the administrator: by which channel, to whose account, and why. No ticket's content."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.reading.shown import instant, labelled
from hotline.records.notices import Delivery, Notice
from hotline.records.staff import Staff
from hotline.rules.delivery import DeliveryState


def dead_letters(session: Session, *, limit: int = 100) -> list[dict[str, Any]]:
    """The newest first."""
    query = select(Delivery, Notice.kind, Notice.at, Staff.name).join(Notice, Notice.id == Delivery.notice_id)
    query = query.outerjoin(Staff, Staff.id == Notice.staff_id).where(Delivery.state == DeliveryState.DEAD)
    return [
        {
            "id": row.id,
            "channel": row.channel,
            **labelled("state", row.state),
            "kind": kind,
            "recipient": name or "企业",
            "at": instant(at),
            "attempts": row.attempts,
            "last_error": row.last_error,
        }
        for row, kind, at, name in session.execute(query.order_by(Delivery.id.desc()).limit(limit))
    ]


def counts(session: Session) -> dict[str, int]:
    """How many wait and how many are dead."""
    shown = (DeliveryState.WAITING, DeliveryState.DEAD)
    query = select(Delivery.state, func.count()).where(Delivery.state.in_(shown)).group_by(Delivery.state)
    found = {str(state): count for state, count in session.execute(query)}
    return {str(state): found.get(str(state), 0) for state in shown}
