"""The unit's desk: what has to be done, the nearest due first, in parts that say how near it is.

A ticket stands once, by the nearest running clock of the unit (a paused one only where no other runs); what waits for the
centre has none and stands apart. The work is in proportion to what is open at the unit, not to all tickets.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from hotline.reading import due, paging
from hotline.reading.shown import instant, labelled
from hotline.records.clocks import Clock
from hotline.records.enterprises import Enterprise
from hotline.records.progress import progress_of
from hotline.records.scope import tickets_within
from hotline.records.tickets import Ticket
from hotline.records.units import Unit
from hotline.rules.actors import Actor
from hotline.rules.masking import mask_in_text
from hotline.rules.nearness import DUE, Edges, Nearness, edges_at
from hotline.rules.next_step import NextStep, Progress, next_step, step_for
from hotline.rules.permissions import may_do, may_take
from hotline.rules.requests import ROWS
from hotline.rules.rulebook import Rulebook
from hotline.rules.visibility import scope_of, sees_identity
from hotline.rules.vocabulary import Action, Deed, RequestKind, State

SHOWN = 30
AT_CENTRE = (State.DISPATCHED, State.REVIEWING, State.CALLING_BACK)
ASKED_FROM_HERE = (RequestKind.RETURN, RequestKind.DIFFICULT, RequestKind.EXTENSION)
MARKS = {
    Nearness.LATE: "late",
    Nearness.TODAY: "near",
    Nearness.NEAR: "near",
    Nearness.LATER: "well",
    Nearness.PAUSED: "still",
    Nearness.WAITING: "still",
}
TICKET = (
    Ticket.id.label("ticket_id"),
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Ticket.round.label("ticket_round"),
    Ticket.urgency,
    Ticket.confidential,
    Ticket.anonymous,
    Ticket.unsigned_late,
    Ticket.desk_path,
    Ticket.received_at,
    Unit.name.label("unit_name"),
    Enterprise.name.label("enterprise_name"),
)
CLOCK = (Clock.id, Clock.kind, Clock.round, Clock.due_at, Clock.provisional, Clock.paused_at)


def parts(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    rulebook: Rulebook,
    only: Nearness | None = None,
    cursor: str | None = None,
) -> list[dict[str, Any]]:
    """Each part with its first rows and where it goes on; `only` one of them, from `cursor` on."""
    edges = edges_at(now, rulebook.calendar)
    found = [_part(session, actor, part, edges, cursor if only else None) for part in Nearness if only in (None, part)]
    rounds = {row.ticket_id: row.ticket_round for _, rows, _ in found for row in rows}
    done, others = progress_of(session, rounds), _other_clocks(session, actor, rounds)
    return [
        {
            **labelled("part", part),
            "mark": MARKS[part],
            "next_cursor": following,
            "items": [
                _line(row, part, actor, done[row.ticket_id], others.get(row.ticket_id, []), now, rulebook)
                for row in rows
            ],
        }
        for part, rows, following in found
    ]


def _own(actor: Actor, clock: Any = Clock) -> ColumnElement[bool]:
    return or_(false(), *(clock.unit_path.like(f"{path}%") for path in actor.unit_paths()))


def _nearest(actor: Actor) -> ColumnElement[bool]:
    """Of the running clocks of this unit, the one by which its ticket stands."""
    other = aliased(Clock)
    earlier = tuple_(other.due_at, other.id) < tuple_(Clock.due_at, Clock.id)
    alike = other.paused_at.is_(None) == Clock.paused_at.is_(None)
    before = or_(and_(other.paused_at.is_(None), Clock.paused_at.is_not(None)), and_(alike, earlier))
    running = (Clock.stopped_at.is_(None), _own(actor), Clock.ticket_id.is_not(None))
    others = select(other.id).where(other.ticket_id == Clock.ticket_id, other.stopped_at.is_(None), _own(actor, other))
    return and_(*running, ~exists(others.where(before)))


def _within(part: Nearness, edges: Edges) -> ColumnElement[bool]:
    """The same parts as `Edges.of`, and those that stand still."""
    counts = Clock.paused_at.is_(None)
    late = and_(Clock.due_at < edges.now, ~Clock.provisional)
    return {
        Nearness.LATE: and_(counts, late),
        Nearness.TODAY: and_(counts, Clock.due_at < edges.tomorrow, ~late),
        Nearness.NEAR: and_(counts, Clock.due_at >= edges.tomorrow, Clock.due_at < edges.beyond),
        Nearness.LATER: and_(counts, Clock.due_at >= edges.beyond),
        Nearness.PAUSED: Clock.paused_at.is_not(None),
    }[part]


def counts(session: Session, actor: Actor, *, now: datetime, rulebook: Rulebook) -> list[dict[str, Any]]:
    """How many tickets stand in each part: what is counted is what the parts list, and nothing but what is open."""
    edges = edges_at(now, rulebook.calendar)
    part = case(*((_within(name, edges), str(name)) for name in (*DUE, Nearness.PAUSED)))
    query = select(part.label("part"), func.count()).select_from(Clock).join(Ticket, Ticket.id == Clock.ticket_id)
    query = query.where(_nearest(actor), tickets_within(scope_of(actor))).group_by(part)
    counted = {Nearness(name): count for name, count in session.execute(query)}
    waiting = select(func.count()).select_from(Ticket).where(_waits_for_the_centre(actor))
    counted[Nearness.WAITING] = session.scalar(waiting) or 0
    return [{**labelled("part", name), "mark": MARKS[name], "count": counted.get(name, 0)} for name in Nearness]


def _waits_for_the_centre(actor: Actor) -> ColumnElement[bool]:
    on_desk = or_(false(), *(Ticket.desk_path.like(f"{path}%") for path in actor.unit_paths()))
    running = select(Clock.id).where(Clock.ticket_id == Ticket.id, Clock.stopped_at.is_(None), _own(actor))
    return and_(on_desk, Ticket.state.in_(AT_CENTRE), tickets_within(scope_of(actor)), ~exists(running))


def _part(
    session: Session, actor: Actor, part: Nearness, edges: Edges, cursor: str | None
) -> tuple[Nearness, list[Any], str | None]:
    query: Any
    if part is Nearness.WAITING:
        query, at, id = select(*TICKET), Ticket.received_at, Ticket.id
        query = query.outerjoin(Unit, Unit.id == Ticket.lead_unit_id).where(_waits_for_the_centre(actor))
    else:
        query, at, id = select(*TICKET, *CLOCK).join(Ticket, Ticket.id == Clock.ticket_id), Clock.due_at, Clock.id
        query = query.outerjoin(Unit, Unit.id == Clock.unit_id)
        query = query.where(_nearest(actor), _within(part, edges), tickets_within(scope_of(actor)))
    query = query.outerjoin(Enterprise, Enterprise.id == Ticket.enterprise_id)
    rows = session.execute(paging.page(query, at, id, cursor=cursor, limit=SHOWN)).all()
    following = None
    if len(rows) > SHOWN:
        last = rows[SHOWN - 1]
        position = (last.received_at, last.ticket_id) if part is Nearness.WAITING else (last.due_at, last.id)
        following = paging.cursor_of(*position)
    return part, list(rows[:SHOWN]), following


def _other_clocks(session: Session, actor: Actor, tickets: Iterable[int]) -> dict[int, list[Any]]:
    """The other running clocks of the unit on these tickets."""
    query = select(*CLOCK, Clock.ticket_id).where(Clock.ticket_id.in_(list(tickets)), Clock.stopped_at.is_(None))
    found: dict[int, list[Any]] = {}
    for row in session.execute(query.where(_own(actor)).order_by(Clock.due_at, Clock.id)):
        found.setdefault(row.ticket_id, []).append(row)
    return found


def _line(
    row: Any, part: Nearness, actor: Actor, done: Progress, clocks: list[Any], now: datetime, rulebook: Rulebook
) -> dict[str, Any]:
    state = State(row.state)
    here = part is not Nearness.WAITING
    step = step_for(row.kind, state, done) if here else next_step(state, done)
    clock = {
        "clock_id": row.id,
        **labelled("clock", row.kind),
        "due_at": instant(row.due_at),
        "provisional": row.provisional,
        "left": due.left(row, row.urgency, now, rulebook),
    }
    return {
        "number": row.number,
        "title": mask_in_text(row.title),
        **labelled("state", state),
        "round": row.ticket_round,
        **labelled("urgency", row.urgency),
        "confidential": row.confidential,
        "unsigned_late": row.unsigned_late,
        "unit": row.unit_name,
        "enterprise": row.enterprise_name if sees_identity(actor, row) else None,
        "received_at": instant(row.received_at),
        **(clock if here else {}),
        **_next(step),
        "others": [
            {**labelled("clock", other.kind), "due_at": instant(other.due_at)}
            for other in clocks
            if here and other.id != row.id
        ],
        "may_sign": state is State.DISPATCHED and may_take(actor, Action.SIGN, row.desk_path),
        "may_ask": _may_ask(actor, state, row.desk_path, done),
    }


def _next(step: NextStep) -> dict[str, Any]:
    return {
        "next": step.what,
        "next_by": step.who.label if step.who else step.turn.label,
        **labelled("turn", step.turn),
    }


def _may_ask(actor: Actor, state: State, desk_path: str | None, done: Progress) -> list[dict[str, str]]:
    """What may be asked for from the row, unless it waits already; the terms stand on the form."""
    if not may_do(actor, Deed.REQUEST, desk_path):
        return []
    waiting = {kind for kind, _ in done.asked}
    kinds = [kind for kind in ASKED_FROM_HERE if state in ROWS[kind].states and kind not in waiting]
    return [{"kind": str(kind), "label": kind.label} for kind in kinds if actor.roles & ROWS[kind].askers]


def to_sign(shown: list[dict[str, Any]]) -> list[str]:
    """The numbers of what this reader may sign for, as the parts show them."""
    return [item["number"] for part in shown for item in part["items"] if item["may_sign"]]
