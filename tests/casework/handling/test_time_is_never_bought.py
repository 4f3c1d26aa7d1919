"""No path lets a unit gain time; late is decided once, and where the review has lain on it, the days come back once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.call_backs import call_back
from hotline.casework.deadlines import calendar
from hotline.casework.dispatch import dispatch
from hotline.casework.handling import handling, requests, review
from hotline.casework.intake import intake
from hotline.casework.ratings import rating, rectification
from hotline.casework.supervision import supervision
from hotline.casework.tickets.access import ticket_for
from hotline.jobs import archive, escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.handling.requests import Request
from hotline.models.ratings.rectifications import Rectification
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.reason_codes import Fault, Finding
from hotline.rules.refusals import ConditionUnmet, Duplicate, OwnWork, RoleMissing, WindowClosed
from hotline.rules.vocabulary import (
    ClockKind,
    OrderState,
    Outcome,
    RequestKind,
    ResultKind,
    Satisfaction,
    Solved,
    State,
    TicketType,
)
from tests.support.build import Builder
from tests.support.cast import Cast
from tests.support.year_files import entry, year_file

RESULT = handling.ResultGiven(ResultKind.SOLVED, "已办结。")
BAD = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.DISSATISFIED)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ticket_of(app_context: AppContext, cast: Cast, number: str) -> Ticket:
    with app_context.snapshot() as ctx:
        return ticket_for(ctx.by(cast.supervisor), number)


def clocks_of(app_context: AppContext, cast: Cast, number: str, kind: ClockKind) -> list[Clock]:
    ticket = ticket_of(app_context, cast, number)
    with app_context.snapshot() as ctx:
        query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == kind)
        return list(ctx.session.scalars(query.order_by(Clock.id)))


def submit(build: Builder, number: str, now: datetime) -> None:
    build.do("leader", handling.submit_result, number, RESULT, now=now)


def refuse(build: Builder, number: str, now: datetime, fault: Fault = Fault.INCOMPLETE) -> None:
    build.do("reviewer", review.audit_refuse, number, review.Refusing(fault, "请补充"), now=now)


@pytest.fixture
def handled(build: Builder) -> str:
    """Dispatched, signed and spoken about on Tue 2026-11-24 10:00: due on Tue 12-01 17:30."""
    number = build.ticket("handling", at("2026-11-24 10:00"))
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=at("2026-11-24 11:00"))
    return number


def test_signing_late_starts_handling_at_the_sign_due(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("dispatched", at("2026-11-24 10:00"))
    build.do("handler", dispatch.sign, number, dispatch.Signing(), now=at("2026-11-27 10:00"))
    (sign,) = clocks_of(app_context, cast, number, ClockKind.SIGN)
    (handle,) = clocks_of(app_context, cast, number, ClockKind.HANDLE)
    assert (sign.late, handle.started_at, handle.due_at) == (True, at("2026-11-25 17:30"), at("2026-12-02 17:30"))
    assert ticket_of(app_context, cast, number).unsigned_late
    with app_context.snapshot() as ctx:
        fired = ctx.session.execute(select(Escalation.step, Escalation.at).where(Escalation.clock_id == sign.id)).all()
    assert (2, at("2026-11-25 17:30")) in [tuple(row) for row in fired]


def test_signing_in_time_starts_handling_at_the_signature(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("dispatched", at("2026-11-24 10:00"))
    build.do("handler", dispatch.sign, number, dispatch.Signing(), now=at("2026-11-25 09:00"))
    (handle,) = clocks_of(app_context, cast, number, ClockKind.HANDLE)
    assert (handle.started_at, handle.due_at) == (at("2026-11-25 09:00"), at("2026-12-02 17:30"))
    assert not ticket_of(app_context, cast, number).unsigned_late


def test_a_bad_reply_gives_back_the_days_of_the_review_once(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    submit(build, handled, at("2026-11-26 10:00"))
    refuse(build, handled, at("2026-11-30 11:00"))
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    assert (clock.due_at, clock.first_due_at) == (at("2026-12-03 17:30"), at("2026-12-01 17:30"))
    submit(build, handled, at("2026-12-01 10:00"))
    refuse(build, handled, at("2026-12-02 11:00"))
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    assert (clock.due_at, clock.extra_days, clock.late, clock.stopped_at) == (at("2026-12-03 17:30"), 2, None, None)


@pytest.mark.parametrize("fault", [Fault.PERFUNCTORY, Fault.FALSE])
def test_a_perfunctory_or_false_reply_gets_no_day_back(
    build: Builder, app_context: AppContext, cast: Cast, handled: str, fault: Fault
) -> None:
    submit(build, handled, at("2026-11-26 10:00"))
    refuse(build, handled, at("2026-11-30 11:00"), fault)
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    assert clock.due_at == at("2026-12-01 17:30")


def test_late_is_decided_at_a_submission_after_the_due_and_stays(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    submit(build, handled, at("2026-12-02 09:00"))
    refuse(build, handled, at("2026-12-02 10:00"))
    submit(build, handled, at("2026-12-02 11:00"))
    build.do("reviewer", review.audit_pass, handled, review.Passing(), now=at("2026-12-02 12:00"))
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    assert clock.late is True


def test_on_time_is_the_submission_that_passes_whenever_it_is_reviewed(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    submit(build, handled, at("2026-12-01 17:00"))
    build.do("reviewer", review.audit_pass, handled, review.Passing(), now=at("2026-12-04 10:00"))
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    assert (clock.late, clock.met_at) == (False, at("2026-12-01 17:00"))


def test_a_halted_clock_climbs_nothing_and_a_resumed_one_catches_up(
    build: Builder, app_context: AppContext, cast: Cast, handled: str
) -> None:
    submit(build, handled, at("2026-11-30 10:00"))
    escalate.run(Run(app_context, at("2026-12-03 10:00")))
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    assert clock.step == 0
    refuse(build, handled, at("2026-12-03 11:00"), Fault.FALSE)
    escalate.run(Run(app_context, at("2026-12-03 11:01")))
    (clock,) = clocks_of(app_context, cast, handled, ClockKind.HANDLE)
    with app_context.snapshot() as ctx:
        red = ctx.session.scalar(select(Escalation.at).where(Escalation.clock_id == clock.id, Escalation.step == 2))
    assert (clock.step, red) == (2, at("2026-12-01 17:30"))


def to_call_back(build: Builder, number: str, now: datetime) -> None:
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=now)
    submit(build, number, now)
    build.do("reviewer", review.audit_pass, number, review.Passing(), now=now)


def test_three_rounds_and_a_supervision_order_from_the_second_rework(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("handling", at("2026-11-24 10:00"))
    for round in (1, 2, 3):
        now = at("2026-11-24 14:00") + timedelta(hours=round / 10)
        to_call_back(build, number, now)
        build.do("reviewer", call_back.record_call_back, number, BAD, now=now)
        if round < 3:
            build.do("reviewer", call_back.rework, number, call_back.Rework("未解决"), now=now)
    again = call_back.Rework("仍未解决")
    with pytest.raises(ConditionUnmet):
        build.do("reviewer", call_back.rework, number, again, now=now)
    rounds = clocks_of(app_context, cast, number, ClockKind.HANDLE)
    assert [(clock.round, clock.days) for clock in rounds] == [(1, 5), (2, 5), (3, 5)]
    with app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order)).all()
    assert (order.round, order.state) == (3, OrderState.DRAFT)
    asked = requests.Asking(RequestKind.UNRESOLVED, "超出权限")
    build.do("reviewer", requests.ask, number, asked, now=now)
    with app_context.snapshot() as ctx:
        request = ctx.session.scalars(select(Request)).one()
    decision = requests.Decision(request.id, True, "情况属实")
    with pytest.raises(OwnWork):
        build.do("reviewer", requests.decide, number, decision, now=now)
    build.do("second_reviewer", requests.decide, number, decision, now=now)
    closing = call_back.Closing(Outcome.UNRESOLVED)
    with pytest.raises(RoleMissing):
        build.do("reviewer", call_back.close, number, closing, now=now)
    build.do("supervisor", call_back.close, number, closing, now=now)
    assert ticket_of(app_context, cast, number).outcome is Outcome.UNRESOLVED


def test_an_order_is_closed_by_its_issuer_and_one_is_open_at_a_time(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("dispatched", at("2026-11-24 10:00"))
    escalate.run(Run(app_context, at("2026-11-28 10:00")))
    with app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order)).all()
    step = supervision.OrderStep(order.number, "请签收")
    with pytest.raises(RoleMissing):
        build.do("reviewer", supervision.issue, number, step, now=at("2026-11-30 09:00"))
    build.do("supervisor", supervision.issue, number, step, now=at("2026-11-30 09:00"))
    with pytest.raises(ConditionUnmet):
        build.do("supervisor", supervision.decline, number, step, now=at("2026-11-30 09:01"))
    (reply,) = clocks_of(app_context, cast, number, ClockKind.ORDER_REPLY)
    assert reply.due_at == at("2026-12-03 17:30")
    escalate.run(Run(app_context, at("2026-12-20 10:00")))
    with app_context.snapshot() as ctx:
        assert len(ctx.session.scalars(select(Order)).all()) == 1


def rate(app_context: AppContext, build: Builder, number: str, level: Satisfaction, now: datetime, **more: Any) -> Any:
    with app_context.transaction(now) as ctx:
        ticket_id = ctx.session.scalar(select(Ticket.id).where(Ticket.number == number))
        actor = Actor(name="企业", ticket_id=ticket_id)
        given = rating.RatingGiven(level, **more)
        return rating.rate(ctx.by(actor).at(now), number, given)


def test_a_rating_is_given_once_in_its_window(build: Builder, app_context: AppContext) -> None:
    number = build.ticket("closed", at("2026-11-24 10:00"))
    with pytest.raises(WindowClosed):
        rate(app_context, build, number, Satisfaction.SATISFIED, at("2026-12-24 10:01"))
    rate(app_context, build, number, Satisfaction.SATISFIED, at("2026-11-25 10:00"))
    with pytest.raises(Duplicate):
        rate(app_context, build, number, Satisfaction.VERY_SATISFIED, at("2026-11-25 10:01"))


def test_a_closed_ticket_is_archived_after_thirty_working_days(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("closed", at("2026-09-01 10:00"))
    plan = ticket_of(app_context, cast, number).archive_after
    assert plan == at("2026-10-19 17:30")
    archive.run(Run(app_context, plan - timedelta(seconds=1)))
    assert ticket_of(app_context, cast, number).state is State.CLOSED
    archive.run(Run(app_context, plan))
    assert ticket_of(app_context, cast, number).state is State.ARCHIVED


def test_a_new_calendar_moves_open_dues_and_says_so(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.ticket("handling", at("2026-11-24 10:00"))
    change = calendar.year_change(year_file(2026, entry("2026-11-27", "临时放假")))
    with app_context.snapshot() as ctx:
        assert calendar.preview(ctx, change, base=app_context.rulebook).moved == 1
    with app_context.transaction(at("2026-11-25 09:00")) as ctx:
        assert calendar.apply(ctx.by(CONSOLE), change, base=app_context.rulebook) == 1
    assert ticket_of(app_context, cast, number).due_at == at("2026-12-02 17:30")
    with app_context.transaction(at("2026-11-25 09:00")) as ctx:
        assert calendar.apply(ctx.by(CONSOLE), change, base=app_context.rulebook) == 0


def test_a_late_mending_of_the_centre_itself_orders_no_unit(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    """A direct answer, rated badly: no unit handled it, and the ladder goes on for everybody else."""
    number = build.ticket("accepted", at("2026-11-24 09:00"), type=TicketType.CONSULT)
    build.do("operator", intake.answer_direct, number, intake.DirectAnswer("请看公告"), now=at("2026-11-24 09:10"))
    enterprise = Actor("企业", ticket_id=ticket_of(app_context, cast, number).id)
    with app_context.transaction(at("2026-11-24 10:00")) as ctx:
        given = rating.RatingGiven(Satisfaction.DISSATISFIED, ("unclear",))
        rating.rate(ctx.by(enterprise), number, given)
    with app_context.snapshot() as ctx:
        case = ctx.session.scalars(select(Rectification.number)).one()
    found = rectification.Verification(Finding.TRUE, "属实")
    build.do("reviewer", rectification.verify, case, found, now=at("2026-11-24 11:00"))
    escalate.run(Run(app_context, at("2026-12-10 10:00")))
    (clock,) = clocks_of(app_context, cast, number, ClockKind.RECTIFY)
    assert clock.step >= 2 and clock.next_step_at is None
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Order)).all() == []
