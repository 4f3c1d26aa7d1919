"""Chains of merges: what was merged into a ticket, directly or through others, and the ticket in which a chain ends."""

from sqlalchemy import CTE, ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from hotline.models.tickets.tickets import Ticket


def with_repeats(ticket_id: int | ColumnElement[int]) -> CTE:
    """Return the ids of this ticket and of all that were merged into it, however many merges lie between."""
    merged = select(Ticket.id).where(Ticket.id == ticket_id).cte("merged", recursive=True)
    return merged.union(select(Ticket.id).join(merged, Ticket.merged_into_id == merged.c.id))


def repeats_of(session: Session, ticket_id: int, *, lock: bool = False) -> list[Ticket]:
    """Return all that were merged into this ticket, by their numbers; locked, whatever was unmerged meanwhile is left out."""
    ids = select(with_repeats(ticket_id).c.id)
    query = select(Ticket).where(Ticket.id.in_(ids), Ticket.id != ticket_id).order_by(Ticket.number)
    if lock:
        query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
    return [ticket for ticket in session.scalars(query) if ticket.merged_into_id is not None]


def repeat_count(session: Session, ticket_id: int) -> int:
    """Return how many were merged into this ticket."""
    return (session.scalar(select(func.count()).select_from(with_repeats(ticket_id))) or 1) - 1


def end_of_chain(ticket_id: int | ColumnElement[int]) -> ScalarSelect[str]:
    """Return the number of the ticket in which this one goes on; nothing where it was not merged."""
    columns = (Ticket.id, Ticket.number, Ticket.merged_into_id)
    chain = select(*columns).where(Ticket.id == ticket_id).cte("chain", recursive=True)
    into = aliased(Ticket)
    chain = chain.union(
        select(into.id, into.number, into.merged_into_id).join(chain, into.id == chain.c.merged_into_id)
    )
    ends = (chain.c.merged_into_id.is_(None), chain.c.id != ticket_id)
    return select(chain.c.number).where(*ends).scalar_subquery()
