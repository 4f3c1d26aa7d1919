"""The dependants of a signing's due: its copy on the dispatch, and the handling that began at it by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from hotline.casework.tickets import clocks
from hotline.context import Context
from hotline.models.database.bulk import update_rows
from hotline.models.tickets.tickets import Dispatch
from hotline.rules.deadlines.lateness import has_come
from hotline.rules.deadlines.working_calendar import Due
from hotline.rules.tickets.states import is_unsigned
from hotline.rules.vocabulary import ClockKind

BEGUN_ALONE = (ClockKind.HANDLE, ClockKind.ASSIST)
KINDS = (ClockKind.SIGN, ClockKind.HANDLE)
"""Signing is due with the handling where that went on from the dispatch before (row 13)."""


def new_starts(ctx: Context, tickets: Iterable[Any], rows: Sequence[Any], moves: dict[int, Due]) -> dict[int, datetime]:
    """Return where the handling of whoever has not signed begins now, by the clock: at the sign due that has moved.

    Its own due in `moves` is counted from there. One that lies ahead means that the handling has not begun: it is in no move.
    """
    unsigned = {ticket.id for ticket in tickets if ticket.unsigned_late and is_unsigned(ticket.state)}
    signing = {row.ticket_id: row for row in rows if row.kind is ClockKind.SIGN and row.id in moves}
    starts = {}
    for row in rows:
        sign = signing.get(row.ticket_id) if row.ticket_id in unsigned and row.kind in BEGUN_ALONE else None
        if sign is not None and row.started_at == sign.due_at:
            starts[row.id] = moves[sign.id].at
            _count_from(ctx, row, starts[row.id], moves)
    return starts


def _count_from(ctx: Context, row: Any, start: datetime, moves: dict[int, Due]) -> None:
    moves.pop(row.id, None)
    due = clocks.due_by_calendar(SimpleNamespace(**{**row._mapping, "started_at": start}), ctx.rules.calendar)
    if due is not None and has_come(start, ctx.now) and (due.at, due.provisional) != (row.due_at, row.provisional):
        moves[row.id] = due


def follow(ctx: Context, tickets: Mapping[int, Any], moved: Sequence[Any]) -> None:
    """Move the copy with the clock that it was taken from, on the tickets that nobody has signed for."""
    moves = {
        (clock.ticket_id, clock.old_due_at): clock.due_at
        for clock in moved
        if clock.kind in KINDS and is_unsigned(tickets[clock.ticket_id].state)
    }
    if not moves:
        return
    ids = {ticket_id for ticket_id, _ in moves}
    query = select(Dispatch.id, Dispatch.ticket_id, Dispatch.sign_due_at)
    rows = ctx.session.execute(query.where(Dispatch.ticket_id.in_(ids), Dispatch.ended_at.is_(None))).all()
    found = [
        SimpleNamespace(id=row.id, sign_due_at=moves[row.ticket_id, row.sign_due_at])
        for row in rows
        if (row.ticket_id, row.sign_due_at) in moves
    ]
    update_rows(ctx.session, Dispatch.__table__, ("sign_due_at",), found)  # type: ignore[arg-type]
