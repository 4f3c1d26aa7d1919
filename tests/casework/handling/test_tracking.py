"""What is only promised: with a supervisor's consent, tracked on a clock of its own, struck off after a second call-back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.call_backs import call_back
from hotline.casework.handling import handling, requests, resumption, review, tracking
from hotline.casework.tickets.access import ticket_for
from hotline.jobs import archive, escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.requests import Request
from hotline.models.handling.tracked import TrackedItem
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Result
from hotline.queries.handling.tracked import tracked_page
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.handling.tracking import TrackState
from hotline.rules.refusals import ConditionUnmet, InvalidInput, OwnWork, RoleMissing
from hotline.rules.vocabulary import ClockKind, Outcome, RequestKind, ResultKind, Satisfaction, Solved, State
from tests.support.build import Builder
from tests.support.cast import Cast

PROMISE = handling.ResultGiven(ResultKind.PROMISED, "12月18日前接通。")
CONTENT = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.BASICALLY_SATISFIED)
TRACKED = call_back.Closing(Outcome.TRACKED)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ask(
    build: Builder, number: str, now: str, until: str, kind: RequestKind = RequestKind.PROMISED, **more: Any
) -> None:
    asking = requests.Asking(kind, "需要施工", until=at(until).date(), **more)
    build.do("leader", requests.ask, number, asking, now=at(now))


def decide(build: Builder, number: str, now: str, who: str = "supervisor") -> None:
    with build.app_context.snapshot() as ctx:
        request = ctx.session.scalars(select(Request).order_by(Request.id.desc())).first()
        assert request is not None
    build.do(who, requests.decide, number, requests.Decision(request.id, True, "同意"), now=at(now))


def item_of(app_context: AppContext) -> TrackedItem:
    with app_context.snapshot() as ctx:
        return ctx.session.scalars(select(TrackedItem).order_by(TrackedItem.id.desc()).limit(1)).one()


def clocks_of(app_context: AppContext, kind: ClockKind) -> list[Clock]:
    with app_context.snapshot() as ctx:
        return list(ctx.session.scalars(select(Clock).where(Clock.kind == kind).order_by(Clock.id)))


def state_of(app_context: AppContext, cast: Cast, number: str) -> State:
    with app_context.snapshot() as ctx:
        return ticket_for(ctx.by(cast.supervisor), number).state


@pytest.fixture
def handled(build: Builder) -> str:
    """Signed on Tue 2026-11-24 10:00; due on 12-01 17:30."""
    number = build.ticket("handling", at("2026-11-24 10:00"))
    build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=at("2026-11-24 10:30"))
    return number


@pytest.fixture
def promised(build: Builder, handled: str) -> str:
    """Submitted on Tue 12-01 17:00 and passed the day after; promised for Fri 12-18; closed with the enterprise content."""
    ask(build, handled, "2026-11-25 10:00", "2026-12-18")
    decide(build, handled, "2026-11-25 15:00")
    build.do("leader", handling.submit_result, handled, PROMISE, now=at("2026-12-01 17:00"))
    build.do("reviewer", review.audit_pass, handled, review.Passing(), now=at("2026-12-02 10:00"))
    build.do("reviewer", call_back.record_call_back, handled, CONTENT, now=at("2026-12-02 11:00"))
    build.do("reviewer", call_back.close, handled, TRACKED, now=at("2026-12-02 11:05"))
    return handled


def report(build: Builder, number: str, now: str, who: str = "leader") -> None:
    given = tracking.TrackWords(item_of(build.app_context).id, "已接通")
    build.do(who, tracking.report, number, given, now=at(now))


def check(build: Builder, number: str, now: str, done: bool | None, who: str = "reviewer") -> None:
    given = tracking.TrackCheck(item_of(build.app_context).id, done is not None, "电话核实", done, untrue=done is False)
    build.do(who, tracking.check, number, given, now=at(now))


def test_a_promise_needs_a_supervisor_s_consent_and_a_day_within_the_limit(build: Builder, handled: str) -> None:
    with pytest.raises(ConditionUnmet, match="督办员同意"):
        build.do("leader", handling.submit_result, handled, PROMISE, now=at("2026-11-25 10:00"))
    for until in ("2026-11-25", "2026-11-20", "2027-03-31"):
        with pytest.raises(InvalidInput):
            ask(build, handled, "2026-11-25 10:00", until)
    ask(build, handled, "2026-11-25 10:00", "2026-11-27")
    with pytest.raises(ConditionUnmet):
        build.do("leader", handling.submit_result, handled, PROMISE, now=at("2026-11-25 11:00"))
    with pytest.raises(RoleMissing):
        decide(build, handled, "2026-11-25 11:00", "reviewer")
    decide(build, handled, "2026-11-25 11:00")
    # Consent to a promise is none to a legal procedure, and a promise whose day has come is none any more.
    with pytest.raises(ConditionUnmet):
        statutory = handling.ResultGiven(ResultKind.STATUTORY, "法院审理中。")
        build.do("leader", handling.submit_result, handled, statutory, now=at("2026-11-25 12:00"))
    with pytest.raises(ConditionUnmet, match="日期已到"):
        build.do("leader", handling.submit_result, handled, PROMISE, now=at("2026-11-27 10:00"))


def test_the_round_ends_on_time_and_the_promise_runs_from_the_submission(
    build: Builder, app_context: AppContext, cast: Cast, promised: str
) -> None:
    (handle,) = clocks_of(app_context, ClockKind.HANDLE)
    assert (handle.late, handle.met_at) == (False, at("2026-12-01 17:00"))
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert (promise.started_at, promise.due_at) == (at("2026-12-01 17:00"), at("2026-12-18 17:30"))
    assert promise.unit_path and promise.stopped_at is None
    assert state_of(app_context, cast, promised) is State.CLOSED
    item = item_of(app_context)
    assert (item.state, item.promised_on.isoformat()) == (TrackState.OPEN, "2026-12-18")
    with app_context.snapshot() as ctx:
        for actor, seen in ((cast.handler, 1), (cast.supervisor, 1), (cast.other_handler, 0)):
            page = tracked_page(ctx.by(actor).at(at("2026-12-03 10:00")))
            assert len(page["items"]) == seen


def test_a_legal_procedure_names_the_body_and_may_take_longer(
    build: Builder, app_context: AppContext, handled: str
) -> None:
    ask(build, handled, "2026-11-25 10:00", "2027-05-31", RequestKind.STATUTORY, body="樊城区人民法院")
    decide(build, handled, "2026-11-25 11:00")
    given = handling.ResultGiven(ResultKind.STATUTORY, "法院已受理。")
    build.do("leader", handling.submit_result, handled, given, now=at("2026-11-26 10:00"))
    build.do("reviewer", review.audit_pass, handled, review.Passing(), now=at("2026-11-26 11:00"))
    item = item_of(app_context)
    assert (item.kind, item.body) == (ResultKind.STATUTORY, "樊城区人民法院")
    # Nobody has announced 2027: the due is provisional and climbs no ladder until then.
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert promise.provisional and promise.next_step_at is None and promise.due_at == at("2027-05-31 17:30")


def test_a_note_is_owed_every_month(build: Builder, app_context: AppContext, promised: str) -> None:
    (first,) = clocks_of(app_context, ClockKind.TRACK_NOTE)
    assert first.due_at == at("2026-12-29 17:30")
    given = tracking.TrackWords(item_of(app_context).id, "电缆已到货")
    with pytest.raises(RoleMissing):
        build.do("liaison", tracking.note, promised, given, now=at("2026-12-03 10:00"))
    build.do("handler", tracking.note, promised, given, now=at("2026-12-03 10:00"))
    first, second = clocks_of(app_context, ClockKind.TRACK_NOTE)
    assert first.late is False and second.due_at == at("2026-12-31 17:30")


def test_it_is_struck_off_only_after_a_second_call_back_and_keeps_the_ticket_back(
    build: Builder, app_context: AppContext, cast: Cast, promised: str
) -> None:
    with pytest.raises(ConditionUnmet, match="挂账中"):
        check(build, promised, "2026-12-10 10:00", True)
    with pytest.raises(RoleMissing):
        report(build, promised, "2026-12-16 10:00", "handler")
    report(build, promised, "2026-12-16 10:00")
    archive.run(Run(app_context, at("2027-03-20 10:00")))
    assert state_of(app_context, cast, promised) is State.CLOSED
    with pytest.raises(RoleMissing):
        check(build, promised, "2026-12-17 10:00", True, "supervisor")
    check(build, promised, "2026-12-17 10:00", True)
    assert item_of(app_context).state is TrackState.STRUCK_OFF
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert (promise.late, promise.met_at) == (False, at("2026-12-16 10:00"))
    with app_context.snapshot() as ctx:
        running = select(Clock).where(Clock.stopped_at.is_(None))
        assert ctx.session.scalars(running).all() == []


def test_not_done_goes_on_with_the_same_due_and_a_draft_of_an_order(
    build: Builder, app_context: AppContext, promised: str
) -> None:
    report(build, promised, "2026-12-16 10:00")
    check(build, promised, "2026-12-21 10:00", False)
    assert item_of(app_context).state is TrackState.OPEN
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert (promise.due_at, promise.met_at) == (at("2026-12-18 17:30"), None)
    with app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order)).all()
        assert order.cause == "tracked"
        (result,) = ctx.session.scalars(select(Result)).all()
        assert result.sham_at == at("2026-12-21 10:00")
    report(build, promised, "2026-12-22 10:00")
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert promise.late is True
    # What is reported again starts three new calls; without an answer it ends, and was never solved.
    for now in ("2026-12-22 11:00", "2026-12-22 15:00"):
        check(build, promised, now, None)
        assert item_of(app_context).state is TrackState.CHECKING
    check(build, promised, "2026-12-23 09:00", None)
    assert item_of(app_context).state is TrackState.UNREACHED


def test_a_broken_promise_climbs_the_ladder_to_an_order(build: Builder, app_context: AppContext, promised: str) -> None:
    escalate.run(Run(app_context, at("2026-12-22 17:29")))
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert promise.step == 2
    escalate.run(Run(app_context, at("2026-12-22 17:30")))
    with app_context.snapshot() as ctx:
        (order,) = ctx.session.scalars(select(Order)).all()
        assert order.cause == "track"


def test_a_new_round_takes_the_place_of_the_promise(build: Builder, app_context: AppContext, promised: str) -> None:
    given = resumption.Reopening("又停电了")
    build.do("supervisor", resumption.reopen, promised, given, now=at("2026-12-07 10:00"))
    assert item_of(app_context).state is TrackState.LAPSED
    (promise,) = clocks_of(app_context, ClockKind.TRACK)
    assert promise.stopped_at == at("2026-12-07 10:00") and promise.met_at is None
    # The consent of the old round is none for the new one.
    contact = handling.ContactReport("电话")
    build.do("handler", handling.record_contact, promised, contact, now=at("2026-12-07 11:00"))
    with pytest.raises(ConditionUnmet):
        build.do("leader", handling.submit_result, promised, PROMISE, now=at("2026-12-07 12:00"))


def test_whoever_worked_on_it_does_not_check_it(
    build: Builder, app_context: AppContext, cast: Cast, promised: str
) -> None:
    report(build, promised, "2026-12-16 10:00")
    given = tracking.TrackCheck(item_of(app_context).id, True, "核实", True)
    reported, of_the_unit = {"staff_id": cast.leader.staff_id}, {"unit_path": cast.leader.unit_path}
    for actor in (replace(cast.reviewer, **reported), replace(cast.reviewer, **of_the_unit)):
        with pytest.raises(OwnWork), app_context.transaction(at("2026-12-17 10:00")) as ctx:
            tracking.check(ctx.by(actor), promised, given)
