"""A dispatch can be taken back before it is signed for: what then counts, what lapses, and who is told."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from hotline.casework.dispatch import dispatch, disputes
from hotline.casework.dispatch.recall import Recalling, recall
from hotline.casework.handling import reassignment, requests
from hotline.casework.supervision import supervision
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.requests import Request
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.queries.messages.notices import notices_for
from hotline.queries.tickets.attribution import attribution
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.reason_codes import DispatchEnd, RecallReason
from hotline.rules.refusals import ConditionUnmet, RoleMissing, UnknownTicket, WrongState
from hotline.rules.vocabulary import ClockKind, OrderState, RequestKind, RequestState, State
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, UNIT

BELOW = "company-registration-office"
WRONG = Recalling(RecallReason.WRONG_UNIT, "应由税务部门办理")
RETURN = requests.Asking(
    RequestKind.RETURN, "不属于本单位", code="not_our_duty", legal_ground="三定方案", suggested_unit=OTHER_UNIT
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MONDAY, DUE, LATE = at("2026-03-02 09:00"), at("2026-03-03 17:30"), at("2026-03-04 09:00")


def ticket_of(build: Builder, number: str) -> Ticket:
    with build.app_context.snapshot() as ctx:
        return ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()


def clocks_of(build: Builder, number: str, *kinds: ClockKind) -> list[Clock]:
    with build.app_context.snapshot() as ctx:
        query = select(Clock).join(Ticket, Ticket.id == Clock.ticket_id).where(Ticket.number == number)
        return list(ctx.session.scalars(query.where(Clock.kind.in_(kinds)).order_by(Clock.id)))


def rows_of(build: Builder, number: str, table: Any) -> list[Any]:
    with build.app_context.snapshot() as ctx:
        query = select(table).join(Ticket, Ticket.id == table.ticket_id).where(Ticket.number == number)
        return list(ctx.session.scalars(query.order_by(table.id)))


def ladder(build: Builder, now: datetime) -> None:
    while escalate.run(Run(build.app_context, now)):
        pass


@pytest.mark.parametrize("who", ["dispatcher", "supervisor"])
def test_before_the_sign_due_a_recall_counts_nowhere(who: str, build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    recalled = at("2026-03-03 10:00")
    build.do(who, recall, number, WRONG, now=recalled)
    ticket = ticket_of(build, number)
    assert (ticket.state, ticket.lead_unit_id, ticket.desk_path) == (State.ACCEPTED, None, None)
    (sign,) = clocks_of(build, number, ClockKind.SIGN)
    assert (sign.stopped_at, sign.met_at, sign.late, sign.next_step_at) == (recalled, None, False, None)
    dispatching = clocks_of(build, number, ClockKind.DISPATCH)[-1]
    assert (dispatching.started_at, dispatching.due_at) == (recalled, at("2026-03-03 17:30"))
    assert ticket.received_at == MONDAY, "the age is counted from the receipt"
    (row,) = rows_of(build, number, Dispatch)
    assert (row.ended_at, row.ended_how) == (recalled, DispatchEnd.RECALLED)
    build.do("dispatcher", dispatch.dispatch, number, dispatch.DispatchGiven(OTHER_UNIT), now=recalled)
    assert clocks_of(build, number, ClockKind.SIGN)[-1].due_at == at("2026-03-04 17:30")


def test_at_the_due_itself_there_is_still_time_and_a_minute_later_there_is_none(build: Builder) -> None:
    for now, late in ((DUE, False), (at("2026-03-03 17:31"), True)):
        number = build.ticket("dispatched", MONDAY)
        build.do("supervisor", recall, number, WRONG, now=now)
        assert clocks_of(build, number, ClockKind.SIGN)[0].late is late


def test_after_it_the_late_signing_stays_counted_and_the_handling_that_began_by_itself_ends(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    build.do("supervisor", recall, number, WRONG, now=LATE)
    sign, handle = clocks_of(build, number, ClockKind.SIGN, ClockKind.HANDLE)
    assert (sign.late, handle.late, handle.started_at, handle.stopped_at) == (True, False, DUE, LATE)
    assert ticket_of(build, number).unsigned_late is False


def test_a_handling_that_was_late_when_it_was_recalled_stays_late(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    build.do("dispatcher", recall, number, WRONG, now=at("2026-03-11 09:00"))
    assert [clock.late for clock in clocks_of(build, number, ClockKind.SIGN, ClockKind.HANDLE)] == [True, True]


def test_a_request_lapses_and_the_signing_that_it_met_in_time_is_not_late(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    build.do("leader", requests.ask, number, RETURN, now=at("2026-03-03 10:00"))
    build.do("supervisor", recall, number, WRONG, now=LATE)
    (request,) = rows_of(build, number, Request)
    assert (request.state, request.decided_at) == (RequestState.LAPSED, LATE)
    assert [clock.late for clock in clocks_of(build, number, ClockKind.SIGN, ClockKind.HANDLE)] == [False]
    assert all(clock.stopped_at for clock in clocks_of(build, number, ClockKind.REQUEST))


def test_an_issued_order_stays_and_a_draft_for_being_late_lapses(build: Builder) -> None:
    issued, drafted = (build.ticket("dispatched", MONDAY) for _ in range(2))
    ladder(build, at("2026-03-06 09:00"))
    (order,) = rows_of(build, issued, Order)
    step = supervision.OrderStep(order.number, "请立即签收")
    build.do("supervisor", supervision.issue, issued, step, now=at("2026-03-06 09:00"))
    for number in (issued, drafted):
        build.do("supervisor", recall, number, WRONG, now=at("2026-03-06 10:00"))
    assert [row.state for row in rows_of(build, issued, Order)] == [OrderState.ISSUED]
    assert [row.state for row in rows_of(build, drafted, Order)] == [OrderState.DECLINED]
    assert [clock.stopped_at is None for clock in clocks_of(build, issued, ClockKind.ORDER_REPLY)] == [True]


def test_the_unit_is_told_although_it_sees_the_ticket_no_more(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    build.do("dispatcher", recall, number, WRONG, now=at("2026-03-02 10:00"))
    with build.app_context.snapshot(at("2026-03-02 10:01")) as ctx:
        told = notices_for(ctx.by(build.cast.handler))["items"]
    assert [(row["number"], row["title"], row["text"]) for row in told] == [
        (number, "", "工单已由中心收回，不再由本单位办理")
    ]
    with pytest.raises(UnknownTicket):
        build.do("handler", dispatch.sign, number, dispatch.Signing(), now=LATE)


def test_the_time_at_the_wrong_unit_is_the_centres_unless_it_was_late(build: Builder) -> None:
    doors = []
    for now in (at("2026-03-02 11:00"), LATE):
        number = build.ticket("dispatched", MONDAY)
        build.do("dispatcher", recall, number, WRONG, now=now)
        with build.app_context.snapshot(now) as ctx:
            found = attribution(ctx, ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one())
        doors.append({door["owner"]: door["hours"] for door in found["doors"]})
    assert (doors[0]["centre"], doors[1]["unit"]) == (2.0, 14.0)
    assert "unit" not in doors[0]


@pytest.mark.parametrize("who", ["operator", "reviewer", "handler", "leader"])
def test_nobody_else_takes_it_back(who: str, build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    with pytest.raises(RoleMissing):
        build.do(who, recall, number, WRONG, now=MONDAY)


@pytest.mark.parametrize("state", ["accepted", "handling", "reviewing", "calling_back"])
def test_what_is_signed_for_is_not_recalled(state: str, build: Builder) -> None:
    number = build.ticket(state, MONDAY)
    with pytest.raises(WrongState):
        build.do("supervisor", recall, number, WRONG, now=MONDAY)


def ruled(build: Builder, number: str, unit: str, now: datetime) -> None:
    build.do("supervisor", disputes.rule_dispute, number, disputes.DisputeRuling(unit, "三定方案"), now=now)
    build.do("supervisor", reassignment.reassign, number, requests.Ruling("按裁定改派"), now=now)


def test_by_a_ruling_an_unsigned_ticket_is_reassigned_with_all_that_follows(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    build.do("leader", requests.ask, number, RETURN, now=MONDAY)
    ruled(build, number, OTHER_UNIT, at("2026-03-03 11:00"))
    assert ticket_of(build, number).state is State.ACCEPTED
    assert [row.state for row in rows_of(build, number, Request)] == [RequestState.LAPSED]
    build.do("dispatcher", dispatch.dispatch, number, dispatch.DispatchGiven(OTHER_UNIT), now=at("2026-03-03 12:00"))
    assert ticket_of(build, number).no_return is True
    assert clocks_of(build, number, ClockKind.SIGN)[-1].due_at == at("2026-03-04 17:30")


def test_reassigning_what_is_unsigned_needs_a_ruling_for_another_unit(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    for given in (None, UNIT):
        if given:
            ruling = disputes.DisputeRuling(given, "三定方案")
            build.do("supervisor", disputes.rule_dispute, number, ruling, now=MONDAY)
        with pytest.raises(ConditionUnmet):
            build.do("supervisor", reassignment.reassign, number, requests.Ruling("改派"), now=MONDAY)
    assert ticket_of(build, number).no_return is True, "ruled for the unit that has it"


@pytest.mark.parametrize("reassigned", ["2026-03-03 11:00", "2026-03-04 11:00"])
def test_within_the_own_subtree_no_new_signing_buys_time(reassigned: str, build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    ruled(build, number, BELOW, at(reassigned))
    given = dispatch.DispatchGiven(BELOW)
    build.do("dispatcher", dispatch.dispatch, number, given, now=at("2026-03-04 12:00"))
    ladder(build, at("2026-03-04 12:00"))
    sign = clocks_of(build, number, ClockKind.SIGN)
    handle = clocks_of(build, number, ClockKind.HANDLE)
    assert [(clock.due_at, clock.stopped_at, clock.unit_path) for clock in sign] == [
        (DUE, None, ticket_of(build, number).desk_path)
    ]
    assert [(clock.started_at, clock.stopped_at) for clock in handle] == [(DUE, None)]
    build.do("leader", dispatch.sign, number, dispatch.Signing(), now=at("2026-03-04 13:00"))
    assert [clock.late for clock in clocks_of(build, number, ClockKind.SIGN)] == [True]


def test_an_older_handling_of_another_unit_is_not_taken_for_the_kept_one(build: Builder) -> None:
    number = build.ticket("handling", MONDAY)
    ruled(build, number, OTHER_UNIT, MONDAY)
    given = dispatch.DispatchGiven(OTHER_UNIT)
    build.do("dispatcher", dispatch.dispatch, number, given, now=MONDAY)
    ruled(build, number, "tax-service-hall", MONDAY)
    given = dispatch.DispatchGiven("tax-service-hall")
    build.do("dispatcher", dispatch.dispatch, number, given, now=MONDAY)
    (handle,) = clocks_of(build, number, ClockKind.HANDLE)
    assert handle.stopped_at == MONDAY
