"""The one predicate of who may see a ticket, as SQL: `rules.visibility.Scope` over the tickets table."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.tickets.reminders import Recusal
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.visibility import Identities, Scope, identities_of
from hotline.rules.vocabulary import ClockKind

OWED = (ClockKind.ORDER_REPLY, ClockKind.RECTIFY)


class _LookedAt(FunctionElement[str]):
    """The column itself, by which SQLite must not search: a scope says which of the rows that were found otherwise are seen,
    and by the path it would read all that a unit has ever closed. PostgreSQL's planner knows by itself."""

    type = String()
    inherit_cache = True


@compiles(_LookedAt)
def _plain(element: _LookedAt, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_LookedAt, "sqlite")
def _not_searched(element: _LookedAt, compiler: Any, **options: Any) -> str:
    return "+" + str(compiler.process(element.clauses, **options))


def visible_tickets(scope: Scope) -> ColumnElement[bool]:
    """True for the tickets that lie in this scope; the same answer as `Scope.covers`, and a test holds the two together."""
    inside = true() if scope.everything else _of_somebody(scope)
    if scope.recused_staff_id is None:
        return inside
    return and_(inside, Ticket.id.not_in(select(Recusal.ticket_id).where(Recusal.staff_id == scope.recused_staff_id)))


def identity_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that this reader may know whose a ticket is: `sees_identity` in SQL.

    Whoever finds tickets by a name, a code or a telephone asks it beside `visible_tickets`.
    """
    seen = identities_of(actor)
    if seen is Identities.NOT_SECRET:
        return and_(~Ticket.confidential, ~Ticket.anonymous)
    return true() if seen is Identities.ALL else false()


def on_desk_of(paths: Iterable[str]) -> ColumnElement[bool]:
    """True for the tickets that lie at these units."""
    return or_(false(), *(_LookedAt(Ticket.desk_path).like(f"{path}%") for path in paths))


def _owed_by(paths: Iterable[str]) -> Select[int | None]:
    """The tickets on which an order or a bad rating waits for an answer of these units, wherever they lie by now."""
    waits = (Clock.stopped_at.is_(None), Clock.kind.in_(OWED))
    return select(Clock.ticket_id).where(*waits, or_(*(Clock.unit_path.like(f"{path}%") for path in paths)))


def _of_somebody(scope: Scope) -> ColumnElement[bool]:
    parts = [on_desk_of(scope.desk_paths)]
    if scope.desk_paths:
        helped = or_(*(Assist.unit_path.like(f"{path}%") for path in scope.desk_paths))
        parts.append(Ticket.id.in_(select(Assist.ticket_id).where(helped)))
        parts.append(Ticket.id.in_(_owed_by(scope.desk_paths)))
    if scope.ticket_id is not None:
        parts.append(Ticket.id == scope.ticket_id)
    return or_(*parts)
