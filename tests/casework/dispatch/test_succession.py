"""Closing a unit: everything that lies there goes on at its successor by the same dues; a report about that one does not."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.accounts.unit_changes import ClosingGiven, close
from hotline.casework.dispatch import assisting, dispatch, disputes
from hotline.casework.handling import handling, requests, resumption, review
from hotline.casework.intake.correction import Correction, correct
from hotline.casework.supervision import supervision
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.queries.tickets.attribution import attribution
from hotline.queries.tickets.timeline import timeline_of
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.dispatch.signers import NobodySigns
from hotline.rules.handling.assisting import AssistState
from hotline.rules.reason_codes import DispatchEnd, Fault
from hotline.rules.refusals import ConditionUnmet, InvalidInput, SecrecyGuard, UnknownTicket
from hotline.rules.vocabulary import Action, ClockKind, OrderState, RequestKind, State, TicketType
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, UNIT

EMPTY = "civil-air-defence"
NOTE = handling.Note("接手")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


MONDAY, CLOSED, LATER = at("03-02 09:00"), at("03-03 10:00"), at("03-04 10:00")


@pytest.fixture
def unit_code(build: Builder) -> str:
    """The unit that is closed: its offices were closed before."""
    with build.app_context.transaction(MONDAY) as ctx:
        path = ctx.session.scalars(select(Unit.path).where(Unit.code == UNIT)).one()
        for office in ctx.session.scalars(select(Unit).where(Unit.path.like(f"{path}_%"))):
            office.closed_on = MONDAY.date()
    return UNIT


def shut(build: Builder, code: str, successor: str | None = OTHER_UNIT, **more: Any) -> None:
    build.do("administrator", close, code, ClosingGiven(successor, **more), now=CLOSED)


def ticket_of(build: Builder, number: str) -> Ticket:
    with build.app_context.snapshot() as ctx:
        return ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()


def rows(build: Builder, number: str, table: Any) -> list[Any]:
    with build.app_context.snapshot() as ctx:
        query = select(table).join(Ticket, Ticket.id == table.ticket_id).where(Ticket.number == number)
        return list(ctx.session.scalars(query.order_by(table.id)))


def unit_named(app_context: AppContext, code: str) -> Unit:
    with app_context.snapshot() as ctx:
        return ctx.session.scalars(select(Unit).where(Unit.code == code)).one()


def lines(build: Builder, number: str) -> list[str]:
    with build.app_context.snapshot() as ctx:
        found = timeline_of(ctx.by(build.cast.supervisor), ticket_of(build, number).id)
    return [line["sentence"] for line in found]


def dues(build: Builder, number: str) -> list[tuple[ClockKind, datetime]]:
    return [(clock.kind, clock.due_at) for clock in rows(build, number, Clock) if clock.stopped_at is None]


def test_open_work_needs_a_successor_and_nothing_is_half_done(unit_code: str, build: Builder) -> None:
    number = build.ticket("handling", MONDAY)
    with pytest.raises(ConditionUnmet, match="手里还有未了结的工单1件"):
        shut(build, unit_code, None)
    for wrong in (unit_code, "hotline-centre", "nowhere"):
        with pytest.raises(InvalidInput):
            shut(build, unit_code, wrong)
    with pytest.raises(NobodySigns):
        shut(build, unit_code, EMPTY)
    assert unit_named(build.app_context, unit_code).closed_on is None
    assert not any("接办" in line for line in lines(build, number))
    shut(build, unit_code, EMPTY, confirmed=True)
    with build.app_context.snapshot() as ctx:
        told = set(ctx.session.scalars(select(Notice.staff_id).where(Notice.kind == "nobody_signs")))
    assert build.cast.supervisor.staff_id in told


@pytest.mark.parametrize("state", ["dispatched", "handling", "reviewing", "calling_back"])
def test_a_ticket_goes_over_by_the_dues_that_it_has(state: str, unit_code: str, build: Builder) -> None:
    number = build.ticket(state, MONDAY)
    before = dues(build, number)
    shut(build, unit_code)
    ticket, successor = ticket_of(build, number), unit_named(build.app_context, OTHER_UNIT)
    assert (ticket.state, ticket.lead_unit_id, ticket.desk_path) == (State(state), successor.id, successor.path)
    assert dues(build, number) == before
    old, new = rows(build, number, Dispatch)
    assert (old.ended_how, new.unit_id) == (DispatchEnd.SUCCEEDED, successor.id)
    assert (new.sign_due_at, new.signed_at, new.ended_at) == (old.sign_due_at, old.signed_at, None)
    assert sum("由" in line and "接办，时限不变" in line for line in lines(build, number)) == 1
    build.do("other_handler", handling.add_note, number, NOTE, now=LATER)
    with pytest.raises(UnknownTicket):
        build.do("handler", handling.add_note, number, NOTE, now=LATER)


def test_the_successor_signs_returns_and_finishes_as_if_it_had_been_its_own(unit_code: str, build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY)
    shut(build, unit_code)
    build.do("other_handler", dispatch.sign, number, dispatch.Signing(), now=LATER)
    clocks = {clock.kind: clock for clock in rows(build, number, Clock)}
    assert (clocks[ClockKind.SIGN].late, clocks[ClockKind.HANDLE].started_at) == (True, at("03-03 17:30"))
    successor = unit_named(build.app_context, OTHER_UNIT)
    assert {clock.unit_id for clock in clocks.values() if clock.unit_path} == {successor.id}
    with build.app_context.snapshot(LATER) as ctx:
        doors = {door["name"] for door in attribution(ctx, ticket_of(build, number))["doors"]}
    assert successor.name in doors


def test_a_result_that_the_review_refuses_comes_back_to_the_successor(unit_code: str, build: Builder) -> None:
    number = build.ticket("reviewing", MONDAY)
    shut(build, unit_code)
    build.do("reviewer", review.audit_refuse, number, review.Refusing(Fault.INCOMPLETE, "补"), now=LATER)
    (handle,) = [clock for clock in rows(build, number, Clock) if clock.kind is ClockKind.HANDLE]
    assert (handle.unit_path, handle.stopped_at) == (unit_named(build.app_context, OTHER_UNIT).path, None)


def test_assists_and_orders_go_over_and_what_would_be_doubled_is_one(unit_code: str, build: Builder) -> None:
    helped, led, both = (build.ticket("dispatched", MONDAY, unit=unit) for unit in (OTHER_UNIT, UNIT, UNIT))
    third = build.ticket("accepted", MONDAY)
    given = dispatch.DispatchGiven(EMPTY, (UNIT,), confirmed=True)
    build.do("dispatcher", dispatch.dispatch, third, given, now=MONDAY)
    build.do("supervisor", assisting.add_assist, helped, assisting.AssistGiven(UNIT, "提供材料"), now=MONDAY)
    build.do("supervisor", assisting.add_assist, both, assisting.AssistGiven(OTHER_UNIT, "提供材料"), now=MONDAY)
    for number in (led, both):
        build.do("supervisor", supervision.place, number, supervision.Placing("请抓紧"), now=MONDAY)
    before = dues(build, led)
    build.do("supervisor", supervision.place, both, supervision.Placing("请配合", OTHER_UNIT), now=MONDAY)
    shut(build, unit_code)
    successor = unit_named(build.app_context, OTHER_UNIT)
    assert [row.state for row in rows(build, helped, Assist)] == [AssistState.ENDED], "the lead does not assist itself"
    assert [(row.unit_id, row.state) for row in rows(build, third, Assist)] == [(successor.id, AssistState.OPEN)]
    assert [row.unit_id for row in rows(build, led, Order)] == [successor.id]
    assert dues(build, led) == before
    assert [row.state for row in rows(build, both, Order)] == [OrderState.CLOSED, OrderState.ISSUED]
    assert [row.state for row in rows(build, both, Assist)] == [AssistState.ENDED]
    (order,) = rows(build, led, Order)
    build.do("other_leader", supervision.reply, led, supervision.OrderStep(order.number, "已办"), now=LATER)
    for number in (helped, led, both, third):
        assert any("停用" in line for line in lines(build, number)), number


def test_a_ruling_for_the_closed_unit_binds_the_successor(unit_code: str, build: Builder) -> None:
    number = build.ticket("accepted", MONDAY)
    build.do("supervisor", disputes.rule_dispute, number, disputes.DisputeRuling(UNIT, "三定方案"), now=MONDAY)
    shut(build, unit_code)
    build.do("dispatcher", dispatch.dispatch, number, dispatch.DispatchGiven(OTHER_UNIT), now=LATER)
    assert ticket_of(build, number).no_return is True


def test_what_was_passed_down_to_it_goes_back_to_the_lead(build: Builder) -> None:
    below = "company-registration-office"
    number = build.ticket("handling", MONDAY)
    build.do("handler", handling.pass_down, number, handling.PassingDown(below), now=MONDAY)
    shut(build, below, "tax")
    ticket, lead = ticket_of(build, number), unit_named(build.app_context, UNIT)
    assert (ticket.lead_unit_id, ticket.desk_path) == (lead.id, lead.path)
    assert {clock.unit_path for clock in rows(build, number, Clock) if clock.stopped_at is None} == {lead.path}


REPORT: dict[str, Any] = {"type": TicketType.REPORT}


def withheld(build: Builder, number: str, target: str, state: str) -> None:
    if target != UNIT:
        given = Correction("补登被反映单位", target_unit=target)
        build.do("supervisor", correct, number, given, now=MONDAY)
    shut(build, UNIT)
    ticket = ticket_of(build, number)
    assert (ticket.state, ticket.desk_path) == (State(state), None if state == "accepted" else ticket.desk_path)
    successor = unit_named(build.app_context, OTHER_UNIT)
    assert ticket.lead_unit_id != successor.id
    with build.app_context.snapshot() as ctx:
        told = set(ctx.session.scalars(select(Notice.staff_id).where(Notice.kind == "withheld")))
    assert told == {build.cast.supervisor.staff_id, build.cast.second_supervisor.staff_id}
    with pytest.raises(UnknownTicket):
        build.do("other_handler", handling.add_note, number, NOTE, now=LATER)


@pytest.mark.parametrize("target", [OTHER_UNIT, "tax-service-hall"])
@pytest.mark.parametrize(
    ("state", "after"), [("dispatched", "accepted"), ("handling", "accepted"), ("reviewing", "reviewing")]
)
@pytest.mark.usefixtures("unit_code")
def test_a_report_about_the_successor_goes_to_a_supervisor(target: str, state: str, after: str, build: Builder) -> None:
    number = build.ticket(state, MONDAY, **REPORT)
    withheld(build, number, target, after)


@pytest.mark.usefixtures("unit_code")
def test_a_suspended_report_is_woken_up_for_that(build: Builder) -> None:
    number = build.ticket("handling", MONDAY, **REPORT)
    asking = requests.Asking(RequestKind.SUSPENSION, "等待判决", code="court", until=at("03-20 09:00").date())
    build.do("leader", requests.ask, number, asking, now=MONDAY)
    build.do("supervisor", requests.rule_on(Action.SUSPEND), number, requests.Ruling("同意"), now=MONDAY)
    withheld(build, number, OTHER_UNIT, "accepted")


@pytest.mark.usefixtures("unit_code")
def test_a_report_about_the_closed_unit_leaves_its_successor_and_never_comes_back(build: Builder) -> None:
    number = build.ticket("dispatched", MONDAY, unit=OTHER_UNIT, **REPORT, target_unit=UNIT)
    elsewhere = build.ticket("accepted", MONDAY, **REPORT, target_unit=UNIT)
    shut(build, UNIT)
    assert ticket_of(build, number).state is State.ACCEPTED
    for one in (number, elsewhere):
        with pytest.raises(SecrecyGuard):
            build.do("dispatcher", dispatch.dispatch, one, dispatch.DispatchGiven(OTHER_UNIT), now=LATER)
    assert not any("停用" in line for line in lines(build, elsewhere))


@pytest.mark.usefixtures("unit_code")
def test_what_is_taken_up_again_goes_to_the_successor(build: Builder) -> None:
    number = build.ticket("closed", MONDAY)
    shut(build, UNIT)
    assert ticket_of(build, number).lead_unit_id == unit_named(build.app_context, UNIT).id, "history keeps the unit"
    build.do("supervisor", resumption.reopen, number, resumption.Reopening("又发生了"), now=LATER)
    assert ticket_of(build, number).desk_path == unit_named(build.app_context, OTHER_UNIT).path
