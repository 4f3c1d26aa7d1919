"""What an enterprise sees of its ticket with the query code: status, dates, unit, reply. No names, phones or inner notes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.reading.shown import instant
from hotline.records.ratings import Rating
from hotline.records.tickets import Ticket
from hotline.records.units import Unit
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import PUBLIC_STATUS, ClockKind
from hotline.rules.workflow import AFTER_ANSWER

SHOWN_DUES = (ClockKind.SIGN, ClockKind.HANDLE)


def public_ticket(session: Session, ticket_id: int, *, now: datetime, rulebook: Rulebook) -> dict[str, Any]:
    """The ticket that was proved by its code."""
    columns = (
        Ticket.number,
        Ticket.type,
        Ticket.title,
        Ticket.state,
        Ticket.round,
        Ticket.received_at,
        Ticket.due_at,
        Ticket.due_kind,
        Ticket.reply,
        Ticket.replied_at,
        Ticket.closed_at,
        Ticket.rating_invited_at,
        Unit.name.label("unit"),
    )
    query = select(*columns).outerjoin(Unit, Unit.id == Ticket.lead_unit_id).where(Ticket.id == ticket_id)
    row = session.execute(query).one()
    rated = _rated(session, ticket_id, row.round) if row.state in AFTER_ANSWER else None
    return {
        "number": row.number,
        "type_label": row.type.label if row.type else None,
        "title": row.title,
        "status": PUBLIC_STATUS[row.state],
        "received_at": instant(row.received_at),
        "due_at": instant(row.due_at) if row.due_kind in SHOWN_DUES else None,
        "unit": row.unit,
        "reply": row.reply,
        "replied_at": instant(row.replied_at),
        "closed_at": instant(row.closed_at),
        "rated": rated,
        "may_rate": row.state in AFTER_ANSWER and rated is None and _is_open(row, now, rulebook),
    }


def _rated(session: Session, ticket_id: int, round: int) -> str | None:
    query = select(Rating.level).where(Rating.ticket_id == ticket_id, Rating.round == round)
    level = session.scalar(query.limit(1))
    return level.label if level else None


def _is_open(row: Any, now: datetime, rulebook: Rulebook) -> bool:
    invited_at = row.rating_invited_at or row.replied_at
    return invited_at is not None and now <= invited_at + timedelta(days=rulebook.ratings.open_days)
