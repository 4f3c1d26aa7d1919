"""An imported matter by the actions of single tickets, row after row: what a batch has to come to as well."""

from datetime import datetime

from sqlalchemy import select

from hotline.casework.intake.past_matter import PastMatter, check
from hotline.casework.tickets import clocks, contacts, enterprises, timeline, units
from hotline.casework.tickets.numbers import next_number
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.blank_ticket import blank_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Audience, Channel, ClockKind, Difficulty, Outcome, State, TicketType, Urgency


def import_one(ctx: Context, matter: PastMatter) -> Ticket:
    """Add one matter; refuse what `import_matters` refuses."""
    check(matter, ctx.now)
    ticket = _ticket(ctx, matter)
    ctx.session.add(ticket)
    ctx.session.flush()
    start = matter.received_at if matter.replied_at else ctx.now
    timeline.write(ctx.by(SYSTEM), ticket, "imported", at=start, **_said(ctx, matter))
    if matter.replied_at is None:
        clocks.start(ctx, ticket, ClockKind.ACCEPT, ctx.now)
    else:
        _close(ctx, ticket, matter, matter.replied_at)
    ctx.session.flush()
    return ticket


def _said(ctx: Context, matter: PastMatter) -> dict[str, str]:
    said = {"source_no": matter.source_no}
    if matter.satisfaction:
        said["satisfaction"] = str(matter.satisfaction)
    if matter.unit and matter.replied_at is None:
        found = select(Unit.name).where((Unit.code == matter.unit) | (Unit.name == matter.unit))
        said["unit"] = str(ctx.session.scalar(found))
    return said


def _unit(ctx: Context, matter: PastMatter) -> Unit | None:
    if matter.unit is None:
        return None
    found = ctx.session.scalar(select(Unit).where((Unit.code == matter.unit) | (Unit.name == matter.unit)))
    if found is None:
        raise InvalidInput({"/unit": f"没有“{matter.unit}”这个单位"})
    return found


def _ticket(ctx: Context, matter: PastMatter) -> Ticket:
    unit, closed_at = _unit(ctx, matter), matter.replied_at
    unit = unit if closed_at else None
    if matter.category is not None:
        units.check_category(ctx.session, matter.category, "/category")
    enterprise = enterprises.enterprise_named(ctx, matter.enterprise, verified=False) if matter.enterprise else None
    contact = contacts.contact_for(ctx, enterprise, matter.contact)
    solved = {None: None, True: Outcome.SOLVED, False: Outcome.UNRESOLVED}[matter.satisfied]
    return blank_ticket(
        number=next_number(ctx.at(matter.received_at), "QS"),
        query_code_hash="",
        type=matter.type,
        category=matter.category,
        title=matter.title,
        content=matter.content,
        channel=Channel.IMPORT,
        urgency=Urgency.ROUTINE,
        confidential=matter.type is TicketType.REPORT,
        anonymous=False,
        difficulty=Difficulty.DIFFICULT if matter.difficult else Difficulty.ORDINARY,
        state=State.CLOSED if closed_at else State.SUBMITTED,
        enterprise_id=enterprise.id if enterprise else None,
        contact_id=contact.id if contact else None,
        lead_unit_id=unit.id if unit else None,
        desk_unit_id=unit.id if unit else None,
        desk_path=unit.path if unit else None,
        received_at=matter.received_at,
        state_at=closed_at or ctx.now,
        closed_at=closed_at,
        reply=matter.reply,
        replied_at=closed_at,
        outcome=solved if closed_at else None,
        source="import",
        source_no=matter.source_no,
        superior_no=matter.superior_no,
        superior_due_on=matter.superior_due_on,
        imported=True,
    )


def _close(ctx: Context, ticket: Ticket, matter: PastMatter, replied_at: datetime) -> None:
    signed_at = matter.signed_at or matter.received_at
    sign = clocks.new_row(ticket, ClockKind.SIGN, matter.received_at, rulebook=ctx.rules, climbs=False)
    begin = min(signed_at, sign["due_at"])
    handle = clocks.new_row(ticket, ClockKind.HANDLE, begin, rulebook=ctx.rules, climbs=False)
    for row, met_at in ((sign, signed_at), (handle, replied_at)):
        ctx.rules.calendar.exact_due(row["started_at"], row["days"])
        ctx.session.add(Clock(**row, stopped_at=met_at, met_at=met_at, late=met_at > row["due_at"]))
    ticket.archive_after = ctx.rules.calendar.due(replied_at, ctx.rules.limits.archive_after_days).at
    outcome = str(ticket.outcome) if ticket.outcome else None
    timeline.write(ctx.by(SYSTEM).at(replied_at), ticket, "closed", audience=Audience.PUBLIC, outcome=outcome)
