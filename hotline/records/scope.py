"""The one predicate of who may see a ticket, as SQL: `rules.visibility.Scope` over the tickets table."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from hotline.records.assists import Assist
from hotline.records.reminders import Recusal
from hotline.records.tickets import Ticket
from hotline.rules.visibility import Scope


def tickets_within(scope: Scope) -> ColumnElement[bool]:
    """True for the tickets that lie in this scope; the same answer as `Scope.covers`, and a test holds the two together."""
    inside = true() if scope.everything else _of_somebody(scope)
    if scope.recused_staff_id is None:
        return inside
    return and_(inside, Ticket.id.not_in(select(Recusal.ticket_id).where(Recusal.staff_id == scope.recused_staff_id)))


def _of_somebody(scope: Scope) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [Ticket.desk_path.like(f"{path}%") for path in scope.desk_paths]
    if scope.desk_paths:
        helped = or_(*(Assist.unit_path.like(f"{path}%") for path in scope.desk_paths))
        parts.append(Ticket.id.in_(select(Assist.ticket_id).where(helped)))
    if scope.ticket_id is not None:
        parts.append(Ticket.id == scope.ticket_id)
    return or_(*parts) if parts else false()
