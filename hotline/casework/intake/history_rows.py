"""The rows that an imported matter becomes: its ticket, its clocks, the lines of its timeline; written for a whole batch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import or_, select

from hotline.casework.intake.history_parties import contact_ids, enterprise_ids
from hotline.casework.intake.past_matter import SOURCE, PastMatter, check
from hotline.casework.tickets import clocks, timeline
from hotline.casework.tickets.numbers import numbers_of_days
from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.models.database.bulk import insert_rows, reserve_keys
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.blank_ticket import ZEROS
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.dispatch import secrecy
from hotline.rules.refusals import InvalidInput
from hotline.rules.tickets.ticket_number import TICKET
from hotline.rules.vocabulary import Audience, Channel, ClockKind, Difficulty, Outcome, State, Urgency
from hotline.security.keys import make_query_code

TICKETS: Any = Ticket.__table__
CLOCKS: Any = Clock.__table__
TIMELINE: Any = TimelineEntry.__table__


@dataclass(frozen=True, slots=True)
class Draft:
    """A matter that is fit to be written: the columns of its ticket without number and parties, its clocks and first line."""

    matter: PastMatter
    ticket: Any
    clocks: list[dict[str, Any]]
    said: dict[str, Any]


class Drafting:
    """The units and categories of a batch, looked up once by the names that its rows use."""

    def __init__(self, ctx: Context, matters: Sequence[PastMatter]) -> None:
        self.ctx, self.keys = ctx, keys_of(ctx.session)
        called = {matter.unit for matter in matters if matter.unit}
        found = (
            ctx.session.scalars(select(Unit).where(or_(Unit.code.in_(called), Unit.name.in_(called)))) if called else ()
        )
        self.units = {word: unit for unit in found for word in (unit.name, unit.code)}
        codes = {matter.category for matter in matters if matter.category}
        self.categories = set(
            ctx.session.scalars(select(Category.code).where(Category.code.in_(codes))) if codes else ()
        )

    def draft(self, matter: PastMatter, digest: str) -> Draft:
        """Refuse `InvalidInput` or `CalendarNotPublished` for a row that cannot become a ticket."""
        check(matter, self.ctx.now)
        unit = self._unit(matter.unit) if matter.unit else None
        if matter.category is not None and matter.category not in self.categories:
            raise InvalidInput({"/category": f"没有“{matter.category}”这个事项类别"})
        ticket = SimpleNamespace(**_columns(self.ctx, matter, unit), source_digest=digest)
        if matter.replied_at is None:
            return Draft(matter, ticket, [_live_clock(self.ctx, ticket)], _said(matter, unit))
        ticket.archive_after = self.ctx.rules.calendar.due(
            matter.replied_at, self.ctx.rules.limits.archive_after_days
        ).at
        return Draft(
            matter, ticket, list(_closed_clocks(self.ctx, ticket, matter, matter.replied_at)), _said(matter, None)
        )

    def _unit(self, text: str) -> Unit:
        unit = self.units.get(text)
        if unit is None:
            raise InvalidInput({"/unit": f"没有“{text}”这个单位"})
        return unit


def _columns(ctx: Context, matter: PastMatter, unit: Unit | None) -> dict[str, Any]:
    closed_at = matter.replied_at
    unit = unit if closed_at else None
    return {
        **ZEROS,
        "id": 0,
        "type": matter.type,
        "category": matter.category,
        "title": matter.title,
        "content": matter.content,
        "channel": Channel.IMPORT,
        "urgency": Urgency.ROUTINE,
        "confidential": secrecy.is_confidential(matter.type, None),
        "anonymous": False,
        "difficulty": Difficulty.DIFFICULT if matter.difficult else Difficulty.ORDINARY,
        "state": State.CLOSED if closed_at else State.SUBMITTED,
        "lead_unit_id": unit.id if unit else None,
        "desk_unit_id": unit.id if unit else None,
        "desk_path": unit.path if unit else None,
        "received_at": matter.received_at,
        "state_at": closed_at or ctx.now,
        "closed_at": closed_at,
        "archive_after": None,
        "reply": matter.reply,
        "replied_at": closed_at,
        "outcome": _outcome(matter),
        "due_at": None,
        "due_kind": None,
        "source": SOURCE,
        "source_no": matter.source_no,
        "superior_no": matter.superior_no,
        "superior_due_on": matter.superior_due_on,
        "imported": True,
    }


def _said(matter: PastMatter, suggested: Unit | None) -> dict[str, Any]:
    """Return what the line of the import says: what the row states and no column of the ticket holds."""
    said = {"satisfaction": matter.satisfaction, "unit": suggested.name if suggested else None}
    return {"source_no": matter.source_no} | {name: str(value) for name, value in said.items() if value}


def _outcome(matter: PastMatter) -> Outcome | None:
    """Silence is never satisfaction: only what the row says counts."""
    if matter.replied_at is None or matter.satisfied is None:
        return None
    return Outcome.SOLVED if matter.satisfied else Outcome.UNRESOLVED


def _live_clock(ctx: Context, ticket: Any) -> dict[str, Any]:
    row = clocks.new_row(ticket, ClockKind.ACCEPT, ctx.now, rulebook=ctx.rules)
    clocks.show_nearest({ticket.id: ticket}, [SimpleNamespace(**row, id=0, paused_at=None)])
    return {**row, "stopped_at": None, "met_at": None, "late": None}


def _closed_clocks(ctx: Context, ticket: Any, matter: PastMatter, replied_at: datetime) -> Iterator[dict[str, Any]]:
    signed_at = matter.signed_at or matter.received_at
    sign = clocks.new_row(ticket, ClockKind.SIGN, matter.received_at, rulebook=ctx.rules, climbs=False)
    begin = ctx.rules.limits.handle_start(
        dispatched_at=matter.received_at, sign_due_at=sign["due_at"], signed_at=signed_at
    )
    handle = clocks.new_row(ticket, ClockKind.HANDLE, begin, rulebook=ctx.rules, climbs=False)
    for row, met_at in ((sign, signed_at), (handle, replied_at)):
        ctx.rules.calendar.exact_due(row["started_at"], row["days"])
        yield {**row, "stopped_at": met_at, "met_at": met_at, "late": has_passed(row["due_at"], met_at)}


def write(ctx: Context, drafts: Sequence[Draft]) -> None:
    """Add the drafts with their numbers, parties, clocks and lines."""
    matters = [draft.matter for draft in drafts]
    enterprises = enterprise_ids(ctx, matters)
    contacts = contact_ids(ctx, [(id, one.contact) for id, one in zip(enterprises, matters, strict=True)])
    keys, numbers = keys_of(ctx.session), _numbers(ctx, matters)
    ids = reserve_keys(ctx.session, TICKETS, len(drafts))
    for draft, id, number, parties in zip(drafts, ids, numbers, zip(enterprises, contacts, strict=True), strict=True):
        draft.ticket.id, draft.ticket.number = id, number
        draft.ticket.query_code_hash = keys.query_code_hash(number, make_query_code())
        draft.ticket.enterprise_id, draft.ticket.contact_id = parties
    lines = [line for draft in drafts for line in _lines(ctx.by(SYSTEM), draft)]
    insert_rows(ctx.session, TICKETS, [vars(draft.ticket) for draft in drafts])
    insert_rows(ctx.session, CLOCKS, [{**row, "ticket_id": one.ticket.id} for one in drafts for row in one.clocks])
    insert_rows(ctx.session, TIMELINE, lines)


def _numbers(ctx: Context, matters: Sequence[PastMatter]) -> list[str]:
    """A number of the day on which each was received; one statement for all days."""
    if not matters:
        return []
    days = [local(matter.received_at).date() for matter in matters]
    taken = {day: iter(numbers) for day, numbers in numbers_of_days(ctx, TICKET, Counter(days)).items()}
    return [next(taken[day]) for day in days]


def _lines(ctx: Context, draft: Draft) -> Iterator[dict[str, Any]]:
    matter, ticket = draft.matter, draft.ticket
    start = matter.received_at if matter.replied_at else ctx.now
    yield timeline.row(ctx, ticket, "imported", at=start, **draft.said)
    if matter.replied_at is not None:
        outcome = str(ticket.outcome) if ticket.outcome else None
        yield timeline.row(ctx.at(matter.replied_at), ticket, "closed", audience=Audience.PUBLIC, outcome=outcome)
