"""`order_issue = "automatic"`: the orders of the ladder are issued by the system, their reply due from the true instant."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.accounts.rule_sync import load_rules
from hotline.casework.call_backs import call_back
from hotline.casework.handling import handling, review
from hotline.casework.supervision import supervision
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import MeasureTaken, Order
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.refusals import RoleMissing
from hotline.rules.vocabulary import ClockKind, OrderState, ResultKind, Satisfaction, Solved
from hotline.settings.config_files import BadSettings, resource
from hotline.settings.rulebook import ladder_from
from tests.conftest import settings_for
from tests.support.build import Builder
from tests.support.cast import HIRED_AT, Cast

UNSOLVED = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.DISSATISFIED)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def written(folder: Path, order_issue: str) -> Path:
    shutil.copytree(resource("config"), folder)
    ladder = folder / "ladder.toml"
    text = ladder.read_text(encoding="utf-8").replace('order_issue = "signed"', f'order_issue = "{order_issue}"')
    ladder.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def app_context(database_url: str, tmp_path: Path) -> Iterator[AppContext]:
    """An application whose orders nobody signs."""
    config = written(tmp_path / "config", "automatic")
    found = AppContext(replace(settings_for(database_url, tmp_path), config=config))
    with found.transaction(HIRED_AT) as ctx:
        load_rules(ctx, found.rulebook.sources)
    yield found
    found.database.dispose()


def test_signed_is_the_default_and_another_word_is_refused(tmp_path: Path) -> None:
    assert ladder_from(resource("config") / "ladder.toml").order_issue == "signed"
    with pytest.raises(BadSettings, match=r"ladder\.toml"):
        ladder_from(written(tmp_path / "config", "sometimes") / "ladder.toml")


def test_the_ladder_issues_at_its_true_instant(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("dispatched", at("2026-11-24 10:00"))
    # Sign due 11-25 17:30; the order at the close of 11-27; the scheduler was off until the Monday after.
    escalate.run(Run(app_context, at("2026-11-30 10:00")))
    escalate.run(Run(app_context, at("2026-11-30 10:00")))
    with app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order)).all()
        clocks = ctx.session.scalars(select(Clock).where(Clock.order_id == order.id)).all()
        lines = ctx.session.scalars(select(TimelineEntry).where(TimelineEntry.entry.like("order%"))).all()
        told = set(ctx.session.scalars(select(Notice.staff_id).where(Notice.kind == "order_issued")))
    assert (order.state, order.issued_by, order.issued_at) == (OrderState.ISSUED, None, at("2026-11-27 17:30"))
    assert order.demand == "签收时限已超期，请立即办理，并按期书面回复原因和措施。"
    (reply,) = clocks
    assert (reply.kind, reply.started_at, reply.due_at) == (
        ClockKind.ORDER_REPLY,
        at("2026-11-27 17:30"),
        at("2026-12-02 17:30"),
    )
    assert reply.unit_path == cast.leader.unit_path and reply.next_step_at is not None
    assert [(line.entry, line.actor, line.at) for line in lines] == [("order_issued", "系统", order.issued_at)]
    assert told == {getattr(cast, who).staff_id for who in ("handler", "second_handler", "liaison", "leader")}

    # Any supervisor sends the answer back or closes it; unanswered it would have climbed to a circular.
    def answer(text: str, now: str) -> None:
        build.do("leader", supervision.reply, number, supervision.OrderStep(order.number, text), now=at(now))

    answer("人员交接", "2026-12-01 10:00")
    step = supervision.OrderStep(order.number, "请写明措施")
    build.do("second_supervisor", supervision.send_back, number, step, now=at("2026-12-01 11:00"))
    answer("已指定专人", "2026-12-01 14:00")
    with pytest.raises(RoleMissing):
        build.do("reviewer", supervision.close, number, step, now=at("2026-12-01 15:00"))
    build.do("supervisor", supervision.close, number, step, now=at("2026-12-01 15:00"))
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Order.state)).all() == [OrderState.CLOSED]


def test_an_unanswered_one_climbs_to_a_circular_that_nobody_signs_either(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    build.ticket("dispatched", at("2026-11-24 10:00"))
    for _ in range(2):
        escalate.run(Run(app_context, at("2026-12-07 10:00")))
    with app_context.snapshot() as ctx:
        (circular,) = ctx.session.scalars(select(MeasureTaken)).all()
        (line,) = ctx.session.scalars(select(TimelineEntry).where(TimelineEntry.entry == "measure_taken")).all()
        told = ctx.session.scalars(select(Notice.staff_id).where(Notice.kind == "measure_taken")).all()
        drafted = select(TimelineEntry).where(TimelineEntry.entry == "circular_drafted")
        assert ctx.session.scalars(select(Order.state)).all() == [OrderState.ISSUED]
        assert ctx.session.scalars(drafted).all() == []
    assert (circular.drafted_at, circular.issued_at, circular.issued_by) == (
        at("2026-12-04 17:30"),
        at("2026-12-04 17:30"),
        None,
    )
    assert "督办单逾期未回复" in circular.text
    assert (line.actor, line.at) == ("系统", at("2026-12-04 17:30"))
    assert told == [cast.leader.staff_id]


def test_what_is_ordered_by_a_deed_is_the_system_s_too(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("calling_back", at("2026-11-24 10:00"))
    for day in ("25", "26"):
        now = at(f"2026-11-{day} 10:00")
        build.do("second_reviewer", call_back.record_call_back, number, UNSOLVED, now=now)
        build.do("second_reviewer", call_back.rework, number, call_back.Rework("重办"), now=now)
        if day == "25":
            build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=now)
            given = handling.ResultGiven(ResultKind.SOLVED, "已办结。")
            build.do("leader", handling.submit_result, number, given, now=now)
            build.do("reviewer", review.audit_pass, number, review.Passing(), now=now)
    with app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order)).all()
        line = ctx.session.scalars(select(TimelineEntry).where(TimelineEntry.entry == "order_issued")).one()
        kinds = set(ctx.session.scalars(select(Notice.kind).where(Notice.kind.like("order%"))))
    assert (order.state, order.cause, order.issued_by) == (OrderState.ISSUED, "rework", None)
    assert (line.actor, kinds) == ("系统", {"order_issued"})
