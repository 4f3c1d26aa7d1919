"""Likely repeats while a call is logged: the same enterprise by phone, credit code or name, the same matter by its text."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.intake.enterprise_family import same_by_code, same_by_name
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.intake.phone_hash import phone_hash
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import identity_visible, visible_tickets
from hotline.queries.formatting import instant, labelled
from hotline.queries.intake.who_calls import Caller
from hotline.rules.intake.similarity import SAME, pairs_of, similarity, weights_of
from hotline.rules.masking import text_for
from hotline.rules.tickets.states import OPEN
from hotline.rules.visibility import scope_of

MOST_COMPARED, MOST_SHOWN = 300, 5
COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.title,
    Ticket.content,
    Ticket.state,
    Ticket.received_at,
    Ticket.desk_path,
    Ticket.confidential,
    Ticket.anonymous,
)


def likely_repeats(ctx: Context, who: Caller, text: str = "") -> list[dict[str, Any]]:
    """Open tickets of this enterprise first, the most alike before the others; then the same matter of anybody."""
    caller = same_enterprise(ctx.session, who)
    own = _rows(ctx, caller, ctx.rules.repeats.same_enterprise_since(ctx.now)) if caller is not None else []
    others = _rows(ctx, None, ctx.rules.repeats.same_matter_since(ctx.now)) if text else []
    asked = pairs_of(text)
    pairs_by_id = {row.id: pairs_of(f"{row.title}{row.content}") for row in (*own, *others)}
    weights = weights_of([asked, *pairs_by_id.values()])
    alike = {id: similarity(asked, pairs, weights) for id, pairs in pairs_by_id.items()}
    mine = {row.id for row in own}
    rest = [row for row in others if row.id not in mine and alike[row.id] >= SAME]
    own.sort(key=lambda row: -alike[row.id])
    rest.sort(key=lambda row: -alike[row.id])
    return [_line(ctx, row, row.id in mine, alike[row.id]) for row in (*own, *rest)[:MOST_SHOWN]]


def same_enterprise(session: Session, who: Caller) -> ColumnElement[bool] | None:
    """The tickets of whoever calls, by any of the three; None when none is known.

    Who that is is asked first: a planner that knows how few they are takes the index of theirs.
    """
    parts: list[ColumnElement[bool]] = []
    if who.phone:
        hashed = phone_hash(session, who.phone)
        parts.append(Ticket.contact_id.in_(_ids(session, Contact.id, Contact.phone_hash == hashed)))
    if who.credit_code:
        parts.append(Ticket.enterprise_id.in_(_ids(session, Enterprise.id, same_by_code(who.credit_code))))
    if who.name:
        parts.append(Ticket.enterprise_id.in_(_ids(session, Enterprise.id, same_by_name(who.name))))
    return or_(*parts) if parts else None


def _ids(session: Session, id: Any, condition: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(select(id).where(condition)))


def _rows(ctx: Context, caller: ColumnElement[bool] | None, since: datetime) -> list[Any]:
    seen = (visible_tickets(scope_of(ctx.actor)), identity_visible(ctx.actor))
    query = select(*COLUMNS).where(Ticket.received_at >= since, in_states(OPEN), *seen)
    if caller is not None:
        query = query.where(caller)
    query = query.order_by(Ticket.received_at.desc(), Ticket.id.desc()).limit(MOST_COMPARED)
    return list(ctx.session.execute(query))


def _line(ctx: Context, row: Any, same_enterprise: bool, alike: float) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": text_for(ctx.actor)(row.title),
        **labelled("state", row.state),
        "received_at": instant(row.received_at),
        "same_enterprise": same_enterprise,
        "similarity": round(alike, 2),
    }
