"""What is open, what is bad, in which states a ticket is, and who wrote its results: the predicates and their SQL."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.app_context import AppContext
from hotline.models.accounts.units import Unit
from hotline.models.handling.requests import IS_OPEN_REQUEST, Request
from hotline.models.ratings.ratings import IS_BAD, Rating
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.blank_ticket import blank_ticket
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.result_authors import result_authors, wrote_result
from hotline.models.tickets.tickets import IS_OPEN, Result, Ticket
from hotline.rules.handling.requests import is_open_request
from hotline.rules.ratings.rating import is_bad
from hotline.rules.supervision.orders import is_open_order
from hotline.rules.tickets import states
from hotline.rules.vocabulary import Channel, OrderState, RequestKind, RequestState, ResultKind, Satisfaction, State
from tests.support.cast import Cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def a_ticket(session: Session, n: int, state: State = State.HANDLING) -> Ticket:
    what: dict[str, Any] = {"title": "标题", "content": "内容", "channel": Channel.PHONE, "query_code_hash": ""}
    ticket = blank_ticket(number=f"QS20261124{n:06d}", state=state, received_at=NOW, state_at=NOW, **what)
    session.add(ticket)
    session.flush()
    return ticket


def test_a_ticket_begins_in_its_first_round_with_nothing_due(app_context: AppContext) -> None:
    with app_context.transaction(NOW) as ctx:
        ticket = a_ticket(ctx.session, 1)
        ctx.session.refresh(ticket)
        assert (ticket.round, ticket.version, ticket.timeline_length, ticket.timeline_head) == (1, 1, 0, "")
        assert (ticket.step, ticket.due_at, ticket.due_provisional, ticket.imported) == (-1, None, False, False)
        assert (ticket.no_return, ticket.unsigned_late) == (False, False)


def test_tickets_are_found_by_the_named_sets_of_states(app_context: AppContext) -> None:
    with app_context.transaction(NOW) as ctx:
        every = {a_ticket(ctx.session, n, state).id: state for n, state in enumerate(State)}
        for wanted in (states.OPEN, states.FINAL, states.WITH_UNIT, states.WAITS_FOR_CENTRE, states.TO_ARCHIVE):
            found = ctx.session.scalars(select(Ticket.id).where(in_states(wanted)))
            assert {every[id] for id in found} == wanted
        found = ctx.session.scalars(select(Ticket.id).where(IS_OPEN))
        assert {every[id] for id in found} == {state for state in State if states.is_open(state)}


def test_an_order_is_open_until_it_is_closed_or_declined(app_context: AppContext) -> None:
    with app_context.transaction(NOW) as ctx:
        unit = ctx.session.scalars(select(Unit.id).limit(1)).one()
        for n, state in enumerate(OrderState):
            order = Order(number=f"DB{n}", ticket_id=a_ticket(ctx.session, n).id, unit_id=unit, round=1, state=state)
            order.cause, order.drafted_at = "rework", NOW
            ctx.session.add(order)
        found = set(ctx.session.scalars(select(Order.state).where(IS_OPEN_ORDER)))
        assert found == {state for state in OrderState if is_open_order(state)}
        assert set(OrderState) - found == {OrderState.CLOSED, OrderState.DECLINED}


def test_a_request_is_open_until_it_is_decided(app_context: AppContext, cast: Cast) -> None:
    with app_context.transaction(NOW) as ctx:
        for n, state in enumerate(RequestState):
            request = Request(ticket_id=a_ticket(ctx.session, n).id, kind=RequestKind.EXTENSION, round=1, state=state)
            request.reason, request.details, request.asked_at = "理由", {}, NOW
            request.asked_by = cast.handler.staff_id or 0
            ctx.session.add(request)
        found = set(ctx.session.scalars(select(Request.state).where(IS_OPEN_REQUEST)))
        assert found == {state for state in RequestState if is_open_request(state)}
        assert found == {RequestState.DRAFTED, RequestState.PENDING}


def test_two_of_the_five_levels_are_bad(app_context: AppContext) -> None:
    with app_context.transaction(NOW) as ctx:
        for n, level in enumerate(Satisfaction):
            key = {"once": str(n), "object": str(n), "rater_hash": str(n), "channel": "link"}
            rating = Rating(ticket_id=a_ticket(ctx.session, n).id, level=level, verified=True, **key)
            rating.reasons, rating.rated_at = [], NOW
            ctx.session.add(rating)
        found = set(ctx.session.scalars(select(Rating.level).where(IS_BAD)))
        assert found == {level for level in Satisfaction if is_bad(level)}
        assert found == {Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED}


@pytest.mark.parametrize("who", ["handler", "second_handler", "leader", "reviewer"])
def test_whoever_worked_on_a_result_of_any_round_is_known(app_context: AppContext, cast: Cast, who: str) -> None:
    person = getattr(cast, who).staff_id
    with app_context.transaction(NOW) as ctx:
        one, other = a_ticket(ctx.session, 1), a_ticket(ctx.session, 2)
        written = {"kind": ResultKind.SOLVED, "reply": "已办结。"}
        first = {"drafted_by": cast.handler.staff_id, "submitted_by": cast.leader.staff_id}
        ctx.session.add(Result(ticket_id=one.id, round=1, reviewed_by=cast.reviewer.staff_id, **first, **written))
        ctx.session.add(Result(ticket_id=one.id, round=2, submitted_by=cast.second_handler.staff_id, **written))
        ctx.session.flush()
        authors = {ticket.id for ticket in (one, other) if person in result_authors(ctx.session, ticket)}
        assert set(ctx.session.scalars(select(Ticket.id).where(wrote_result(person)))) == authors
        assert authors == (set() if who == "reviewer" else {one.id})
