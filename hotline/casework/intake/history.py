"""Imported matters: history becomes closed tickets whose clocks are computed at the row's own instants.

Imported history starts no ladder and tells nobody. A row without a reply is a live matter: its clocks start at the import.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, contacts, enterprises, timeline, units
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.casework.tickets.numbers import next_number
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.blank_ticket import blank_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.dispatch import secrecy
from hotline.rules.refusals import InvalidInput
from hotline.rules.tickets.ticket_number import TICKET
from hotline.rules.vocabulary import (
    Audience,
    Channel,
    ClockKind,
    Difficulty,
    Outcome,
    State,
    TicketType,
    Urgency,
)
from hotline.security.keys import make_query_code

SOURCE = "import"


@dataclass(frozen=True, slots=True)
class PastMatter:
    """One row of an import; instants aware. Without `signed_at` it counts as signed when received."""

    source_no: str
    received_at: datetime
    title: str
    content: str
    type: TicketType | None = None
    category: str | None = None
    difficult: bool = False
    unit: str | None = None
    signed_at: datetime | None = None
    replied_at: datetime | None = None
    reply: str | None = None
    satisfied: bool | None = None
    enterprise: EnterpriseGiven | None = None
    contact: ContactGiven = field(default_factory=ContactGiven)


def already_there(session: Session, numbers: Sequence[str]) -> set[str]:
    """Which of these source numbers were imported before."""
    query = select(Ticket.source_no).where(Ticket.source == SOURCE, Ticket.source_no.in_(numbers))
    return {number for number in session.scalars(query) if number is not None}


def import_matter(ctx: Context, matter: PastMatter) -> Ticket:
    """One row as a ticket. Refuses `InvalidInput` for what contradicts itself, `CalendarNotPublished` for an unknown year."""
    _check(matter, ctx.now)
    unit = _unit(ctx.session, matter.unit) if matter.unit else None
    ticket = _ticket(ctx, matter, unit)
    ctx.session.add(ticket)
    ctx.session.flush()
    start = matter.received_at if matter.replied_at else ctx.now
    timeline.write(ctx.by(SYSTEM), ticket, "imported", at=start, source_no=matter.source_no)
    if matter.replied_at is None:
        clocks.start(ctx, ticket, ClockKind.ACCEPT, ctx.now)
    else:
        _closed_clocks(ctx, ticket, matter, matter.replied_at)
    return ticket


def _check(matter: PastMatter, now: datetime) -> None:
    signed_at, replied_at = matter.signed_at or matter.received_at, matter.replied_at
    if matter.received_at > now:
        raise InvalidInput({"/received_at": "收到时间在将来"})
    if signed_at < matter.received_at:
        raise InvalidInput({"/signed_at": "签收时间早于收到时间"})
    if replied_at is not None and not signed_at <= replied_at <= now:
        raise InvalidInput({"/replied_at": "答复时间早于签收时间或在将来"})


def _unit(session: Session, text: str) -> Unit:
    unit = session.scalar(select(Unit).where((Unit.code == text) | (Unit.name == text)))
    if unit is None:
        raise InvalidInput({"/unit": f"没有“{text}”这个单位"})
    return unit


def _ticket(ctx: Context, matter: PastMatter, unit: Unit | None) -> Ticket:
    if matter.category is not None:
        units.check_category(ctx.session, matter.category, "/category")
    enterprise = enterprises.enterprise_named(ctx, matter.enterprise, verified=False) if matter.enterprise else None
    contact = contacts.contact_for(ctx, enterprise, matter.contact)
    number = next_number(ctx.at(matter.received_at), TICKET)
    closed_at = matter.replied_at
    return blank_ticket(
        number=number,
        query_code_hash=keys_of(ctx.session).query_code_hash(number, make_query_code()),
        type=matter.type,
        category=matter.category,
        title=matter.title,
        content=matter.content,
        channel=Channel.IMPORT,
        urgency=Urgency.ROUTINE,
        confidential=secrecy.is_confidential(matter.type, None),
        anonymous=False,
        difficulty=Difficulty.DIFFICULT if matter.difficult else Difficulty.ORDINARY,
        state=State.CLOSED if closed_at else State.SUBMITTED,
        enterprise_id=enterprise.id if enterprise else None,
        contact_id=contact.id if contact else None,
        lead_unit_id=unit.id if unit and closed_at else None,
        desk_unit_id=unit.id if unit and closed_at else None,
        desk_path=unit.path if unit and closed_at else None,
        received_at=matter.received_at,
        state_at=closed_at or ctx.now,
        closed_at=closed_at,
        reply=matter.reply,
        replied_at=closed_at,
        outcome=_outcome(matter),
        source=SOURCE,
        source_no=matter.source_no,
        imported=True,
    )


def _outcome(matter: PastMatter) -> Outcome | None:
    """Silence is never satisfaction: only what the row says counts."""
    if matter.replied_at is None or matter.satisfied is None:
        return None
    return Outcome.SOLVED if matter.satisfied else Outcome.UNRESOLVED


def _closed_clocks(ctx: Context, ticket: Ticket, matter: PastMatter, replied_at: datetime) -> None:
    signed_at = matter.signed_at or matter.received_at
    sign = clocks.new_row(ticket, ClockKind.SIGN, matter.received_at, rulebook=ctx.rules, climbs=False)
    begin = ctx.rules.limits.handle_start(
        dispatched_at=matter.received_at, sign_due_at=sign["due_at"], signed_at=signed_at
    )
    handle = clocks.new_row(ticket, ClockKind.HANDLE, begin, rulebook=ctx.rules, climbs=False)
    for row, met_at in ((sign, signed_at), (handle, replied_at)):
        ctx.rules.calendar.exact_due(row["started_at"], row["days"])
        ctx.session.add(Clock(**row, stopped_at=met_at, met_at=met_at, late=has_passed(row["due_at"], met_at)))
    ticket.archive_after = ctx.rules.calendar.due(replied_at, ctx.rules.limits.archive_after_days).at
    timeline.write(
        ctx.by(SYSTEM).at(replied_at),
        ticket,
        "closed",
        audience=Audience.PUBLIC,
        outcome=str(ticket.outcome) if ticket.outcome else None,
    )


def late_count(session: Session) -> dict[str, Any]:
    """How many imported matters are closed, and how many of them were handled late."""
    query = select(Clock.late).join(Ticket, Ticket.id == Clock.ticket_id)
    rows = session.scalars(
        query.where(Ticket.source == SOURCE, Clock.kind == ClockKind.HANDLE, Clock.met_at.is_not(None))
    )
    late = [bool(value) for value in rows]
    return {"closed": len(late), "late": sum(late)}
