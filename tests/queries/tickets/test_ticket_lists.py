"""Whatever a list of tickets is narrowed to, each one that matches is in it, by either order, forth and back."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from hotline.app_context import AppContext
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.tickets.tickets import Ticket
from hotline.queries.paging import FIRST, Page
from hotline.queries.tickets.tickets import Filters, ticket_page
from hotline.rules.vocabulary import ClockKind, State
from tests.pages.test_pages import at
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

NOW = at("2026-11-24T10:00:00")
STATES = ("submitted", "accepted", "dispatched", "handling", "suspended", "closed", "rejected", "transferred")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"state": State.CLOSED},
    {"state": State.SUSPENDED},
    {"state": State.HANDLING},
    {"overdue": False},
    {"overdue": True},
    {"received_from": NOW + timedelta(minutes=3)},
    {"received_to": NOW + timedelta(minutes=6)},
    {"received_from": NOW + timedelta(minutes=2), "received_to": NOW + timedelta(minutes=9)},
    {"q": "变更"},
    {"unit": "market-supervision"},
    {"category": "licensing-delay"},
    {"mine": True},
    {"clock": ClockKind.HANDLE},
    {"step": -1},
    {"step": 0},
)


@pytest.fixture
def lives(build: Builder, app_context: AppContext) -> list[str]:
    """Two of each state, a minute apart; of the running dues some are the same and some provisional."""
    numbers = [build.anywhere(state, NOW + timedelta(minutes=n)) for n, state in enumerate(STATES * 2)]
    with app_context.transaction(NOW) as ctx:
        same = ctx.session.scalars(select(Ticket.id).where(Ticket.due_at.is_not(None)).order_by(Ticket.id)).all()
        ctx.session.execute(update(Ticket).where(Ticket.id.in_(same[:3])).values(due_at=NOW - timedelta(days=1)))
        ctx.session.execute(update(Ticket).where(Ticket.id == same[0]).values(due_provisional=True))
    return numbers


def _pages(ctx: Context, filters: Filters, limit: int, way: str = "next_cursor") -> Iterator[dict[str, Any]]:
    page: dict[str, Any] = ticket_page(ctx, filters, Page(None, limit))
    yield page
    while page[way]:
        page = ticket_page(ctx, filters, Page(page[way], limit))
        yield page


def _matching(ctx: Context, asked: dict[str, Any]) -> list[str]:
    """The same by another way: every row, looked at one by one."""
    rows = ctx.session.scalars(select(Ticket)).all()
    late = {row.id: row.due_at is not None and row.due_at < ctx.now and not row.due_provisional for row in rows}
    unit_ids = {unit.code: unit.id for unit in ctx.session.scalars(select(Unit))}
    tests: dict[str, Any] = {
        "state": lambda row, value: row.state is value,
        "overdue": lambda row, value: late[row.id] is value,
        "received_from": lambda row, value: row.received_at >= value,
        "received_to": lambda row, value: row.received_at < value,
        "q": lambda row, value: value in row.title,
        "unit": lambda row, value: row.lead_unit_id is not None and row.lead_unit_id == unit_ids.get(value),
        "category": lambda row, value: row.category == value,
        "mine": lambda row, value: row.logged_by == ctx.actor.staff_id,
        "clock": lambda row, value: row.due_kind == value,
        "step": lambda row, value: row.step == value,
    }
    found = [row for row in rows if all(tests[name](row, value) for name, value in asked.items())]
    dated = sorted((row for row in found if row.due_at), key=lambda row: (row.due_at, row.id))
    undated = sorted((row for row in found if not row.due_at), key=lambda row: (row.received_at, row.id), reverse=True)
    return [row.number for row in (*dated, *undated)]


def test_every_ticket_that_matches_is_in_the_list_by_either_order(
    app_context: AppContext, cast: Cast, lives: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app_context.snapshot(NOW + timedelta(hours=1), actor=cast.operator) as ctx:
        for asked in FILTERS:
            right = _matching(ctx, asked)
            for limit in (1, 3, 200):
                listed = [row["number"] for page in _pages(ctx, Filters(**asked), limit) for row in page["items"]]
                assert listed == right, (asked, limit)
            newest = [
                row["number"] for page in _pages(ctx, Filters(**asked, sort="-received"), 4) for row in page["items"]
            ]
            assert sorted(newest) == sorted(right), asked
        monkeypatch.setattr("hotline.queries.paging.DEPTH", 2)
        for asked in FILTERS:
            listed = [row["number"] for page in _pages(ctx, Filters(**asked), 3) for row in page["items"]]
            assert listed == _matching(ctx, asked), asked


def test_the_way_back_shows_the_same_pages(app_context: AppContext, cast: Cast, lives: list[str]) -> None:
    with app_context.snapshot(NOW, actor=cast.supervisor) as ctx:
        whole = [row["number"] for row in ticket_page(ctx, Filters(), Page(None, 200))["items"]]
        assert sorted(whole) == sorted(_matching(ctx, {})) and len(whole) >= len(lives)
        for limit in (1, 2, 3, 5, 7):
            forth = list(_pages(ctx, Filters(), limit))
            page, back = forth[-1], [[row["number"] for row in forth[-1]["items"]]]
            while page["previous_cursor"]:
                page = ticket_page(ctx, Filters(), Page(page["previous_cursor"], limit))
                back.insert(0, [row["number"] for row in page["items"]])
            assert [number for shown in back for number in shown] == whole, limit


def test_dues_that_move_between_two_pages_lose_nothing_that_stays(
    app_context: AppContext, cast: Cast, lives: list[str]
) -> None:
    chances = random.Random(18)
    with app_context.transaction(NOW) as ctx:
        by = ctx.by(cast.supervisor)
        first = ticket_page(by, Filters(), Page(None, 4))
        moved = chances.choice(first["items"])["number"]
        ctx.session.execute(update(Ticket).where(Ticket.number == moved).values(due_at=None, due_kind=None))
        seen, page = [row["number"] for row in first["items"]], first
        while page["next_cursor"]:
            page = ticket_page(by, Filters(), Page(page["next_cursor"], 4))
            seen += [row["number"] for row in page["items"]]
        assert set(seen) == set(_matching(by, {}))


def test_a_closed_ticket_is_found_by_state_by_number_and_by_day(call: Calls, build: Builder) -> None:
    closed = build.ticket("closed", NOW)
    for query in (
        "state=closed",
        "state=closed&sort=-received",
        "",
        f"q={closed}",
        "received_from=2026-11-24&received_to=2026-11-25",
        "overdue=false",
        "unit=market-supervision&state=closed",
    ):
        for who in ("supervisor", "handler", "inspector"):
            assert [row["number"] for row in call.ok(who, "GET", f"/tickets?{query}")["items"]] == [closed], (
                who,
                query,
            )
    assert call.ok("supervisor", "GET", "/tickets?overdue=true")["items"] == []
    for cursor in ("~~~", "~", "<~~abc", "~MjAyNg", "<"):
        call.refused("supervisor", "GET", f"/tickets?cursor={cursor}", 422)


def test_a_list_that_is_whole_needs_no_second_page(app_context: AppContext, cast: Cast, lives: list[str]) -> None:
    with app_context.snapshot(NOW, actor=cast.supervisor) as ctx:
        whole = len(_matching(ctx, {}))
        page = ticket_page(ctx, Filters(), Page(None, whole))
        assert (len(page["items"]), page["next_cursor"], page["previous_cursor"]) == (whole, None, None)
        assert ticket_page(ctx, Filters(), Page(None, whole - 1))["next_cursor"]
        assert ticket_page(ctx, Filters(state=State.MERGED), FIRST)["items"] == []
