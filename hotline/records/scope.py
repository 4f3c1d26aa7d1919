"""The one predicate of who may see a ticket, as SQL: `rules.visibility.Scope` over the tickets table."""

from sqlalchemy import ColumnElement, false, or_, true

from hotline.records.tickets import Ticket
from hotline.rules.visibility import Scope


def tickets_within(scope: Scope) -> ColumnElement[bool]:
    """True for the tickets that lie in this scope; the same answer as `Scope.covers`, and a test holds the two together."""
    if scope.everything:
        return true()
    parts: list[ColumnElement[bool]] = [Ticket.desk_path.like(f"{path}%") for path in scope.desk_paths]
    if scope.ticket_id is not None:
        parts.append(Ticket.id == scope.ticket_id)
    return or_(*parts) if parts else false()
