"""What was done in the round of a ticket, and what was asked for it: read for many tickets with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.records.assists import Assist
from hotline.records.clocks import Clock
from hotline.records.requests import Request
from hotline.records.tickets import ContactMade, Dispatch, Result
from hotline.records.units import Unit
from hotline.rules.assisting import AssistState
from hotline.rules.grounds import DispatchEnd
from hotline.rules.next_step import Progress
from hotline.rules.request_terms import Asked
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, RequestState

OPEN = (RequestState.DRAFTED, RequestState.PENDING)


def progress_of(session: Session, rounds: Mapping[int, int]) -> dict[int, Progress]:
    """By the id of the ticket; `rounds` says which round each of them is in."""
    contacts = select(ContactMade.ticket_id, ContactMade.round).where(ContactMade.ticket_id.in_(rounds)).distinct()
    drafts = select(Result.ticket_id, Result.round).where(Result.ticket_id.in_(rounds), Result.submitted_at.is_(None))
    helping = select(Assist.ticket_id, Unit.name).join(Unit, Unit.id == Assist.unit_id)
    helping = helping.where(Assist.ticket_id.in_(rounds), Assist.state == AssistState.OPEN).order_by(Assist.id)
    asked = select(Request.ticket_id, Request.kind, Request.state)
    asked = asked.where(Request.ticket_id.in_(rounds), Request.state.in_(OPEN)).order_by(Request.id)
    contacted, drafted = set(session.execute(contacts)), set(session.execute(drafts))
    helpers, requests = by_ticket(session.execute(helping)), by_ticket(session.execute(asked))
    return {
        id: Progress(
            contacted=(id, round) in contacted,
            drafted=(id, round) in drafted,
            helping=tuple(row.name for row in helpers[id]),
            asked=tuple((row.kind, row.state) for row in requests[id]),
        )
        for id, round in rounds.items()
    }


def asked_of(session: Session, known: Mapping[int, Any]) -> dict[int, Asked]:
    """By the id of the ticket; `known` are anything with `round`, `difficulty` and `no_return`."""
    dispatches = select(Dispatch.ticket_id, Dispatch.sign_due_at, Dispatch.ended_how)
    sent = by_ticket(session.execute(dispatches.where(Dispatch.ticket_id.in_(known)).order_by(Dispatch.id)))
    handling = select(Clock.ticket_id, Clock.started_at, Clock.due_at).where(Clock.ticket_id.in_(known))
    handling = handling.where(Clock.kind == ClockKind.HANDLE, Clock.stopped_at.is_(None))
    clocks = {row.ticket_id: row for row in session.execute(handling)}
    states = (*OPEN, RequestState.APPROVED)
    asked = select(Request).where(Request.ticket_id.in_(known), Request.state.in_(states)).order_by(Request.id)
    requests = by_ticket(session.scalars(asked))
    return {id: _asked(ticket, sent[id], clocks.get(id), requests[id]) for id, ticket in known.items()}


def by_ticket(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    """The rows of each ticket, in their order."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(row)
    return found


def _asked(ticket: Any, sent: list[Any], handle: Any, requests: list[Request]) -> Asked:
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
        waiting=frozenset(row.kind for row in requests if row.state in OPEN),
    )
