"""Who is calling: the enterprises behind a phone or a code, their tickets with what is due, the last calls of the number."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.intake.phone_hash import phone_hash
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.reminders import Reminder
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import identity_visible, visible_tickets
from hotline.queries.deadlines.due import standing_of
from hotline.queries.intake.calls import call_page
from hotline.queries.intake.repeats import same_enterprise
from hotline.queries.intake.who_calls import Caller
from hotline.queries.paging import Page
from hotline.queries.shown import Shown, first_rows
from hotline.queries.tickets.identity import masked_contact
from hotline.queries.tickets.tickets import COLUMNS, line
from hotline.rules.intake.company_name import name_key
from hotline.rules.masking import text_for
from hotline.rules.permissions import may_take
from hotline.rules.tickets.reminding import counted_on
from hotline.rules.tickets.states import OPEN, is_open
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Action

MOST_ENTERPRISES, MOST_TICKETS, MOST_CALLS = 3, 6, 4


def caller(ctx: Context, who: Caller) -> dict[str, Any]:
    """`enterprises` with the masked contact, `tickets` (open ones first), `calls`; empty lists for whoever is unknown."""
    return {
        "enterprises": _enterprises(ctx.session, who),
        "tickets": _tickets(ctx, who),
        "calls": _calls(ctx, who.phone),
    }


def _enterprises(session: Session, who: Caller) -> list[dict[str, Any]]:
    hashed = phone_hash(session, who.phone) if who.phone else None
    by_phone = and_(Contact.phone_hash == hashed, Contact.destroyed_at.is_(None))
    ways: list[Any] = []
    if who.phone:
        ways.append(Enterprise.id.in_(select(Contact.enterprise_id).where(by_phone)))
    if who.credit_code:
        ways.append(Enterprise.credit_code == who.credit_code)
    if who.name:
        ways.append(and_(Enterprise.name_key == name_key(who.name), Enterprise.verified_at.is_not(None)))
    if not ways:
        return []
    heads = select(func.coalesce(Enterprise.head_id, Enterprise.id)).where(or_(*ways))
    verified_first = Enterprise.verified_at.is_(None), Enterprise.id.desc()
    query = select(Enterprise).where(Enterprise.id.in_(heads)).order_by(*verified_first).limit(MOST_ENTERPRISES)
    found = list(session.scalars(query))
    contacts = _contacts(session, by_phone, [row.id for row in found]) if who.phone else {}
    return [
        {
            "name": row.name,
            "credit_code": row.credit_code or row.given_code,
            "verified": row.verified_at is not None,
            "contact": masked_contact(session, contacts[row.id]) if row.id in contacts else None,
        }
        for row in found
    ]


def _contacts(session: Session, by_phone: Any, heads: list[int]) -> dict[int, Contact]:
    """Return who spoke for each of these enterprises by this number, the latest of each."""
    head = func.coalesce(Enterprise.head_id, Enterprise.id)
    query = select(head, Contact).join(Enterprise, Enterprise.id == Contact.enterprise_id)
    rows = session.execute(query.where(by_phone, head.in_(heads)).order_by(Contact.id))
    return {row[0]: row[1] for row in rows}


def _tickets(ctx: Context, who: Caller) -> Shown:
    theirs = same_enterprise(ctx.session, who)
    if theirs is None:
        return Shown()
    query = select(*COLUMNS).outerjoin(Unit, Unit.id == Ticket.lead_unit_id)
    query = query.where(theirs, visible_tickets(scope_of(ctx.actor)), identity_visible(ctx.actor))
    open_first = case((in_states(OPEN), 0), else_=1)
    order = (open_first, Ticket.received_at.desc(), Ticket.id.desc())
    rows, left_out = first_rows(ctx.session, query.order_by(*order), MOST_TICKETS)
    shown = text_for(ctx.actor)
    lines = ({**line(ctx, row, shown), "open": is_open(row.state), **standing_of(ctx, row)} for row in rows)
    return Shown(lines, left_out)


def _calls(ctx: Context, phone: str | None) -> list[dict[str, Any]]:
    """The calls of this number that are over, the latest first."""
    if not phone:
        return []
    page = call_page(ctx, Page(limit=MOST_CALLS), phone=phone)
    return [call for call in page["items"] if call["ended_at"]]


def reminding(ctx: Context, numbers: Collection[str]) -> dict[str, str]:
    """For which of these tickets this person may write down a reminder now (`may`), and which have had today's (`made`)."""
    if not numbers:
        return {}
    day = counted_on(ctx.rules.calendar, ctx.now)
    today = and_(Reminder.ticket_id == Ticket.id, Reminder.on_day == day, Reminder.repeat_id.is_(None))
    columns: tuple[Any, ...] = (Ticket.number, Ticket.state, Ticket.desk_path, Reminder.id)
    query = select(*columns).outerjoin(Reminder, today).where(Ticket.number.in_(numbers))
    return {
        number: "may" if made is None else "made"
        for number, state, desk_path, made in ctx.session.execute(query.where(visible_tickets(scope_of(ctx.actor))))
        if may_take(ctx.actor, Action.REMIND, desk_path, state)
    }
