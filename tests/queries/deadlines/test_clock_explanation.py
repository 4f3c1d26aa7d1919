"""Why a clock is due then: every day of the limit and every day that was added, each with its reason."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.handling import handling, resumption, review
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.queries.deadlines.clock_explanation import explain_clock
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind, ResultKind, Urgency
from tests.casework.handling.test_time_of_requests import approve, ask, at
from tests.support.build import Builder
from tests.support.cast import Cast

BEGUN = "2026-03-02 09:00"


@pytest.fixture
def number(build: Builder) -> str:
    """A difficult matter: 15 working days from 2026-03-02, due on 03-23."""
    made = build.ticket("handling", at(BEGUN), difficulty=Difficulty.DIFFICULT)
    build.do("handler", handling.record_contact, made, handling.ContactReport("电话"), now=at("2026-03-02 10:00"))
    return made


def explained(
    app_context: AppContext, cast: Cast, number: str, now: str, kind: ClockKind = ClockKind.HANDLE
) -> dict[str, Any]:
    with app_context.snapshot(at(now)) as ctx:
        query = select(Clock.id).join(Ticket, Ticket.id == Clock.ticket_id).where(Ticket.number == number)
        clock_id = ctx.session.scalars(query.where(Clock.kind == kind).order_by(Clock.id.desc())).first()
        return explain_clock(ctx.by(cast.supervisor), clock_id or 0)


def suspend(build: Builder, number: str, begin: str, end: str, code: str = "testing") -> None:
    """Asked for until the week after, and taken up again by the supervisor when it was over."""
    until = at(end).date() + timedelta(days=5)
    ask(build, number, begin, RequestKind.SUSPENSION, code=code, until=until)
    approve(build, number, begin, "suspend")
    build.do("supervisor", resumption.resume, number, resumption.Resuming(), now=at(end))


def check(found: dict[str, Any]) -> None:
    """Days of the limit and added ones together are all that count, and the last one is the day of the due."""
    counting = [day for day in found["counted"] if day["counts"]]
    assert len(counting) == found["days"] + found["extra_days"]
    assert [bool(day["added"]) for day in counting] == [False] * found["days"] + [True] * found["extra_days"]
    assert sum(line["days"] for line in found["added"]) == found["extra_days"]
    assert counting[-1]["on"] == found["counted"][-1]["on"] == found["due_at"][:10]
    assert all(day["added"] is None and day["reason"] for day in found["counted"] if not day["counts"])


def test_nothing_added_is_the_limit_alone(app_context: AppContext, cast: Cast, number: str) -> None:
    found = explained(app_context, cast, number, "2026-03-03 09:00")
    check(found)
    assert found["added"] == [] and "另有" not in found["sentence"]
    assert found["rules"]["version"] == 1


def test_an_extension_is_named_day_by_day(build: Builder, app_context: AppContext, cast: Cast, number: str) -> None:
    ask(build, number, "2026-03-20 10:00", RequestKind.EXTENSION, days=3)
    approve(build, number, "2026-03-20 11:00", "extension_approved")
    found = explained(app_context, cast, number, "2026-03-20 12:00")
    check(found)
    assert [line["text"] for line in found["added"]] == ["延期（2026-03-20批准），加3个工作日"]
    added = {day["on"]: day["added"] for day in found["counted"] if day["added"]}
    assert added == dict.fromkeys(("2026-03-24", "2026-03-25", "2026-03-26"), "延期（2026-03-20批准）")
    assert found["sentence"].endswith("另有：延期（2026-03-20批准），加3个工作日。现为2026-03-26 17:30到期。")


def test_pauses_and_extensions_stand_in_their_order(
    build: Builder, app_context: AppContext, cast: Cast, number: str
) -> None:
    suspend(build, number, "2026-03-04 17:30", "2026-03-06 17:30")
    ask(build, number, "2026-03-20 10:00", RequestKind.EXTENSION, days=1)
    approve(build, number, "2026-03-20 11:00", "extension_approved")
    found = explained(app_context, cast, number, "2026-03-20 12:00")
    check(found)
    assert [line["text"] for line in found["added"]] == [
        "暂停（检验、检测或鉴定，2026-03-04 17:30至2026-03-06 17:30），加2个工作日",
        "延期（2026-03-20批准），加1个工作日",
    ]
    assert found["due_at"][:16] == "2026-03-26T17:30"


def test_parts_of_days_wait_for_the_next_pause_and_are_said(
    build: Builder, app_context: AppContext, cast: Cast, number: str
) -> None:
    """Half a day first; a whole day and the other half in the next one."""
    suspend(build, number, "2026-03-04 14:00", "2026-03-04 17:30")
    found = explained(app_context, cast, number, "2026-03-05 09:00")
    check(found)
    first = "暂停（检验、检测或鉴定，2026-03-04 14:00至2026-03-04 17:30），未满一个工作日，并入下一次暂停"
    assert [line["text"] for line in found["added"]] == [first]
    suspend(build, number, "2026-03-09 14:00", "2026-03-10 17:30", "hearing")
    found = explained(app_context, cast, number, "2026-03-11 09:00")
    check(found)
    second = "暂停（听证，2026-03-09 14:00至2026-03-10 17:30），加2个工作日"
    assert [line["text"] for line in found["added"]] == [first, second]


def test_what_a_review_took_is_given_back_and_named(
    build: Builder, app_context: AppContext, cast: Cast, number: str
) -> None:
    given = handling.ResultGiven(ResultKind.SOLVED, "已办结。")
    build.do("leader", handling.submit_result, number, given, now=at("2026-03-10 10:00"))
    refusing = review.Refusing(Fault.INCOMPLETE, "请补充依据")
    build.do("reviewer", review.audit_refuse, number, refusing, now=at("2026-03-12 11:00"))
    found = explained(app_context, cast, number, "2026-03-12 12:00")
    check(found)
    assert [line["text"] for line in found["added"]] == ["退还审核占用的时间（2026-03-12），加2个工作日"]


def test_what_is_counted_on_the_wall_names_its_pauses_to_the_minute(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("handling", at("2026-12-01 10:00"), urgency=Urgency.DANGER)
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=at("2026-12-01 10:05"))
    suspend(build, number, "2026-12-01 12:00", "2026-12-01 17:30")
    found = explained(app_context, cast, number, "2026-12-01 18:00")
    assert found["counted"] == [] and found["due_at"][:16] == "2026-12-02T15:30"
    assert [line["text"] for line in found["added"]] == [
        "暂停（检验、检测或鉴定，2026-12-01 12:00至2026-12-01 17:30），加5小时30分钟"
    ]
    assert found["sentence"].startswith("自2026-12-01 10:00起24小时（全天候计时），2026-12-02 10:00到期。")
    assert found["sentence"].endswith("现为2026-12-02 15:30到期。")


def test_a_clock_of_before_the_versions_says_so(app_context: AppContext, cast: Cast, number: str) -> None:
    with app_context.transaction() as ctx:
        for clock in ctx.session.scalars(select(Clock)):
            clock.rules_version = None
    assert explained(app_context, cast, number, "2026-03-03 09:00")["rules"] is None
