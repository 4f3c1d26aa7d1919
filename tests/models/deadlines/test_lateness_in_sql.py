"""Late and near in SQL and in Python give the same answers on random clocks, on both engines."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session, aliased

from hotline.app_context import AppContext
from hotline.models.deadlines import due_bucket, lateness
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.due_bucket import Edges, Nearness, edges_at
from hotline.rules.deadlines.due_counts import PARTS, When
from hotline.rules.deadlines.lateness import due_is_late, is_counted, is_late, was_late
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind
from tests.support.build import Builder

BEGIN, END = datetime(2026, 1, 5), datetime(2026, 12, 20)
FIRST_ID = 1_000_000
INSTANTS = st.datetimes(BEGIN, END, timezones=st.just(ZONE))
NEARBY = st.one_of(
    st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1)]),
    st.timedeltas(timedelta(days=-4), timedelta(days=12)),
)
AHEAD = timedelta(hours=24)
RARELY = st.sampled_from([False, False, True])
# An edge by its number, how far from it the clock is due, whether it is provisional, whether it is paused, whether it is stopped.
CLOCKS = st.lists(st.tuples(st.integers(0, 3), NEARBY, RARELY, RARELY, RARELY), min_size=1, max_size=25)
ANEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=False,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Drawn = list[tuple[int, timedelta, bool, bool, bool]]


def _clocks(drawn: Drawn, edges: Edges) -> dict[int, Any]:
    """Return the drawn clocks by their id, each due beside one of the edges."""
    around = (edges.now, edges.tomorrow, edges.close, edges.now + AHEAD)
    return {
        FIRST_ID + n: SimpleNamespace(
            due_at=around[edge] + beside,
            provisional=provisional,
            paused_at=edges.now if paused else None,
            stopped_at=edges.now if stopped else None,
            met_at=edges.now if stopped and n % 3 else None,
            late=(None, False, True)[n % 3] if not stopped or n % 2 else n % 5 == 0,
        )
        for n, (edge, beside, provisional, paused, stopped) in enumerate(drawn)
    }


def _insert(session: Session, ticket_id: int, clocks: dict[int, Any], now: datetime) -> None:
    same = {"kind": ClockKind.HANDLE, "ticket_id": ticket_id, "started_at": now, "limit_text": "5个工作日"}
    rows = [{"id": id, **same, "first_due_at": clock.due_at, **vars(clock)} for id, clock in clocks.items()]
    session.execute(insert(Clock), rows)


def _found(session: Session, condition: ColumnElement[bool], clock: Any = Clock) -> set[int]:
    return set(session.scalars(select(clock.id).where(clock.id >= FIRST_ID, condition)))


def _check_late(session: Session, clocks: dict[int, Any], now: datetime) -> None:
    late = {id for id, clock in clocks.items() if is_late(clock, now)}
    other = aliased(Clock)
    assert _found(session, lateness.is_late(Clock, now)) == late
    assert _found(session, lateness.is_late(other, now), other) == late
    for condition, says in ((lateness.was_late, was_late), (lateness.is_counted, is_counted)):
        assert _found(session, condition(Clock, now)) == {id for id, clock in clocks.items() if says(clock, now)}
        assert _found(session, condition(other, now), other) == {id for id, clock in clocks.items() if says(clock, now)}
    soon = {id for id, clock in clocks.items() if is_late(clock, now + AHEAD)} - late
    assert _found(session, lateness.late_within(Clock, now, AHEAD)) == soon


def _check_parts(session: Session, clocks: dict[int, Any], edges: Edges) -> None:
    running = {id: clock for id, clock in clocks.items() if clock.stopped_at is None}
    parts: dict[int, Nearness] = {
        id: edges.of(clock.due_at, provisional=clock.provisional, paused=clock.paused_at is not None)
        for id, clock in running.items()
    }
    for part, lies in due_bucket.parts_at(edges).items():
        expected = {id for id, found in parts.items() if found is part}
        assert _found(session, Clock.stopped_at.is_(None) & lies) == expected, part
    counting = Clock.stopped_at.is_(None) & Clock.paused_at.is_(None)
    for when, counted in PARTS.items():
        expected = {id for id, part in parts.items() if part in counted and not running[id].provisional}
        assert _found(session, counting & due_bucket.counts_as(when, edges)) == expected, when
    everything = {id for id, part in parts.items() if part is not Nearness.PAUSED}
    assert _found(session, counting & due_bucket.counts_as(When.RUNNING, edges)) == everything


@ANEW
@given(now=INSTANTS, drawn=CLOCKS)
def _check_clocks(app_context: AppContext, ticket_id: int, now: datetime, drawn: Drawn) -> None:
    with app_context.transaction(now) as ctx:
        edges = edges_at(now, ctx.rules.calendar)
        clocks = _clocks(drawn, edges)
        _insert(ctx.session, ticket_id, clocks, now)
        _check_late(ctx.session, clocks, now)
        _check_parts(ctx.session, clocks, edges)
        ctx.session.rollback()


def test_clocks_are_late_and_near_alike_in_sql_and_in_python(app_context: AppContext, build: Builder) -> None:
    number = build.ticket("dispatched", datetime(2026, 11, 24, 10, tzinfo=ZONE))
    with app_context.snapshot() as ctx:
        ticket_id = ctx.session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
    _check_clocks(app_context, ticket_id)


@ANEW
@given(now=INSTANTS, beside=st.none() | NEARBY, provisional=RARELY)
def _check_ticket(app_context: AppContext, now: datetime, beside: timedelta | None, provisional: bool) -> None:
    due_at = None if beside is None else now + beside
    with app_context.transaction(now) as ctx:
        ctx.session.execute(update(Ticket).values(due_at=due_at, due_provisional=provisional))
        condition = lateness.due_is_late(Ticket.due_at, now, provisional=Ticket.due_provisional)
        found = ctx.session.scalars(select(Ticket.id).where(condition)).all()
        assert bool(found) is due_is_late(due_at, now, provisional=provisional)
        ctx.session.rollback()


def test_the_nearest_due_of_a_ticket_is_late_alike_in_sql_and_in_python(
    app_context: AppContext, build: Builder
) -> None:
    build.ticket("dispatched", datetime(2026, 11, 24, 10, tzinfo=ZONE))
    _check_ticket(app_context)
