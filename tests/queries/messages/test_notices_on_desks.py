"""A notice leaves the desk when what it asks for is done; who watches over all units hears of many tickets by digests."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.handling import handling, review
from hotline.casework.tickets import notices
from hotline.casework.tickets.notices import Seen
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.accounts.staff import Staff
from hotline.models.messages.notices import Notice
from hotline.queries.deadlines.overdue import overdue_page
from hotline.queries.messages.notices import MOST, notices_for
from hotline.queries.timeline_texts import NOTICES
from hotline.rules.actors import SYSTEM
from hotline.rules.messages.asks import ASKED_BY_CLOCK, ASKED_BY_ROW
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import ResultKind, Urgency
from hotline.schemas.base import load
from hotline.schemas.queries import OverdueQuery
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, UNIT, Cast

NOW = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
LATER = datetime.fromisoformat("2026-11-25T08:30:00+08:00")
"""Tickets dispatched at `NOW` were due for signing the day before at the close of business."""


def on_desk(app_context: AppContext, cast: Cast, who: str, now: datetime) -> dict[str, Any]:
    with app_context.snapshot(now) as ctx:
        return notices_for(ctx.by(getattr(cast, who)))


def said(app_context: AppContext, cast: Cast, who: str, number: str, now: datetime = NOW) -> list[str]:
    """What stands on this desk about this ticket."""
    return [line["text"] for line in on_desk(app_context, cast, who, now)["items"] if line["number"] == number]


def test_what_asks_is_a_kind_of_notice() -> None:
    assert set(ASKED_BY_CLOCK) | set(ASKED_BY_ROW) <= set(NOTICES)


def test_each_notice_of_the_main_path_leaves_when_it_is_done(
    app_context: AppContext, cast: Cast, build: Builder
) -> None:
    number = build.ticket("accepted", NOW)
    assert said(app_context, cast, "dispatcher", number) == ["待派单"]
    build.onward(number, "dispatched", NOW)
    assert said(app_context, cast, "dispatcher", number) == []
    assert said(app_context, cast, "handler", number) == ["新派工单，请签收"]
    build.onward(number, "handling", NOW, done=1)
    assert said(app_context, cast, "handler", number) == said(app_context, cast, "leader", number) == []
    build.onward(number, "reviewing", NOW, done=2)
    assert said(app_context, cast, "reviewer", number) == ["办理结果待审核"]
    refused = NOW + timedelta(hours=1)
    build.do("reviewer", review.audit_refuse, number, review.Refusing(Fault.INCOMPLETE, "没有答复诉求"), now=refused)
    assert said(app_context, cast, "reviewer", number, refused) == []
    assert said(app_context, cast, "leader", number, refused) == ["办理结果被退回"]
    again = refused + timedelta(hours=1)
    build.do(
        "leader", handling.submit_result, number, handling.ResultGiven(ResultKind.SOLVED, "已补充说明。"), now=again
    )
    assert said(app_context, cast, "leader", number, again) == []
    # The notice of the first submission does not come back with the second one.
    assert said(app_context, cast, "reviewer", number, again) == ["办理结果待审核"]


def test_of_the_steps_of_a_clock_the_last_is_shown_until_it_ends(
    app_context: AppContext, cast: Cast, build: Builder
) -> None:
    number = build.ticket("dispatched", NOW)
    opening = LATER - timedelta(hours=12)
    escalate.run(Run(app_context, opening))
    assert said(app_context, cast, "handler", number, LATER) == ["签收红牌", "新派工单，请签收"]
    build.onward(number, "handling", LATER, done=1)
    assert said(app_context, cast, "handler", number, LATER) == []


def test_what_tells_something_stays_until_it_is_read(app_context: AppContext, cast: Cast, build: Builder) -> None:
    number = build.anywhere("withdrawn", NOW)
    assert said(app_context, cast, "handler", number) == ["企业已撤单"]
    (line,) = on_desk(app_context, cast, "handler", NOW)["items"]
    build.do("handler", notices.mark_read, Seen((line["id"],)), now=NOW)
    assert said(app_context, cast, "handler", number) == []


MARKET, TAX = "襄阳市市场监督管理局", "国家税务总局襄阳市税务局"


@pytest.fixture
def late(app_context: AppContext, build: Builder) -> dict[str, int]:
    """How many tickets of each unit nobody has signed for; all turn late in one evening."""
    numbers = {UNIT: 7, OTHER_UNIT: 4}
    for unit, count in numbers.items():
        for _ in range(count):
            build.ticket("dispatched", NOW, unit=unit)
    escalate.run(Run(app_context, LATER - timedelta(hours=12)))
    return numbers


def rows_of_supervisor(app_context: AppContext, cast: Cast) -> int:
    with app_context.snapshot(LATER) as ctx:
        mine = Notice.staff_id == cast.supervisor.staff_id
        return ctx.session.scalar(select(func.count()).select_from(Notice).where(mine)) or 0


def test_a_supervisor_hears_once_of_each_unit_and_step(
    app_context: AppContext, cast: Cast, late: dict[str, int]
) -> None:
    found = on_desk(app_context, cast, "supervisor", LATER)
    shown = {(line["name"], line["text"]) for line in found["items"]}
    assert shown == {
        (MARKET, f"时限红牌{late[UNIT]}项"),
        (TAX, f"时限红牌{late[OTHER_UNIT]}项"),
    }
    assert rows_of_supervisor(app_context, cast) == len(found["items"]) == len(late)
    handled = on_desk(app_context, cast, "handler", LATER)["items"]
    assert sum(line["text"] == "签收红牌" for line in handled) == late[UNIT]


def test_the_list_behind_a_digest_has_the_clocks_that_it_counts(
    app_context: AppContext, cast: Cast, late: dict[str, int]
) -> None:
    for line in on_desk(app_context, cast, "supervisor", LATER)["items"]:
        query = dict(pair.split("=") for pair in line["address"].partition("?")[2].split("&"))
        with app_context.snapshot(LATER) as ctx:
            asked = load(OverdueQuery(), query)
            listed = overdue_page(ctx.by(cast.supervisor), **asked)["items"]
        assert len(listed) == int("".join(filter(str.isdigit, line["text"])))


def test_a_digest_leaves_with_the_last_clock_on_its_step(
    app_context: AppContext, cast: Cast, build: Builder, late: dict[str, int]
) -> None:
    with app_context.snapshot(LATER) as ctx:
        clocks = overdue_page(ctx.by(SYSTEM))["items"]
    numbers = [line["number"] for line in clocks if line["unit"] == MARKET and line["kind"] == "sign"]
    for left, number in enumerate(numbers):
        build.onward(number, "handling", LATER, done=1)
        names = {line["name"] for line in on_desk(app_context, cast, "supervisor", LATER)["items"]}
        assert (MARKET in names) is (left + 1 < len(numbers))


def test_what_climbs_after_a_digest_was_read_opens_it_again(
    app_context: AppContext, cast: Cast, build: Builder, late: dict[str, int]
) -> None:
    ids = tuple(line["id"] for line in on_desk(app_context, cast, "supervisor", LATER)["items"])
    build.do("supervisor", notices.mark_read, Seen(ids), now=LATER)
    assert on_desk(app_context, cast, "supervisor", LATER)["items"] == []
    build.ticket("dispatched", NOW)
    escalate.run(Run(app_context, LATER))
    (line,) = on_desk(app_context, cast, "supervisor", LATER)["items"]
    assert (line["name"], line["text"]) == (MARKET, f"时限红牌{late[UNIT] + 1}项")
    assert rows_of_supervisor(app_context, cast) == len(late)


def test_an_urgent_matter_is_told_by_itself(app_context: AppContext, cast: Cast, build: Builder) -> None:
    number = build.ticket("dispatched", NOW, urgency=Urgency.DANGER)
    soon = NOW + timedelta(minutes=16)
    escalate.run(Run(app_context, soon))
    assert said(app_context, cast, "supervisor", number, soon) == ["签收红牌"]


def test_reading_what_was_shown_leaves_what_was_not(app_context: AppContext, cast: Cast) -> None:
    with app_context.transaction(NOW) as ctx:
        staff = ctx.session.get_one(Staff, cast.handler.staff_id)
        row = {"kind": "account_changed", "data": {"what": "password"}, "at": NOW, "not_before": NOW}
        rows = [{**row, "event": f"account:{n}", "staff_id": staff.id} for n in range(MOST + 3)]
        notices.enqueue(ctx.session, rows)
    found = on_desk(app_context, cast, "handler", NOW)
    assert (len(found["items"]), found["more"]) == (MOST, True)
    with app_context.transaction(NOW) as ctx:
        notices.mark_read(ctx.by(cast.handler), Seen(tuple(line["id"] for line in found["items"])))
    found = on_desk(app_context, cast, "handler", NOW)
    assert (len(found["items"]), found["more"]) == (3, False)
