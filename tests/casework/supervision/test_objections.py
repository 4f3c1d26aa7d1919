"""Objections: with the query code, once for each ending and in time, decided by somebody who had no part in it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.dispatch import dispatch
from hotline.casework.handling import requests, resumption
from hotline.casework.intake import intake
from hotline.casework.public import look_up
from hotline.casework.supervision import objections
from hotline.casework.tickets.access import ticket_for
from hotline.jobs import archive, escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock
from hotline.models.messages.notices import Notice
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.refusals import ConditionUnmet, Duplicate, LookUpRefused, OwnWork, RoleMissing, WindowClosed
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import ClockKind, State, TicketType
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, Cast

UPHELD, DISMISSED = (
    objections.ObjectionRuling(True, "答复与事实不符"),
    objections.ObjectionRuling(False, "已按规定办理"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ticket_of(app_context: AppContext, cast: Cast, number: str) -> Ticket:
    with app_context.snapshot() as ctx:
        return ticket_for(ctx.by(cast.supervisor), number)


def clock_of(app_context: AppContext, cast: Cast, number: str, kind: ClockKind) -> Clock:
    ticket = ticket_of(app_context, cast, number)
    with app_context.snapshot() as ctx:
        query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == kind).order_by(Clock.id.desc())
        return ctx.session.scalars(query.limit(1)).one()


def object_to(build: Builder, number: str, now: str, text: str = "没有解决", code: str | None = None) -> None:
    """The enterprise itself, with the code of the ticket that was built last."""
    assert build.logged is not None
    code = code or build.logged.query_code
    with build.app_context.transaction(at(now)) as ctx:
        enterprise = look_up.enterprise_of(ctx, number, build.logged.query_code, "10.0.0.1")
        given = objections.ObjectionGiven(code, text)
        objections.object_to(ctx.by(enterprise), number, given)


def decide(build: Builder, number: str, now: str, given: Any = UPHELD, who: str = "second_reviewer") -> None:
    build.do(who, objections.decide, number, given, now=at(now))


@pytest.fixture
def closed(build: Builder) -> str:
    """Closed by the first reviewer on Tue 2026-09-01 10:00; the window is over on 2026-10-19 17:30."""
    return build.ticket("closed", at("2026-09-01 10:00"))


def test_it_is_decided_in_two_days_on_the_ladder_of_whoever_decides(
    build: Builder, app_context: AppContext, cast: Cast, closed: str
) -> None:
    object_to(build, closed, "2026-09-02 10:00")
    clock = clock_of(app_context, cast, closed, ClockKind.OBJECTION)
    assert (clock.due_at, clock.unit_path) == (at("2026-09-04 17:30"), None)
    with app_context.snapshot() as ctx:
        told = set(ctx.session.scalars(select(Notice.staff_id).where(Notice.kind == "objected")))
    people = ("reviewer", "second_reviewer", "supervisor", "second_supervisor")
    assert told == {getattr(cast, who).staff_id for who in people}
    escalate.run(Run(app_context, at("2026-09-04 17:30")))
    assert clock_of(app_context, cast, closed, ClockKind.OBJECTION).step == 2


def test_once_for_each_ending_in_time_and_with_the_code(build: Builder, closed: str) -> None:
    with pytest.raises(LookUpRefused):
        object_to(build, closed, "2026-09-02 10:00", code="AAAAAA")
    with pytest.raises(LookUpRefused):
        build.do(
            "operator", objections.object_to, closed, objections.ObjectionGiven("AAAAAA", "x"), now=at("2026-09-02")
        )
    with pytest.raises(WindowClosed):
        object_to(build, closed, "2026-10-19 17:31")
    object_to(build, closed, "2026-10-19 17:30")
    with pytest.raises(Duplicate):
        object_to(build, closed, "2026-10-19 17:30")
    decide(build, closed, "2026-10-20 10:00", DISMISSED)
    with pytest.raises(Duplicate):
        object_to(build, closed, "2026-10-19 17:30")
    with pytest.raises(ConditionUnmet):
        decide(build, closed, "2026-10-20 10:00")


def test_an_open_objection_keeps_the_ticket_from_the_archive(
    build: Builder, app_context: AppContext, cast: Cast, closed: str
) -> None:
    object_to(build, closed, "2026-10-19 17:30")
    archive.run(Run(app_context, at("2026-10-20 10:00")))
    assert ticket_of(app_context, cast, closed).state is State.CLOSED
    decide(build, closed, "2026-10-20 10:00", DISMISSED)
    archive.run(Run(app_context, at("2026-10-20 11:00")))
    assert ticket_of(app_context, cast, closed).state is State.ARCHIVED


def test_nobody_decides_about_their_own_ending(
    build: Builder, app_context: AppContext, cast: Cast, closed: str
) -> None:
    object_to(build, closed, "2026-09-02 10:00")
    of_the_unit: Actor = replace(cast.second_reviewer, unit_path=cast.leader.unit_path)
    for actor, refusal in ((cast.reviewer, OwnWork), (of_the_unit, OwnWork), (cast.leader, RoleMissing)):
        with pytest.raises(refusal), app_context.transaction(at("2026-09-02 11:00")) as ctx:
            objections.decide(ctx.by(actor), closed, UPHELD)
    decide(build, closed, "2026-09-02 11:00", who="supervisor")


def test_upheld_it_goes_back_to_its_unit_in_a_new_round(
    build: Builder, app_context: AppContext, cast: Cast, closed: str
) -> None:
    object_to(build, closed, "2026-09-02 10:00")
    decide(build, closed, "2026-09-03 10:00")
    ticket = ticket_of(app_context, cast, closed)
    assert (ticket.state, ticket.round, ticket.no_return, ticket.closed_at) == (State.HANDLING, 2, True, None)
    assert clock_of(app_context, cast, closed, ClockKind.HANDLE).due_at == at("2026-09-10 17:30")
    assert clock_of(app_context, cast, closed, ClockKind.OBJECTION).late is False


def test_a_ticket_that_goes_on_anyway_leaves_nothing_to_decide(
    build: Builder, app_context: AppContext, cast: Cast, closed: str
) -> None:
    object_to(build, closed, "2026-09-02 10:00")
    build.do("supervisor", resumption.reopen, closed, resumption.Reopening("又发生了"), now=at("2026-09-02 11:00"))
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Objection.state)).one() is ObjectionState.LAPSED
    assert clock_of(app_context, cast, closed, ClockKind.OBJECTION).stopped_at == at("2026-09-02 11:00")


def test_what_was_wrongly_rejected_is_accepted_anew(build: Builder, app_context: AppContext, cast: Cast) -> None:
    number = build.anywhere("rejected", at("2026-09-01 10:00"))
    object_to(build, number, "2026-09-02 10:00")
    # The supervisor who confirmed the rejection, and nobody else of the deciders, had a part in it.
    with pytest.raises(OwnWork):
        decide(build, number, "2026-09-02 11:00", who="supervisor")
    build.do(
        "second_supervisor", objections.take_up, number, requests.Ruling("属于受理范围"), now=at("2026-09-02 11:00")
    )
    ticket = ticket_of(app_context, cast, number)
    assert (ticket.state, ticket.round, ticket.reply, ticket.closed_at) == (State.SUBMITTED, 1, None, None)
    assert clock_of(app_context, cast, number, ClockKind.ACCEPT).due_at == at("2026-09-07 17:30")


def test_what_was_wrongly_terminated_is_dispatched_anew_by_the_centre(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.anywhere("terminated", at("2026-09-01 10:00"))
    object_to(build, number, "2026-09-02 10:00")
    decide(build, number, "2026-09-02 11:00")
    ticket = ticket_of(app_context, cast, number)
    assert (ticket.state, ticket.round, ticket.lead_unit_id, ticket.desk_path) == (State.SUBMITTED, 2, None, None)
    build.do("operator", intake.accept, number, intake.Acceptance(), now=at("2026-09-02 14:00"))
    build.do("dispatcher", dispatch.dispatch, number, dispatch.DispatchGiven(OTHER_UNIT), now=at("2026-09-02 15:00"))
    with app_context.snapshot() as ctx:
        rows = ctx.session.scalars(select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id)).all()
    assert [row.ended_how for row in rows] == [DispatchEnd.OBJECTED, None]


def test_a_direct_answer_that_was_none_is_handled_after_all(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("accepted", at("2026-09-01 10:00"), type=TicketType.CONSULT)
    build.do("operator", intake.answer_direct, number, intake.DirectAnswer("请看网站"), now=at("2026-09-01 10:10"))
    object_to(build, number, "2026-09-02 10:00")
    decide(build, number, "2026-09-02 11:00", who="supervisor")
    ticket = ticket_of(app_context, cast, number)
    assert (ticket.state, ticket.round, ticket.outcome, ticket.reply) == (State.SUBMITTED, 2, None, None)


def test_a_unit_does_not_read_the_words_of_a_secret_enterprise(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    number = build.ticket("closed", at("2026-09-01 10:00"), confidential=True)
    object_to(build, number, "2026-09-02 10:00", "我是王小明，没有解决")
    with app_context.snapshot(at("2026-09-02 11:00")) as ctx:
        shown = {}
        for who in ("leader", "reviewer"):
            actor = getattr(cast, who)
            ticket = ticket_for(ctx.by(actor), number)
            file = ticket_file(ctx.by(actor), ticket)
            shown[who] = [row["text"] for row in file["objections"]]
    assert shown == {"leader": [""], "reviewer": ["我是王小明，没有解决"]}
