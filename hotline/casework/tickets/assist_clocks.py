"""The clocks of assisting tasks: they start with the lead unit's handling and end one working day before it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.time_limits import Limit
from hotline.rules.handling.assisting import AssistState
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import ClockKind


def limit_under(handle_days: int | None) -> Limit:
    """The lead's limit less one working day, and at least one."""
    return Limit(days=max(1, (handle_days or 0) - 1))


def rows_under(
    handles: Iterable[tuple[dict[str, Any], Any]], assists: Iterable[Assist], rulebook: Rulebook
) -> list[dict[str, Any]]:
    """The clocks of these open tasks under the handling clocks that start with them: (row of the clock, its ticket)."""
    by_ticket = {ticket.id: (handle, ticket) for handle, ticket in handles}
    rows = []
    for assist in assists:
        handle, ticket = by_ticket[assist.ticket_id]
        unit, limit = (assist.unit_id, assist.unit_path), limit_under(handle["days"])
        started_at, kind = handle["started_at"], ClockKind.ASSIST
        rows.append(
            clocks.new_row(ticket, kind, started_at, rulebook=rulebook, unit=unit, limit=limit, assist_id=assist.id)
        )
    return rows


def open_tasks(session: Session, ticket_ids: Iterable[int]) -> list[Assist]:
    """The tasks that nobody has answered, of these tickets."""
    query = select(Assist).where(Assist.ticket_id.in_(list(ticket_ids)), Assist.state == AssistState.OPEN)
    return list(session.scalars(query.order_by(Assist.id)))


def start_under(ctx: Context, ticket: Ticket, handle: Clock) -> None:
    """The lead unit has begun: so have those who assist."""
    tasks = open_tasks(ctx.session, [ticket.id])
    handling = {"days": handle.days, "started_at": handle.started_at}
    rows = rows_under([(handling, ticket)], tasks, ctx.rules)
    if rows:
        ctx.session.execute(insert(Clock), rows)
