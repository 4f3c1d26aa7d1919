"""The copy of the sign due on a dispatch: until when a return may be asked for, and where an unsigned handling begins."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.database.bulk import update_rows
from hotline.models.tickets.tickets import Dispatch
from hotline.rules.tickets.states import is_unsigned
from hotline.rules.vocabulary import ClockKind

KINDS = (ClockKind.SIGN, ClockKind.HANDLE)
"""Signing is due with the handling where that went on from the dispatch before (row 13)."""


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
