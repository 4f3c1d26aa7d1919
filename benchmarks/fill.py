"""Fills a database with tickets by bulk inserts: closed ones of past years, and open ones with running clocks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks
from hotline.models.accounts.units import Unit
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.blank_ticket import ZEROS
from hotline.models.tickets.tickets import Ticket
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import (
    Channel,
    ClockKind,
    Difficulty,
    Outcome,
    State,
    TicketType,
    Urgency,
)

CHUNK = 5000
CODE = "AAAAAA"


def number_of(position: int) -> str:
    return f"QS20200101{position:08d}"


def ticket_row(session: Session, position: int, unit: Unit, state: State, received_at: datetime) -> dict[str, Any]:
    number = number_of(position)
    closed = state is State.CLOSED
    return {
        **ZEROS,
        "id": position,
        "number": number,
        "query_code_hash": keys_of(session).query_code_hash(number, CODE),
        "type": TicketType.COMPLAINT,
        "category": "licensing-delay",
        "title": f"第{position}件诉求",
        "content": "窗口不受理。" * 10,
        "channel": Channel.PHONE,
        "urgency": Urgency.ROUTINE,
        "confidential": False,
        "anonymous": False,
        "difficulty": Difficulty.ORDINARY,
        "state": state,
        "lead_unit_id": unit.id,
        "desk_unit_id": unit.id,
        "desk_path": unit.path,
        "received_at": received_at,
        "state_at": received_at,
        "closed_at": received_at if closed else None,
        "outcome": Outcome.SOLVED if closed else None,
        "reply": "已办结。" if closed else None,
        "replied_at": received_at if closed else None,
    }


def closed_tickets(session: Session, first: int, count: int, until: datetime, *, enterprises: int = 0) -> Iterator[int]:
    """Closed tickets with a met clock each, one minute apart back from `until`; yields after each chunk how many are in.

    Of so many `enterprises`, each with a contact of the same id, in turns.
    """
    units = list(session.scalars(select(Unit).order_by(Unit.id)))
    for begin in range(first, first + count, CHUNK):
        positions = range(begin, min(begin + CHUNK, first + count))
        at = {n: until - timedelta(minutes=first + count - n) for n in positions}
        tickets = [ticket_row(session, n, units[n % len(units)], State.CLOSED, at[n]) for n in positions]
        for ticket in tickets if enterprises else ():
            ticket["enterprise_id"] = ticket["contact_id"] = ticket["id"] % enterprises + 1
        session.connection().execute(insert(Ticket.__table__), tickets)
        met = [_met_clock(ticket) for ticket in tickets]
        session.connection().execute(insert(Clock.__table__), met)
        yield positions[-1] - first + 1


def _met_clock(ticket: dict[str, Any]) -> dict[str, Any]:
    at = ticket["received_at"]
    return {
        "kind": ClockKind.HANDLE,
        "ticket_id": ticket["id"],
        "unit_id": ticket["lead_unit_id"],
        "unit_path": ticket["desk_path"],
        "round": 1,
        "started_at": at,
        "days": 5,
        "limit_text": "5个工作日",
        "due_at": at + timedelta(days=7),
        "first_due_at": at + timedelta(days=7),
        "extra_days": 0,
        "provisional": False,
        "stopped_at": at,
        "met_at": at,
        "late": False,
        "step": -1,
    }


def open_tickets(session: Session, first: int, count: int, *, dispatched_at: datetime, rulebook: Rulebook) -> None:
    """Tickets that wait for a signature since `dispatched_at`, each with its clock, spread over the units."""
    units = list(session.scalars(select(Unit).where(Unit.kind == "department").order_by(Unit.id)))
    for begin in range(first, first + count, CHUNK):
        rows, running = [], []
        for position in range(begin, min(begin + CHUNK, first + count)):
            unit = units[position % len(units)]
            row = ticket_row(session, position, unit, State.DISPATCHED, dispatched_at)
            ticket = Ticket(**row)
            clock = clocks.new_row(ticket, ClockKind.SIGN, dispatched_at, rulebook=rulebook)
            rows.append({**row, "due_at": clock["due_at"], "due_kind": str(ClockKind.SIGN)})
            running.append(clock)
        session.connection().execute(insert(Ticket.__table__), rows)
        session.connection().execute(insert(Clock.__table__), running)


def advance_keys(session: Session) -> None:
    """Bulk inserts with keys of their own leave PostgreSQL's sequence behind."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("tickets", "enterprises", "contacts"):
            last = f"SELECT max(id) FROM {table}"
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(({last}), 1))"))
