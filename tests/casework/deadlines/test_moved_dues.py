"""A due that moves arms the ladder again, whatever moved it; what was fired for a due is never fired twice for it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.dispatch import dispatch
from hotline.casework.handling import handling, resumption, review
from hotline.casework.supervision import supervision
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.supervision.orders import MeasureTaken, Order
from hotline.models.tickets.tickets import Dispatch
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import Action, ClockKind, Difficulty, OrderState, RequestKind, ResultKind
from tests.rules.conftest import at
from tests.support.build import Builder
from tests.support.clocked import SHUT, Case

K = RequestKind
OPEN = (True, "上班")
RESULT = handling.ResultGiven(ResultKind.SOLVED, "已办结。")


@pytest.fixture
def late(build: Builder) -> Case:
    """Signed on Mon 2026-03-02 09:00; difficult asked for on 03-05; red on 03-09, an order drafted on 03-11."""
    case = Case(build, build.ticket("handling", at("2026-03-02 09:00")))
    assert case.due() == "03-09 17:30"
    case.build.do(
        "handler", handling.record_contact, case.number, handling.ContactReport("电话"), now=at("2026-03-02 10:00")
    )
    case.ask("2026-03-05 17:00", K.DIFFICULT, code="testing")
    case.climb("2026-03-05 17:30", "2026-03-09 09:00", "2026-03-09 17:31", "2026-03-11 18:00")
    assert [step for step, _, _ in case.steps()] == [0, 1, 2, 3] and case.badge() == (3, 3)
    assert case.orders() == [OrderState.DRAFT]
    return case


WHOLE = [
    (0, "03-23", "03-12 08:45"),
    (1, "03-23", "03-23 08:30"),
    (2, "03-23", "03-23 17:30"),
    (3, "03-23", "03-25 17:30"),
]


@pytest.mark.parametrize(
    ("approved", "again", "step"), [("2026-03-12 08:30", WHOLE, -1), ("2026-03-12 10:00", WHOLE[1:], 0)]
)
def test_after_a_late_approval_the_ladder_fires_at_the_instants_of_the_new_due(
    late: Case, approved: str, again: list[tuple[int, str, str]], step: int
) -> None:
    """Half of the time by the new due is on 03-12 08:45: what is behind at the approval does not come again."""
    before = late.steps()
    late.take(approved, Action.DIFFICULTY_APPROVED)
    assert late.due() == "03-23 17:30" and late.badge() == (step, step)
    assert late.steps() == before
    late.climb("2026-03-12 12:00", "2026-03-20 10:00", "2026-03-23 08:30")
    assert late.badge() == (1, 1)
    late.climb("2026-03-23 17:30", "2026-03-26 09:00", "2026-04-10 09:00")
    assert late.steps() == before + again and late.badge() == (3, 3)
    steps = [(step, due) for step, due, _ in late.told()]
    assert steps == [(step, f"2026-{due}") for step, due, _ in before + again]


def test_a_draft_that_lost_its_cause_lapses_and_may_be_drafted_again(late: Case) -> None:
    late.take("2026-03-12 10:00", Action.DIFFICULTY_APPROVED)
    assert late.orders() == [OrderState.DECLINED]
    assert late.entries("order_drafted", "order_lapsed") == ["order_drafted", "order_lapsed"]
    assert late.clock(ClockKind.ORDER_ISSUE).stopped_at == at("2026-03-12 10:00")
    late.climb("2026-03-30 09:00")
    assert late.orders() == [OrderState.DECLINED, OrderState.DRAFT]


def test_an_order_in_force_stays_and_is_not_drafted_twice(late: Case) -> None:
    with late.app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order))
    late.take("2026-03-12 09:00", Action.ISSUE_ORDER, supervision.OrderStep(order.number, "请说明"))
    late.take("2026-03-12 10:00", Action.DIFFICULTY_APPROVED)
    assert late.orders() == [OrderState.ISSUED]
    late.climb("2026-03-18 09:00", "2026-03-30 09:00")
    assert late.orders() == [OrderState.ISSUED]
    assert [step for step, due, _ in late.steps() if due == "03-23"] == [1, 2, 3]
    with late.app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count(MeasureTaken.id))) == 1
    assert late.entries("circular_drafted") == ["circular_drafted"]


def test_a_draft_for_another_cause_stays(late: Case, app_context: AppContext) -> None:
    with app_context.transaction() as ctx:
        for order in ctx.session.scalars(select(Order)):
            order.cause = "rework"
    late.take("2026-03-12 10:00", Action.DIFFICULTY_APPROVED)
    assert late.orders() == [OrderState.DRAFT] and late.entries("order_lapsed") == []


@pytest.fixture
def difficult(build: Builder) -> Case:
    """Signed on Mon 2026-03-02 09:00, due on 03-23 17:30, half of the time on 03-12 08:45."""
    case = Case(build, build.ticket("handling", at("2026-03-02 09:00"), difficulty=Difficulty.DIFFICULT))
    case.build.do(
        "handler", handling.record_contact, case.number, handling.ContactReport("电话"), now=at("2026-03-02 10:00")
    )
    return case


def test_an_extension_granted_late_arms_the_steps_again(difficult: Case) -> None:
    difficult.ask("2026-03-23 16:00", K.EXTENSION, days=5)
    difficult.climb("2026-03-12 09:00", "2026-03-23 09:00", "2026-03-25 18:00")
    assert difficult.badge() == (3, 3) and difficult.orders() == [OrderState.DRAFT]
    difficult.take("2026-03-26 09:00", Action.EXTENSION_APPROVED)
    # Half of the time by the new due, 03-30 17:30, was on 03-16.
    assert difficult.due() == "03-30 17:30" and difficult.badge() == (0, 0)
    assert difficult.orders() == [OrderState.DECLINED]
    difficult.climb("2026-04-10 09:00")
    again = [(step, when) for step, due, when in difficult.steps() if due == "03-30"]
    assert again == [(1, "03-30 08:30"), (2, "03-30 17:30"), (3, "04-01 17:30")]


def test_a_suspension_that_ends_arms_what_lies_ahead(difficult: Case) -> None:
    """Suspended at noon of the last day, when it is yellow; it goes on by itself at the close of 03-27."""
    difficult.ask("2026-03-20 10:00", K.SUSPENSION, code="court", until=date(2026, 3, 27))
    difficult.climb("2026-03-12 09:00", "2026-03-23 09:00")
    difficult.take("2026-03-23 11:00", Action.SUSPEND)
    difficult.climb("2026-03-25 09:00")
    assert [step for step, _, _ in difficult.steps()] == [0, 1]
    # Four and a half hours of the first day, four whole ones: four days, and the rest waits.
    difficult.climb("2026-03-27 18:00")
    assert difficult.due() == "03-27 17:30" and difficult.clock().paused_seconds == 4.5 * 3600
    difficult.climb("2026-04-03 09:00")
    # By the new due yellow was on 03-27 08:30, while it stood still: behind it when it went on.
    again = [(step, when) for step, due, when in difficult.steps() if due == "03-27"]
    assert again == [(2, "03-27 17:30"), (3, "03-31 17:30")]


def test_what_was_red_before_the_suspension_stays_red(difficult: Case) -> None:
    difficult.ask("2026-03-20 10:00", K.SUSPENSION, code="court", until=date(2026, 4, 10))
    difficult.climb("2026-03-12 09:00", "2026-03-24 09:00")
    difficult.take("2026-03-24 10:00", Action.SUSPEND)
    difficult.take("2026-03-31 10:00", Action.RESUME, resumption.Resuming())
    assert difficult.due() == "03-23 17:30" and difficult.badge() == (2, 2)
    assert difficult.clock().paused_seconds == 0
    difficult.climb("2026-03-31 10:00")
    assert [(step, due) for step, due, _ in difficult.steps()] == [
        (0, "03-23"),
        (1, "03-23"),
        (2, "03-23"),
        (3, "03-23"),
    ]


def test_review_time_given_back_arms_the_steps_again(difficult: Case) -> None:
    difficult.climb("2026-03-12 09:00", "2026-03-23 09:00")
    difficult.take("2026-03-23 10:00", Action.SUBMIT_RESULT, RESULT, "leader")
    difficult.take("2026-03-25 10:00", Action.AUDIT_REFUSE, review.Refusing(Fault.INCOMPLETE, "补"), "reviewer")
    assert difficult.due() == "03-25 17:30"
    difficult.climb("2026-03-30 09:00")
    again = [(step, when) for step, due, when in difficult.steps() if due == "03-25"]
    assert again == [(2, "03-25 17:30"), (3, "03-27 17:30")], "the opening of the new last day was behind it"


def test_a_calendar_that_changes_arms_the_steps_and_one_that_returns_fires_nothing_twice(late: Case) -> None:
    before = late.steps()
    late.change("2026-03-12 10:00", {date(2026, 3, 4): SHUT, date(2026, 3, 5): SHUT, date(2026, 3, 6): SHUT})
    assert late.due() == "03-12 17:30" and late.orders() == [OrderState.DECLINED]
    assert late.badge() == (1, 1), "half of the time and the opening of the last day lie behind"
    late.climb("2026-03-12 17:30")
    assert late.steps() == [*before, (2, "03-12", "03-12 17:30")]
    late.change("2026-03-13 10:00", {date(2026, 3, on): OPEN for on in (4, 5, 6)})
    assert late.due() == "03-09 17:30" and late.badge() == (3, 3)
    told = late.told()
    late.climb("2026-03-13 11:00", "2026-03-30 09:00")
    assert late.steps() == [*before, (2, "03-12", "03-12 17:30")] and late.told() == told


def test_a_draft_lies_there_again_when_a_calendar_imported_by_mistake_is_taken_back(late: Case) -> None:
    with late.app_context.snapshot() as ctx:
        (number,) = ctx.session.scalars(select(Order.number))
    late.change("2026-03-12 10:00", {date(2026, 3, on): SHUT for on in (4, 5, 6)})
    assert late.orders() == [OrderState.DECLINED] and late.clock(ClockKind.ORDER_ISSUE).stopped_at is not None
    late.change("2026-03-12 10:05", {date(2026, 3, on): OPEN for on in (4, 5, 6)})
    assert late.orders() == [OrderState.DRAFT] and late.clock(ClockKind.ORDER_ISSUE).stopped_at is None
    assert late.entries("order_drafted", "order_lapsed") == ["order_drafted", "order_lapsed", "order_drafted"]
    late.climb("2026-03-12 18:00", "2026-03-30 09:00")
    late.take("2026-03-30 09:00", Action.ISSUE_ORDER, supervision.OrderStep(number, "请说明"))
    assert late.orders() == [OrderState.ISSUED]


def test_what_a_supervisor_declined_is_not_drafted_again_by_a_due_that_returns(late: Case) -> None:
    with late.app_context.snapshot() as ctx:
        (number,) = ctx.session.scalars(select(Order.number))
    late.take("2026-03-12 09:00", Action.DECLINE_ORDER, supervision.OrderStep(number, "已在办理"))
    late.change("2026-03-12 10:00", {date(2026, 3, on): SHUT for on in (4, 5, 6)})
    late.change("2026-03-12 10:05", {date(2026, 3, on): OPEN for on in (4, 5, 6)})
    late.climb("2026-03-30 09:00")
    assert late.orders() == [OrderState.DECLINED] and late.entries("order_lapsed") == []


def test_what_was_added_to_a_due_survives_a_change_of_the_calendar(difficult: Case) -> None:
    """Two days of a pause with an hour left over, an extension of three days: 03-23, then 03-25, 03-30, and a day more."""
    difficult.ask("2026-03-03 09:00", K.SUSPENSION, code="court", until=date(2026, 3, 20))
    difficult.take("2026-03-03 10:00", Action.SUSPEND)
    difficult.take("2026-03-05 11:00", Action.RESUME, resumption.Resuming())
    assert (difficult.due(), difficult.clock().paused_seconds) == ("03-25 17:30", 3600)
    difficult.ask("2026-03-06 10:00", K.EXTENSION, days=3)
    difficult.take("2026-03-06 11:00", Action.EXTENSION_APPROVED)
    assert difficult.due() == "03-30 17:30"
    difficult.change("2026-03-09 10:00", {date(2026, 3, 18): SHUT})
    clock = difficult.clock()
    assert (difficult.due(), clock.extra_days, clock.paused_seconds) == ("03-31 17:30", 5, 3600)


def test_a_result_under_review_goes_on_with_the_due_of_the_calendar_of_then(difficult: Case) -> None:
    difficult.take("2026-03-10 10:00", Action.SUBMIT_RESULT, RESULT, "leader")
    difficult.change("2026-03-10 12:00", {date(2026, 3, 18): SHUT})
    difficult.take("2026-03-10 16:00", Action.AUDIT_REFUSE, review.Refusing(Fault.INCOMPLETE, "补"), "reviewer")
    assert difficult.due() == "03-24 17:30" and difficult.entries("due_moved") == ["due_moved"]


@pytest.fixture
def unsigned(build: Builder) -> Case:
    """Dispatched on Tue 2026-03-03 10:00, to be signed for until 03-04 17:30; overdue and climbed."""
    case = Case(build, build.ticket("dispatched", at("2026-03-03 10:00")))
    case.climb("2026-03-04 18:00")
    assert case.entries("handle_started_unsigned") == ["handle_started_unsigned"]
    assert f"{local(case.clock().started_at):%m-%d %H:%M}" == "03-04 17:30"
    return case


def test_a_signing_that_is_overdue_no_longer_takes_the_handling_back(unsigned: Case) -> None:
    unsigned.change("2026-03-05 09:00", {date(2026, 3, 4): SHUT})
    assert unsigned.due(ClockKind.SIGN) == "03-05 17:30"
    assert unsigned.clock().stopped_at == at("2026-03-05 09:00") and unsigned.clock().late is False
    assert unsigned.entries("handle_start_withdrawn") == ["handle_start_withdrawn"]
    unsigned.take("2026-03-05 10:00", Action.SIGN, dispatch.Signing(), "handler")
    assert unsigned.clock(ClockKind.SIGN).late is False
    assert (unsigned.clock().started_at, unsigned.due()) == (at("2026-03-05 10:00"), "03-12 17:30")


def test_a_handling_that_began_by_itself_begins_once_for_the_new_due(unsigned: Case, app_context: AppContext) -> None:
    unsigned.change("2026-03-05 09:00", {date(2026, 3, 4): SHUT})
    unsigned.climb("2026-03-05 18:00", "2026-03-06 09:00")
    assert (unsigned.clock().started_at, unsigned.due()) == (at("2026-03-05 17:30"), "03-12 17:30")
    with app_context.snapshot() as ctx:
        running = select(func.count(Clock.id)).where(Clock.kind == ClockKind.HANDLE, Clock.stopped_at.is_(None))
        assert ctx.session.scalar(running) == 1
        assert ctx.session.scalar(select(Dispatch.sign_due_at)) == at("2026-03-05 17:30")


def test_a_ruling_lets_the_signing_go_on_by_the_calendar_of_then(build: Builder) -> None:
    """Asked back on 03-03, refused on 03-04 when that was a working day no longer."""
    case = Case(build, build.ticket("dispatched", at("2026-03-03 10:00")))
    case.climb("2026-03-03 16:00")
    asked: dict[str, Any] = {"code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": "tax"}
    case.ask("2026-03-03 16:00", K.RETURN, **asked)
    case.change("2026-03-03 17:00", {date(2026, 3, 4): SHUT})
    case.take("2026-03-04 20:00", Action.RETURN_REFUSED, who="dispatcher")
    assert case.due(ClockKind.SIGN) == "03-05 17:30" and case.clock(ClockKind.SIGN).stopped_at is None
    case.climb("2026-03-05 18:00")
    fired = [step for step, _, _ in case.steps(ClockKind.SIGN)]
    assert fired == sorted(set(fired)) and fired[-1] == 2
    assert case.clock().started_at == at("2026-03-05 17:30")


def test_steps_of_many_clocks_are_armed_with_a_handful_of_statements(build: Builder, late: Case) -> None:
    """The rows of what is behind a moved due are whole: nothing above them is missing, and nothing stands twice."""
    late.change("2026-03-12 10:00", {date(2026, 3, 4): SHUT, date(2026, 3, 5): SHUT, date(2026, 3, 6): SHUT})
    with late.app_context.snapshot() as ctx:
        for clock in ctx.session.scalars(select(Clock)):
            here = select(Escalation.step).where(Escalation.clock_id == clock.id, Escalation.due_at == clock.due_at)
            assert sorted(ctx.session.scalars(here)) == list(range(clock.step + 1)), clock.kind
