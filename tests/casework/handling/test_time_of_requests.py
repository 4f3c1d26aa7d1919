"""What may be asked for and when: each limit of the rules, and the due that follows from it."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.dispatch import assisting, dispatch
from hotline.casework.handling import early_closing, handling, requests, resumption
from hotline.casework.handling import reassignment as reassigning_deeds
from hotline.casework.intake import intake, missing_information
from hotline.casework.supervision import supervision
from hotline.casework.tickets.access import ticket_for
from hotline.jobs import escalate, resume
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.supervision.orders import MeasureTaken, Order
from hotline.models.tickets.tickets import Ticket
from hotline.queries.deadlines.overdue import overdue_page
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.refusals import ConditionUnmet, InvalidInput, OwnWork, RoleMissing, WindowClosed
from hotline.rules.vocabulary import Action, ClockKind, Difficulty, RequestKind, ResultKind, State
from hotline.schemas.actions import ACTIONS
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, UNIT, Cast

K = RequestKind
APPROVED = requests.Ruling("同意")
RESULT = handling.ResultGiven(ResultKind.SOLVED, "已办结。")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ticket_of(app_context: AppContext, cast: Cast, number: str) -> Ticket:
    with app_context.snapshot() as ctx:
        return ticket_for(ctx.by(cast.supervisor), number)


def clock(app_context: AppContext, cast: Cast, number: str, kind: ClockKind) -> Clock:
    with app_context.snapshot() as ctx:
        ticket = ticket_for(ctx.by(cast.supervisor), number)
        query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == kind).order_by(Clock.id.desc())
        return ctx.session.scalars(query.limit(1)).one()


def ask(build: Builder, number: str, now: str, kind: RequestKind, who: str = "leader", **more: Any) -> None:
    build.do(who, requests.ask, number, requests.Asking(kind, "情况属实", **more), now=at(now))


def approve(build: Builder, number: str, now: str, action: str, who: str = "supervisor") -> None:
    build.do(who, ACTIONS[Action(action)][1], number, APPROVED, now=at(now))


@pytest.fixture
def handled(build: Builder) -> str:
    """Signed on Tue 2026-11-24 10:00; due on 12-01 17:30."""
    number = build.ticket("handling", at("2026-11-24 10:00"))
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=at("2026-11-24 10:30"))
    return number


def test_difficult_is_asked_within_three_days_and_counts_from_the_same_start(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    with pytest.raises(WindowClosed):
        ask(build, handled, "2026-11-27 17:31", K.DIFFICULT, code="testing")
    ask(build, handled, "2026-11-27 17:30", K.DIFFICULT, code="testing")
    with pytest.raises(RoleMissing):
        approve(build, handled, "2026-11-27 17:30", "difficulty_approved", "dispatcher")
    approve(build, handled, "2026-11-30 10:00", "difficulty_approved")
    found = clock(app_context, cast, handled, ClockKind.HANDLE)
    assert (found.due_at, found.first_due_at) == (at("2026-12-15 17:30"), at("2026-12-01 17:30"))
    assert ticket_of(app_context, cast, handled).difficulty is Difficulty.DIFFICULT
    with pytest.raises(ConditionUnmet):
        ask(build, handled, "2026-11-30 10:00", K.DIFFICULT, code="testing")


def test_an_ordinary_matter_is_not_extended_and_a_difficult_one_once(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    with pytest.raises(ConditionUnmet):
        ask(build, handled, "2026-11-25 10:00", K.EXTENSION, days=1)
    ask(build, handled, "2026-11-25 10:00", K.DIFFICULT, code="testing")
    approve(build, handled, "2026-11-25 11:00", "difficulty_approved")
    with pytest.raises(InvalidInput):
        ask(build, handled, "2026-11-25 12:00", K.EXTENSION, days=6)
    # A handler asks, the leader signs, the supervisor decides: three people.
    ask(build, handled, "2026-12-15 16:00", K.EXTENSION, who="handler", days=5)
    with pytest.raises(ConditionUnmet):
        approve(build, handled, "2026-12-15 16:10", "extension_approved")
    with app_context.snapshot() as ctx:
        request = ctx.session.scalars(select(Request).order_by(Request.id.desc())).first()
        assert request is not None
    signature = requests.Decision(request.id, True, "同意")
    build.do("leader", requests.sign, handled, signature, now=at("2026-12-15 16:30"))
    approve(build, handled, "2026-12-15 17:00", "extension_approved")
    found = clock(app_context, cast, handled, ClockKind.HANDLE)
    assert (found.due_at, found.extra_days) == (at("2026-12-22 17:30"), 5)
    with pytest.raises(ConditionUnmet):
        ask(build, handled, "2026-12-16 10:00", K.EXTENSION, days=1)


def test_an_extension_asked_after_the_due_is_too_late(build: Builder, handled: str) -> None:
    ask(build, handled, "2026-11-25 10:00", K.DIFFICULT, code="testing")
    approve(build, handled, "2026-11-25 11:00", "difficulty_approved")
    with pytest.raises(WindowClosed):
        ask(build, handled, "2026-12-15 17:31", K.EXTENSION, days=1)


def test_a_suspension_gives_back_the_days_it_lasted_and_wakes_by_itself(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    with pytest.raises(InvalidInput):
        ask(build, handled, "2026-11-26 10:00", K.SUSPENSION, code="material", until=date(2026, 12, 4))
    ask(build, handled, "2026-11-26 10:00", K.SUSPENSION, code="material", until=date(2026, 12, 3))
    approve(build, handled, "2026-11-26 11:00", "suspend")
    assert ticket_of(app_context, cast, handled).due_at is None
    escalate.run(Run(app_context, at("2026-12-02 10:00")))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).step == -1
    # The job comes late; the suspension ended at its close all the same: five working days, and no more.
    assert resume.run(Run(app_context, at("2026-12-04 10:00"))) == 1
    assert resume.run(Run(app_context, at("2026-12-04 10:00"))) == 0
    assert ticket_of(app_context, cast, handled).state is State.HANDLING
    assert clock(app_context, cast, handled, ClockKind.HANDLE).due_at == at("2026-12-08 17:30")
    with pytest.raises(ConditionUnmet):
        ask(build, handled, "2026-12-04 11:00", K.SUSPENSION, code="material", until=date(2026, 12, 7))


def test_a_deed_after_the_date_finds_the_matter_awake(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    ask(build, handled, "2026-11-26 10:00", K.SUSPENSION, code="court", until=date(2026, 11, 30))
    approve(build, handled, "2026-11-26 11:00", "suspend")
    build.do("leader", handling.submit_result, handled, RESULT, now=at("2026-12-01 09:00"))
    found = clock(app_context, cast, handled, ClockKind.HANDLE)
    assert (found.due_at, found.late) == (at("2026-12-03 17:30"), False)


def test_what_is_late_when_it_is_suspended_stays_late(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    ask(build, handled, "2026-12-02 10:00", K.SUSPENSION, code="court", until=date(2026, 12, 9))
    approve(build, handled, "2026-12-02 11:00", "suspend")
    build.do("supervisor", resumption.resume, handled, resumption.Resuming(), now=at("2026-12-04 10:00"))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).due_at == at("2026-12-01 17:30")
    build.do("leader", handling.submit_result, handled, RESULT, now=at("2026-12-04 11:00"))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).late is True


def test_suspensions_of_a_round_end_at_thirty_days(build: Builder, handled: str) -> None:
    ask(build, handled, "2026-11-25 10:00", K.SUSPENSION, code="court", until=date(2026, 12, 30))
    approve(build, handled, "2026-11-25 11:00", "suspend")
    build.do("supervisor", resumption.resume, handled, resumption.Resuming(), now=at("2026-11-27 10:00"))
    with pytest.raises(InvalidInput):
        ask(build, handled, "2026-11-27 11:00", K.SUSPENSION, code="testing", until=date(2026, 12, 9))
    ask(build, handled, "2026-11-27 11:00", K.SUSPENSION, code="testing", until=date(2026, 12, 2))


def test_reassigning_starts_anew_elsewhere_and_goes_on_within_the_same_house(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    ask(build, handled, "2026-11-26 10:00", K.REASSIGN, suggested_unit=OTHER_UNIT)
    build.do("supervisor", reassigning_deeds.reassign, handled, APPROVED, now=at("2026-11-26 11:00"))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).late is False
    build.do("dispatcher", dispatch.dispatch, handled, dispatch.DispatchGiven(UNIT), now=at("2026-11-27 09:00"))
    found = clock(app_context, cast, handled, ClockKind.HANDLE)
    assert (found.stopped_at, found.due_at) == (None, at("2026-12-01 17:30"))
    build.do("handler", dispatch.sign, handled, dispatch.Signing(), now=at("2026-11-27 10:00"))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).due_at == at("2026-12-01 17:30")

    ask(build, handled, "2026-12-02 10:00", K.REASSIGN, suggested_unit=OTHER_UNIT)
    build.do("supervisor", reassigning_deeds.reassign, handled, APPROVED, now=at("2026-12-02 11:00"))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).late is True
    build.do("dispatcher", dispatch.dispatch, handled, dispatch.DispatchGiven(OTHER_UNIT), now=at("2026-12-02 12:00"))
    build.do("other_handler", dispatch.sign, handled, dispatch.Signing(), now=at("2026-12-02 14:00"))
    assert clock(app_context, cast, handled, ClockKind.HANDLE).due_at == at("2026-12-09 17:30")


def test_nobody_decides_what_they_asked_for_and_a_supervisor_needs_a_reason_to_reassign(
    build: Builder, handled: str
) -> None:
    with pytest.raises(ConditionUnmet):
        build.do("supervisor", reassigning_deeds.reassign, handled, APPROVED, now=at("2026-11-25 10:00"))
    number = build.ticket("submitted", at("2026-11-24 10:00"), difficulty=None)
    given = requests.Rejecting("out_of_scope", "请向法院起诉", "合同纠纷")
    build.do("dispatcher", requests.reject, number, given, now=at("2026-11-24 11:00"))
    with pytest.raises(RoleMissing):
        build.do("dispatcher", requests.decide, number, requests.Decision(1, True, "同意"), now=at("2026-11-24 12:00"))
    with pytest.raises(OwnWork):
        asking = requests.Asking(K.EXPLAINED, "已解释")
        called = build.ticket("calling_back", at("2026-11-24 10:00"))
        build.do("reviewer", requests.ask, called, asking, now=at("2026-11-25 10:00"))
        build.do("reviewer", requests.decide, called, requests.Decision(2, True, "x"), now=at("2026-11-25 11:00"))


def test_the_helper_answers_for_itself_and_the_lead_for_the_whole(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("accepted", at("2026-11-24 09:00"))
    given = dispatch.DispatchGiven(UNIT, assisting=(OTHER_UNIT,))
    build.do("dispatcher", dispatch.dispatch, number, given, now=at("2026-11-24 09:30"))
    build.do("handler", dispatch.sign, number, dispatch.Signing(), now=at("2026-11-24 10:00"))
    assert clock(app_context, cast, number, ClockKind.ASSIST).due_at == at("2026-11-30 17:30")
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=at("2026-11-25 10:00"))
    with pytest.raises(ConditionUnmet, match="还没有回复"):
        build.do("leader", handling.submit_result, number, RESULT, now=at("2026-12-01 09:00"))
    escalate.run(Run(app_context, at("2026-12-01 09:00")))
    with app_context.snapshot(at("2026-12-01 09:00")) as ctx:
        (task,) = ctx.session.scalars(select(Assist))
        late = overdue_page(ctx.by(cast.other_handler))["items"]
        assert [(row["kind"], row["number"]) for row in late] == [("assist", number)]
        assert overdue_page(ctx.by(cast.handler))["items"] == []
    reply = assisting.AssistStep(task.id, "已核实")
    with pytest.raises(RoleMissing):
        build.do("handler", assisting.reply_assist, number, reply, now=at("2026-12-01 10:00"))
    build.do("other_handler", assisting.reply_assist, number, reply, now=at("2026-12-01 10:00"))
    build.do("leader", handling.submit_result, number, RESULT, now=at("2026-12-01 11:00"))
    assert clock(app_context, cast, number, ClockKind.ASSIST).late is True
    assert clock(app_context, cast, number, ClockKind.HANDLE).late is False


def test_a_helper_that_replies_while_the_matter_is_suspended_is_judged_by_when_it_was_suspended(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("accepted", at("2026-11-24 09:00"))
    given = dispatch.DispatchGiven(UNIT, assisting=(OTHER_UNIT,))
    build.do("dispatcher", dispatch.dispatch, number, given, now=at("2026-11-24 09:30"))
    build.do("handler", dispatch.sign, number, dispatch.Signing(), now=at("2026-11-24 10:00"))
    ask(build, number, "2026-11-26 10:00", K.SUSPENSION, code="court", until=date(2026, 12, 9))
    approve(build, number, "2026-11-26 11:00", "suspend")
    with app_context.snapshot() as ctx:
        (task,) = ctx.session.scalars(select(Assist))
    reply = assisting.AssistStep(task.id, "已核实")
    build.do("other_handler", assisting.reply_assist, number, reply, now=at("2026-12-02 10:00"))
    found = clock(app_context, cast, number, ClockKind.ASSIST)
    assert (found.due_at, found.late) == (at("2026-11-30 17:30"), False)


def test_helpers_begin_with_a_lead_that_never_signs(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("accepted", at("2026-11-24 09:00"))
    given = dispatch.DispatchGiven(UNIT, assisting=(OTHER_UNIT, "justice"))
    build.do("dispatcher", dispatch.dispatch, number, given, now=at("2026-11-24 09:30"))
    escalate.run(Run(app_context, at("2026-11-26 09:00")))
    with app_context.snapshot() as ctx:
        started = list(ctx.session.scalars(select(Clock).where(Clock.kind == ClockKind.ASSIST)))
        assert [row.started_at for row in started] == [at("2026-11-25 17:30")] * 2
        assert {row.due_at for row in started} == {at("2026-12-01 17:30")}


def test_an_order_unanswered_becomes_a_circular_once(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    placed = supervision.Placing("请说明情况")
    build.do("supervisor", supervision.place, handled, placed, now=at("2026-11-24 11:00"))
    for _ in range(2):
        escalate.run(Run(app_context, at("2026-12-02 09:00")))
    with app_context.snapshot() as ctx:
        (draft,) = ctx.session.scalars(select(MeasureTaken))
        assert (draft.drafted_at, draft.issued_at) == (at("2026-12-01 17:30"), None)
        (order,) = ctx.session.scalars(select(Order))
    answer = supervision.OrderStep(order.number, "已办")
    build.do("leader", supervision.reply, handled, answer, now=at("2026-12-02 10:00"))
    build.do("supervisor", supervision.send_back, handled, answer, now=at("2026-12-02 11:00"))
    assert clock(app_context, cast, handled, ClockKind.ORDER_REPLY).due_at == at("2026-12-07 17:30")
    with pytest.raises(ConditionUnmet):
        build.do("second_supervisor", supervision.close, handled, answer, now=at("2026-12-02 12:00"))


def test_a_matter_that_ends_leaves_nothing_open(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    build.do("supervisor", supervision.place, handled, supervision.Placing("请说明"), now=at("2026-11-24 11:00"))
    ask(build, handled, "2026-11-25 10:00", K.TERMINATE, code="court", path="请向法院")
    approve(build, handled, "2026-11-25 11:00", "terminate")
    with app_context.snapshot() as ctx:
        assert not list(ctx.session.scalars(select(Clock).where(Clock.stopped_at.is_(None))))
        assert [str(state) for state in ctx.session.scalars(select(Order.state))] == ["closed"]
    assert ticket_of(app_context, cast, handled).state is State.TERMINATED


def test_what_is_missing_is_asked_once_and_its_days_come_back(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("submitted", at("2026-11-24 10:00"), difficulty=None)
    gaps = missing_information.Gaps(("营业执照",))
    build.do("operator", missing_information.ask_info, number, gaps, now=at("2026-11-25 10:00"))
    assert clock(app_context, cast, number, ClockKind.SUPPLY).due_at == at("2026-12-02 17:30")
    with pytest.raises(ConditionUnmet):
        build.do("supervisor", early_closing.no_info, number, early_closing.Remark("逾期"), now=at("2026-12-02 17:00"))
    build.do(
        "operator",
        missing_information.supply_info,
        number,
        missing_information.Supplied("123"),
        now=at("2026-11-27 10:00"),
    )
    assert clock(app_context, cast, number, ClockKind.ACCEPT).due_at == at("2026-12-01 17:30")
    with pytest.raises(ConditionUnmet):
        build.do("operator", missing_information.ask_info, number, gaps, now=at("2026-11-27 11:00"))


def test_a_suspension_decided_after_its_own_end_moves_nothing(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    ask(build, handled, "2026-11-25 10:00", K.SUSPENSION, code="court", until=date(2026, 11, 26))
    with pytest.raises(ConditionUnmet, match="截止日期已过"):
        approve(build, handled, "2026-11-27 10:00", "suspend")
    assert clock(app_context, cast, handled, ClockKind.HANDLE).due_at == at("2026-12-01 17:30")


def test_a_proposal_to_reject_lapses_when_the_matter_is_accepted(build: Builder, app_context: AppContext) -> None:
    number = build.ticket("submitted", at("2026-11-24 10:00"), difficulty=None)
    given = requests.Rejecting("out_of_scope", "请向法院起诉", "合同纠纷")
    build.do("dispatcher", requests.reject, number, given, now=at("2026-11-24 11:00"))
    accepted = intake.Acceptance(difficulty=Difficulty.ORDINARY)
    build.do("dispatcher", intake.accept, number, accepted, now=at("2026-11-24 12:00"))
    with app_context.snapshot() as ctx:
        assert [str(state) for state in ctx.session.scalars(select(Request.state))] == ["lapsed"]
        running = select(Clock.kind).where(Clock.stopped_at.is_(None))
        assert [str(kind) for kind in ctx.session.scalars(running)] == ["dispatch"]
