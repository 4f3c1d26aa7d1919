"""The unit's desk: what has to be done, the nearest due first, in parts that say how near it is.

A ticket stands once, by the nearest running clock of the unit (a paused one only where no other runs); what waits for the
centre has none and stands apart. The work is in proportion to what is open at the unit, not to all tickets.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, text, tuple_
from sqlalchemy.orm import aliased

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.database.any_of import any_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.due_bucket import part_at, parts_at
from hotline.models.intake.enterprise_family import is_verified, shown_name
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.progress import asked_of, by_ticket, progress_of
from hotline.models.tickets.tickets import OPEN_STATES, Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.deadlines import due
from hotline.queries.formatting import instant, labelled
from hotline.queries.tickets.identity import listed_enterprise
from hotline.rules.actors import Actor
from hotline.rules.deadlines.due_bucket import Edges, Nearness, edges_at
from hotline.rules.handling.request_terms import Asked, Position, terms
from hotline.rules.handling.requests import ROWS, is_asked_in
from hotline.rules.masking import text_for
from hotline.rules.permissions import may_take
from hotline.rules.tickets.next_step import NextStep, next_step, step_for
from hotline.rules.tickets.states import WAITS_FOR_CENTRE
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Action, ClockKind, RequestKind, State

SHOWN = 15
ASKED_FROM_HERE = (RequestKind.RETURN, RequestKind.DIFFICULT, RequestKind.EXTENSION)
TICKET = (
    Ticket.id.label("ticket_id"),
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Ticket.round,
    Ticket.urgency,
    Ticket.difficulty,
    Ticket.no_return,
    Ticket.confidential,
    Ticket.anonymous,
    Ticket.unsigned_late,
    Ticket.desk_path,
    Ticket.received_at,
    Ticket.due_at.label("ticket_due_at"),
    Ticket.due_kind,
    Ticket.due_provisional,
    Unit.name.label("unit_name"),
    shown_name(Ticket.enterprise_id).label("enterprise_name"),
    is_verified(Ticket.enterprise_id).label("enterprise_verified"),
)
CLOCK = (Clock.id, Clock.kind, Clock.due_at, Clock.provisional, Clock.paused_at)
OTHER = aliased(Clock)


def desk(ctx: Context, *, only: Nearness | None = None, cursor: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """`parts`, each with its first rows and where it goes on, or `only` one of them from `cursor` on; `counts` of all."""
    edges = edges_at(ctx.now, ctx.rules.calendar)
    rows, counted = _first_rows(ctx, edges)
    if only is not None:
        rows = {only: rows[only] if cursor is None else _rows_from(ctx, only, edges, cursor)}
    shown = [row for found in rows.values() for row in found[:SHOWN]]
    facts = _RowFacts(ctx, shown)
    return {
        "parts": [
            {
                **labelled("part", part),
                "mark": due.MARKS[part],
                "next_cursor": _following(part, found),
                "items": [_line(row, part, facts) for row in found[:SHOWN]],
            }
            for part, found in rows.items()
        ],
        "counts": [
            {**labelled("part", part), "mark": due.MARKS[part], "count": counted.get(part, 0)} for part in Nearness
        ],
    }


class _RowFacts:
    """What the rows need beside themselves, read for all of them at once."""

    def __init__(self, ctx: Context, rows: list[Any]) -> None:
        tickets = {row.ticket_id: row for row in rows}
        self.ctx = ctx
        self.done = progress_of(ctx.session, {id: row.round for id, row in tickets.items()})
        self.asked = asked_of(ctx.session, tickets)
        self.others = _other_clocks(ctx, tickets)


def _own(actor: Actor, clock: Any = Clock) -> ColumnElement[bool]:
    return or_(false(), *(clock.unit_path.like(f"{path}%") for path in actor.unit_paths()))


def _nearest(actor: Actor) -> ColumnElement[bool]:
    """Of the running clocks of this unit, the one by which its ticket stands."""
    earlier = tuple_(OTHER.due_at, OTHER.id) < tuple_(Clock.due_at, Clock.id)
    alike = OTHER.paused_at.is_(None) == Clock.paused_at.is_(None)
    before = or_(and_(OTHER.paused_at.is_(None), Clock.paused_at.is_not(None)), and_(alike, earlier))
    running = (Clock.stopped_at.is_(None), _own(actor), Clock.ticket_id.is_not(None))
    others = select(OTHER.id).where(OTHER.ticket_id == Clock.ticket_id, OTHER.stopped_at.is_(None), _own(actor, OTHER))
    return and_(*running, ~exists(others.where(before)))


def _ranked(actor: Actor, edges: Edges) -> Any:
    """Each nearest clock with its part, its place in it, and how many there are."""
    part = case(*((lies, str(name)) for name, lies in parts_at(edges).items())).label("part")
    query = select(Clock.id, Clock.due_at, part).join(Ticket, Ticket.id == Clock.ticket_id)
    nearest = query.where(_nearest(actor), visible_tickets(scope_of(actor))).subquery()
    order = (nearest.c.due_at, nearest.c.id)
    return select(
        nearest.c.id,
        nearest.c.part,
        func.row_number().over(partition_by=nearest.c.part, order_by=order).label("place"),
        func.count().over(partition_by=nearest.c.part).label("held"),
    ).subquery()


def _first_rows(ctx: Context, edges: Edges) -> tuple[dict[Nearness, list[Any]], dict[Nearness, int]]:
    """The first rows of every part and one more, and how many each holds: what is open at the unit is read once."""
    ranked = _ranked(ctx.actor, edges)
    query = select(*TICKET, *CLOCK, ranked.c.part, ranked.c.held).join(Clock, Clock.id == ranked.c.id)
    query = _with_names(query.join(Ticket, Ticket.id == Clock.ticket_id), Clock.unit_id)
    rows: dict[Nearness, list[Any]] = {part: [] for part in Nearness}
    for row in ctx.session.execute(query.where(ranked.c.place <= SHOWN + 1).order_by(Clock.due_at, Clock.id)):
        rows[Nearness(row.part)].append(row)
    waiting = _waiting(ctx.actor, None).add_columns(func.count().over().label("held"))
    rows[Nearness.WAITING] = list(ctx.session.execute(waiting))
    return rows, {part: found[0].held for part, found in rows.items() if found}


def _with_names(query: Any, unit_id: Any) -> Any:
    return query.outerjoin(Unit, Unit.id == unit_id)


def _waits_for_the_centre(actor: Actor) -> ColumnElement[bool]:
    on_desk = or_(false(), *(Ticket.desk_path.like(f"{path}%") for path in actor.unit_paths()))
    running = select(Clock.id).where(Clock.ticket_id == Ticket.id, Clock.stopped_at.is_(None), _own(actor))
    # The words of the partial index: only what is open is read, however much the unit has closed.
    on_desk = and_(on_desk, text(f"tickets.{OPEN_STATES}"))
    return and_(on_desk, in_states(WAITS_FOR_CENTRE), visible_tickets(scope_of(actor)), ~exists(running))


def _waiting(actor: Actor, cursor: str | None) -> Any:
    """What waits for the centre from a place on, the longest first."""
    query = _with_names(select(*TICKET).where(_waits_for_the_centre(actor)), Ticket.lead_unit_id)
    return paging.page_of(query, paging.Order(Ticket.received_at, Ticket.id), paging.Page(cursor, SHOWN))


def _rows_from(ctx: Context, part: Nearness, edges: Edges, cursor: str | None) -> list[Any]:
    """The rows of one part from a place on, and one more."""
    if part is Nearness.WAITING:
        return list(ctx.session.execute(_waiting(ctx.actor, cursor)))
    query = _with_names(select(*TICKET, *CLOCK).join(Ticket, Ticket.id == Clock.ticket_id), Clock.unit_id)
    query = query.where(_nearest(ctx.actor), part_at(part, edges), visible_tickets(scope_of(ctx.actor)))
    order = paging.Order(Clock.due_at, Clock.id)
    return list(ctx.session.execute(paging.page_of(query, order, paging.Page(cursor, SHOWN))))


def _following(part: Nearness, rows: list[Any]) -> str | None:
    if len(rows) <= SHOWN:
        return None
    last = rows[SHOWN - 1]
    if part is Nearness.WAITING:
        return paging.cursor_of(last.received_at, last.ticket_id)
    return paging.cursor_of(last.due_at, last.id)


def _other_clocks(ctx: Context, tickets: Iterable[int]) -> dict[int, list[Any]]:
    """The other running clocks of the unit on these tickets."""
    query = select(*CLOCK, Clock.ticket_id).where(any_of(Clock.ticket_id, "tickets"), Clock.stopped_at.is_(None))
    query = query.where(_own(ctx.actor)).order_by(Clock.due_at, Clock.id)
    return by_ticket(ctx.session.execute(query, {"tickets": list(tickets)}))


def _others(row: Any, clocks: list[Any]) -> list[dict[str, Any]]:
    mine = getattr(row, "id", None)
    return [{**labelled("clock", c.kind), "due_at": instant(c.due_at)} for c in clocks if c.id != mine]


def _line(row: Any, part: Nearness, facts: _RowFacts) -> dict[str, Any]:
    ctx, actor = facts.ctx, facts.ctx.actor
    done, state = facts.done[row.ticket_id], State(row.state)
    here = part is not Nearness.WAITING
    step = step_for(row.kind, state, done) if here else next_step(state, done)
    ask = _may_ask(ctx, row, facts.asked[row.ticket_id])
    return {
        "number": row.number,
        "title": text_for(actor)(row.title),
        **labelled("state", state),
        "round": row.round,
        **labelled("urgency", row.urgency),
        "confidential": row.confidential,
        "unsigned_late": row.unsigned_late,
        "unit": row.unit_name,
        **listed_enterprise(actor, row),
        "received_at": instant(row.received_at),
        **(_clock(ctx, row) if here else _at_centre(row)),
        **_next(step),
        "may_sign": step.does is Action.SIGN and may_take(actor, Action.SIGN, row.desk_path, state),
        "others": _others(row, facts.others.get(row.ticket_id, [])),
        "may_ask": [labelled("kind", kind) for kind in ask],
    }


def _clock(ctx: Context, row: Any) -> dict[str, Any]:
    return {
        "clock_id": row.id,
        **labelled("clock", row.kind),
        "due_at": instant(row.due_at),
        "provisional": row.provisional,
        "left": due.left(ctx, row, row.urgency),
    }


def _at_centre(row: Any) -> dict[str, Any]:
    kind = ClockKind(row.due_kind) if row.due_kind else None
    return {**labelled("clock", kind), "due_at": instant(row.ticket_due_at), "provisional": row.due_provisional}


def _next(step: NextStep) -> dict[str, Any]:
    return {
        "next": step.what,
        "next_by": step.who.label if step.who else step.turn.label,
        **labelled("turn", step.turn),
    }


def _may_ask(ctx: Context, row: Any, asked: Asked) -> list[RequestKind]:
    """What may be asked for from the row by its terms; they stand on the form."""
    if not may_take(ctx.actor, Action.REQUEST, row.desk_path, row.state):
        return []
    here = Position(asked, ctx.now, ctx.rules.limits, ctx.rules.calendar)
    return [
        kind
        for kind in ASKED_FROM_HERE
        if is_asked_in(row.state, kind) and ctx.actor.roles & ROWS[kind].askers and terms(kind, here).refusal is None
    ]


def to_sign(shown: list[dict[str, Any]]) -> list[str]:
    """The numbers of what this reader may sign for, as the parts show them."""
    return [item["number"] for part in shown for item in part["items"] if item["may_sign"]]
