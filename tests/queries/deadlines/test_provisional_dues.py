"""A provisional due that has passed is late for nobody: nowhere is it said by how much, everywhere that it is not sure."""

import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar
from hotline.casework.handling import handling
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.queries.dashboards import unit_desk
from hotline.queries.deadlines import overdue
from hotline.queries.public.public import public_ticket
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.queries.tickets.ticket_now import now_of
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.actors import Actor
from hotline.rules.deadlines.due_counts import When
from hotline.rules.deadlines.time_left import PROVISIONAL_HAS_PASSED
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind, ResultKind
from hotline.transfer.export_lists import write_list
from tests.support.build import Builder
from tests.support.cast import Cast
from tests.support.year_files import entry, year_file

BEGUN = datetime(2031, 3, 3, 10, tzinfo=ZONE)
PASSED = datetime(2031, 3, 21, 18, tzinfo=ZONE)
"""Nine working days after the due of 2031-03-10, a year that nobody has announced."""


def texts(found: Any) -> list[str]:
    """Every text in an answer."""
    if isinstance(found, dict):
        return [text for value in found.values() for text in texts(value)]
    if isinstance(found, list | tuple):
        return [text for value in found for text in texts(value)]
    return [found] if isinstance(found, str) else []


def everywhere(ctx: Context, cast: Cast, ticket: Ticket) -> dict[str, Any]:
    """What people are shown of the ticket: in the centre, in the unit and outside."""
    supervisor = ctx.by(cast.supervisor)
    file = io.BytesIO()
    write_list(supervisor, "overdue", {"when": "running"}, file, kind="csv")
    return {
        "list": overdue.overdue_page(supervisor, overdue.OverdueFilters(when=When.RUNNING)),
        "file": ticket_file(supervisor, ticket),
        "now": now_of(supervisor, ticket),
        "desk": unit_desk.desk(ctx.by(cast.handler)),
        "export": file.getvalue().decode("utf-8-sig"),
        "public": public_ticket(ctx, Actor("企业", ticket_id=ticket.id)),
    }


@pytest.mark.parametrize("at", [PASSED, datetime(2031, 3, 10, 17, 31, tzinfo=ZONE), PASSED + timedelta(days=20)])
def test_nothing_is_counted_from_a_due_that_is_not_sure(
    build: Builder, app_context: AppContext, cast: Cast, at: datetime
) -> None:
    number = build.ticket("handling", BEGUN)
    with app_context.snapshot(at) as ctx:
        ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        found = everywhere(ctx, cast, ticket)
    for where, shown in found.items():
        said = " ".join(texts(shown))
        assert not re.search(r"已超\d|超期\d", said), where
        assert where == "export" or PROVISIONAL_HAS_PASSED in said, where
    (line,) = found["list"]["items"]
    assert (line["late_days"], line["provisional"], line["mark"]) == (0, True, "near")
    assert ",暂定," in found["export"]


def test_when_the_year_is_announced_the_same_due_is_late(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("handling", BEGUN)
    change = calendar.year_change(year_file(2031))
    with app_context.transaction(PASSED) as ctx:
        calendar.apply(ctx.by(CONSOLE), change, base=app_context.rulebook)
    with app_context.snapshot(PASSED) as ctx:
        ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        found = everywhere(ctx, cast, ticket)
    (line,) = found["list"]["items"]
    assert (line["late_days"], line["left"], line["mark"]) == (9, "已超9个工作日", "late")
    assert ",9," in found["export"] and PROVISIONAL_HAS_PASSED not in " ".join(texts(found))


@pytest.mark.parametrize(
    ("submitted", "rest", "late"),
    [
        ("2031-03-10 17:00", (), False),
        ("2031-03-12 10:00", (), True),
        ("2031-03-11 10:00", ("2031-03-05",), False),
        ("2031-03-12 10:00", ("2031-03-05",), True),
        ("2031-03-20 10:00", ("2031-03-05", "2031-03-06", "2031-03-07"), True),
    ],
)
def test_what_ended_by_a_guess_is_judged_when_the_year_is_announced(
    build: Builder, app_context: AppContext, submitted: str, rest: tuple[str, ...], late: bool
) -> None:
    number, now = build.ticket("handling", BEGUN), datetime.fromisoformat(submitted).replace(tzinfo=ZONE)
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=BEGUN)
    build.do("leader", handling.submit_result, number, handling.ResultGiven(ResultKind.SOLVED, "已办结。"), now=now)
    query = select(Clock).where(Clock.kind == ClockKind.HANDLE)
    with app_context.snapshot() as ctx:
        before = ctx.session.scalars(query).one()
    assert before.provisional and not before.late
    change = calendar.year_change(year_file(2031, *(entry(on, "临时放假") for on in rest)))
    with app_context.transaction(PASSED) as ctx:
        calendar.apply(ctx.by(CONSOLE), change, base=app_context.rulebook)
    with app_context.snapshot() as ctx:
        after = ctx.session.scalars(query).one()
    assert (after.late, after.provisional, after.stopped_at) == (late, False, before.stopped_at)
