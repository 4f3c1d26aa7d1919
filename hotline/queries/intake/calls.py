"""Calls as a list, the latest first, by the number that called; the number itself stays masked."""

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.call_backs.call_backs import Call
from hotline.models.intake.enterprises import Contact
from hotline.models.intake.phone_hash import phone_hash
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.queries.tickets.identity import masked_contact
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import CENTRE_ROLES


def shown(session: Session, call: Call) -> dict[str, Any]:
    """One call for the operator who is in it, or the supervisor who looks."""
    contact = session.get(Contact, call.contact_id) if call.contact_id else None
    return _line(session, call, contact)


def _line(session: Session, call: Call, contact: Contact | None) -> dict[str, Any]:
    kept = contact is not None and contact.destroyed_at is None
    return {
        "id": call.id,
        "phone": masked_contact(session, contact)["phone"] if contact and kept else None,
        "began_at": instant(call.began_at),
        "ended_at": instant(call.ended_at),
        "recording_id": call.recording_id,
        **labelled("result", call.result),
    }


def call_page(ctx: Context, page: paging.Page, *, phone: str | None = None) -> dict[str, Any]:
    """`items` and `next_cursor`. Whoever only answers the line sees their own; a ticket out of sight is not named."""
    columns: tuple[Any, ...] = (Call, Contact, Staff.name, Ticket.number)
    query = select(*columns).outerjoin(Contact, Contact.id == Call.contact_id)
    query = query.join(Staff, Staff.id == Call.operator_id)
    query = query.outerjoin(Ticket, and_(Ticket.id == Call.ticket_id, visible_tickets(scope_of(ctx.actor))))
    if phone is not None:
        query = query.where(Contact.phone_hash == phone_hash(ctx.session, phone))
    if not ctx.actor.roles & CENTRE_ROLES:
        query = query.where(Call.operator_id == ctx.actor.staff_id)
    query = paging.page_of(query, paging.Order(Call.began_at, Call.id, newest_first=True), page)
    rows = ctx.session.execute(query).all()
    last = rows[page.limit - 1][0] if len(rows) > page.limit else None
    return {
        "items": [
            {**_line(ctx.session, call, contact), "operator": operator, "ticket": number}
            for call, contact, operator, number in rows[: page.limit]
        ],
        "next_cursor": paging.cursor_of(last.began_at, last.id) if last else None,
    }
