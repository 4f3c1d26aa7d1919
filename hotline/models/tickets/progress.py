"""What was done in the round of a ticket, and what was asked for it: read for many tickets with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.accounts.units import Unit
from hotline.models.database.any_of import any_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import IS_OPEN_REQUEST, Request
from hotline.models.tickets.tickets import ContactMade, Dispatch, Result
from hotline.rules.handling.assisting import AssistState
from hotline.rules.handling.request_terms import Asked
from hotline.rules.handling.requests import OPEN_REQUESTS, is_open_request
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.tickets.next_step import Progress
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, RequestState

# Worded once: a desk asks all of them each time that it is opened.
CONTACTED = select(ContactMade.ticket_id, ContactMade.round).where(any_of(ContactMade.ticket_id, "tickets")).distinct()
DRAFTED = select(Result.ticket_id, Result.round).where(
    any_of(Result.ticket_id, "tickets"), Result.submitted_at.is_(None)
)
HELPING = (
    select(Assist.ticket_id, Unit.name)
    .join(Unit, Unit.id == Assist.unit_id)
    .where(any_of(Assist.ticket_id, "tickets"), Assist.state == AssistState.OPEN)
    .order_by(Assist.id)
)
WAITING = (
    select(Request.ticket_id, Request.kind, Request.state)
    .where(any_of(Request.ticket_id, "tickets"), IS_OPEN_REQUEST)
    .order_by(Request.id)
)
SENT = (
    select(Dispatch.ticket_id, Dispatch.sign_due_at, Dispatch.ended_how)
    .where(any_of(Dispatch.ticket_id, "tickets"))
    .order_by(Dispatch.id)
)
HANDLING = select(Clock.ticket_id, Clock.started_at, Clock.due_at).where(
    any_of(Clock.ticket_id, "tickets"), Clock.kind == ClockKind.HANDLE, Clock.stopped_at.is_(None)
)
ASKED = (
    select(Request.ticket_id, Request.kind, Request.state, Request.round, Request.details)
    .where(any_of(Request.ticket_id, "tickets"), Request.state.in_((*OPEN_REQUESTS, RequestState.APPROVED)))
    .order_by(Request.id)
)


def progress_of(session: Session, rounds: Mapping[int, int]) -> dict[int, Progress]:
    """By the id of the ticket; `rounds` says which round each of them is in."""
    tickets = {"tickets": list(rounds)}
    contacted, drafted = set(session.execute(CONTACTED, tickets)), set(session.execute(DRAFTED, tickets))
    helpers, requests = by_ticket(session.execute(HELPING, tickets)), by_ticket(session.execute(WAITING, tickets))
    return {
        id: Progress(
            contacted=(id, round) in contacted,
            drafted=(id, round) in drafted,
            helping=tuple(row.name for row in helpers[id]),
            asked=tuple((row.kind, row.state) for row in requests[id]),
        )
        for id, round in rounds.items()
    }


def asked_of(session: Session, tickets: Mapping[int, Any]) -> dict[int, Asked]:
    """By the id of the ticket; `tickets` are anything with `round`, `difficulty` and `no_return`."""
    parameters = {"tickets": list(tickets)}
    sent, requests = by_ticket(session.execute(SENT, parameters)), by_ticket(session.execute(ASKED, parameters))
    clocks = {row.ticket_id: row for row in session.execute(HANDLING, parameters)}
    return {id: _asked(ticket, sent[id], clocks.get(id), requests[id]) for id, ticket in tickets.items()}


def by_ticket(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    """The rows of each ticket, in their order."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(row)
    return found


def _asked(ticket: Any, sent: list[Any], handle: Any, requests: list[Any]) -> Asked:
    granted = [row for row in requests if row.state is RequestState.APPROVED and row.round == ticket.round]
    paused = [row.details for row in granted if row.kind is RequestKind.SUSPENSION]
    return Asked(
        difficulty=ticket.difficulty or Difficulty.ORDINARY,
        no_return=ticket.no_return,
        returns=sum(row.ended_how is DispatchEnd.RETURNED for row in sent),
        sign_due_at=sent[-1].sign_due_at if sent else None,
        handle_started_at=handle.started_at if handle else None,
        handle_due_at=handle.due_at if handle else None,
        extended=any(row.kind is RequestKind.EXTENSION for row in granted),
        suspended_days=sum(details.get("granted_days", 0) for details in paused),
        suspended_for=frozenset(details["code"] for details in paused),
        waiting=frozenset(row.kind for row in requests if is_open_request(row.state)),
    )
