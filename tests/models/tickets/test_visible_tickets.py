"""Who may see a ticket, and who may know whose it is: the predicates and their SQL, held equal on random rows."""

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.app_context import AppContext
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.tickets.reminders import Recusal
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import identity_visible, visible_tickets
from hotline.rules.actors import SYSTEM, VISITOR, Actor, Grant
from hotline.rules.handling.assisting import AssistState
from hotline.rules.visibility import scope_of, sees_identity
from hotline.rules.vocabulary import Channel, ClockKind, Role, State, TicketType
from tests.support.cast import Cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
TICKETS, ACTORS = 60, 80


def a_ticket(session: Session, draw: Random, n: int, units: list[Unit]) -> Ticket:
    desk = draw.choice([None, *units])
    secret = {"confidential": draw.random() < 0.4, "anonymous": draw.random() < 0.3}
    what = {"type": draw.choice([None, *TicketType]), "state": draw.choice([*State]), "channel": Channel.PHONE}
    ticket = Ticket(number=f"QS20261124{n:06d}", query_code_hash="", title="标题", content="内容", **secret, **what)
    ticket.received_at = ticket.state_at = NOW
    ticket.desk_unit_id, ticket.desk_path = (desk.id, desk.path) if desk else (None, None)
    session.add(ticket)
    session.flush()
    return ticket


def some_helpers(session: Session, draw: Random, ticket: Ticket, units: list[Unit]) -> list[str]:
    helping = draw.sample(units, draw.choice([0, 0, 1, 2]))
    for unit in helping:
        row = Assist(ticket_id=ticket.id, round=1, unit_id=unit.id, unit_path=unit.path, asked_at=NOW)
        row.state = draw.choice([*AssistState])
        session.add(row)
    return [unit.path for unit in helping] + some_who_owe(session, draw, ticket, units)


def some_who_owe(session: Session, draw: Random, ticket: Ticket, units: list[Unit]) -> list[str]:
    """Clocks of units: those of an order and of a rectification let their unit read the ticket while they run."""
    owing = []
    for unit in draw.sample(units, draw.choice([0, 0, 1, 2])):
        kind = draw.choice([ClockKind.ORDER_REPLY, ClockKind.RECTIFY, ClockKind.HANDLE])
        clock = Clock(ticket_id=ticket.id, kind=kind, unit_id=unit.id, unit_path=unit.path, limit_text="3个工作日")
        clock.started_at = clock.due_at = clock.first_due_at = NOW
        clock.stopped_at = draw.choice([None, NOW])
        session.add(clock)
        if clock.stopped_at is None and kind is not ClockKind.HANDLE:
            owing.append(unit.path)
    return owing


def some_recused(session: Session, draw: Random, ticket: Ticket, staff: list[int]) -> list[int]:
    recused = draw.sample(staff, draw.choice([0, 0, 1, 3]))
    session.add_all(Recusal(staff_id=id, ticket_id=ticket.id, reason="亲属", at=NOW) for id in recused)
    return recused


def an_actor(draw: Random, units: list[Unit], staff: list[int], tickets: list[int]) -> Actor:
    if draw.random() < 0.1:
        return Actor(name="企业", ticket_id=draw.choice(tickets))
    roles = draw.sample([*Role], draw.choice([0, 1, 1, 1, 2, 3]))
    grants = tuple(Grant(role, draw.choice(units).path) for role in roles)
    return Actor(name="甲", staff_id=draw.choice(staff), grants=grants)


def numbered(rows: Iterable[int]) -> list[int]:
    return sorted(rows)


@pytest.mark.parametrize("seed", range(3))
def test_the_predicates_and_their_sql_give_the_same_answer(app_context: AppContext, cast: Cast, seed: int) -> None:
    draw = Random(seed)
    staff = [actor.staff_id for actor in cast.everyone().values() if actor.staff_id is not None]
    with app_context.transaction(NOW) as ctx:
        session = ctx.session
        every = list(session.scalars(select(Unit).order_by(Unit.id)))
        units = draw.sample(every, min(8, len(every)))
        tickets = [a_ticket(session, draw, n, units) for n in range(TICKETS)]
        helped = {ticket.id: some_helpers(session, draw, ticket, units) for ticket in tickets}
        recused = {ticket.id: some_recused(session, draw, ticket, staff) for ticket in tickets}
        session.flush()
        ids = [ticket.id for ticket in tickets]
        for actor in (SYSTEM, VISITOR, *(an_actor(draw, units, staff, ids) for _ in range(ACTORS))):
            scope = scope_of(actor)
            seen = [t.id for t in tickets if scope.covers(t, helped[t.id], recused[t.id])]
            known = [t.id for t in tickets if sees_identity(actor, t)]
            assert numbered(session.scalars(select(Ticket.id).where(visible_tickets(scope)))) == seen, actor
            assert numbered(session.scalars(select(Ticket.id).where(identity_visible(actor)))) == known, actor
