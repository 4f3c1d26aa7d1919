"""Merging after a dispatch, and chains of merges: each page leads to where the chain ends, and there all are counted."""

from datetime import datetime
from random import Random

import pytest
from sqlalchemy import select

from hotline.casework.dispatch.dispatch import DispatchGiven, dispatch
from hotline.casework.intake.merging import Merge, Unmerge, merge, unmerge
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.queries.public.public import public_ticket
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.handling.assisting import AssistState
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.refusals import Refusal, RoleMissing, SecrecyGuard
from hotline.rules.vocabulary import ClockKind, OrderState, State, TicketType
from tests.support import invariants
from tests.support.build import Builder
from tests.support.cast import UNIT

AGAIN = Unmerge("不是同一事项")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MONDAY, TUESDAY, LATE = at("2026-03-02 09:00"), at("2026-03-03 10:00"), at("2026-03-12 09:00")


def ticket_of(build: Builder, number: str) -> Ticket:
    with build.app_context.snapshot() as ctx:
        return ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()


def clocks_of(build: Builder, number: str) -> dict[ClockKind, Clock]:
    with build.app_context.snapshot() as ctx:
        query = select(Clock).join(Ticket, Ticket.id == Clock.ticket_id).where(Ticket.number == number)
        return {clock.kind: clock for clock in ctx.session.scalars(query.order_by(Clock.id))}


def file_of(build: Builder, number: str) -> dict[str, object]:
    with build.app_context.snapshot(LATE) as ctx:
        ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        return ticket_file(ctx.by(build.cast.supervisor), ticket)


def public_master(build: Builder, number: str) -> object:
    with build.app_context.snapshot(LATE) as ctx:
        ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        return public_ticket(ctx, Actor("企业", ticket_id=ticket.id))["master"]


def joined(build: Builder, number: str, master: str, who: str = "operator", now: datetime = MONDAY) -> None:
    build.do(who, merge, number, Merge(master), now=now)


@pytest.mark.parametrize("state", ["dispatched", "handling"])
def test_a_supervisor_merges_what_a_unit_has(state: str, build: Builder) -> None:
    master, number = build.ticket("handling", MONDAY), build.ticket(state, MONDAY)
    for who in ("operator", "dispatcher", "reviewer", "leader"):
        with pytest.raises(RoleMissing):
            joined(build, number, master, who)
    joined(build, number, master, "supervisor", TUESDAY)
    ticket = ticket_of(build, number)
    assert (ticket.state, ticket.merged_into_id) == (State.MERGED, ticket_of(build, master).id)
    clocks = clocks_of(build, number)
    assert all(clock.stopped_at for clock in clocks.values())
    assert clocks[ClockKind.SIGN if state == "dispatched" else ClockKind.HANDLE].late is False
    with build.app_context.snapshot() as ctx:
        row = ctx.session.scalars(select(Dispatch).where(Dispatch.ticket_id == ticket.id)).one()
        told = set(ctx.session.scalars(select(Notice.staff_id).where(Notice.event.endswith(":unit"))))
    assert (row.ended_at, row.ended_how) == (TUESDAY, DispatchEnd.MERGED)
    assert build.cast.handler.staff_id in told and build.cast.leader.staff_id in told


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_before_a_dispatch_it_stays_with_the_operator_and_the_dispatcher(state: str, build: Builder) -> None:
    master = build.ticket("handling", MONDAY)
    number = build.ticket(state, MONDAY, **({"difficulty": None} if state == "submitted" else {}))
    with pytest.raises(RoleMissing):
        joined(build, number, master, "supervisor")
    joined(build, number, master, "dispatcher")
    assert ticket_of(build, number).state is State.MERGED


def test_a_round_that_was_late_when_it_was_merged_stays_late(build: Builder) -> None:
    master, number = build.ticket("handling", LATE), build.ticket("dispatched", MONDAY)
    joined(build, number, master, "supervisor", LATE)
    clocks = clocks_of(build, number)
    assert (clocks[ClockKind.SIGN].late, clocks[ClockKind.HANDLE].late) == (True, True)


def test_unmerged_after_a_dispatch_it_waits_for_the_next_one_from_now_on(build: Builder) -> None:
    master, number = build.ticket("handling", MONDAY), build.ticket("handling", MONDAY)
    joined(build, number, master, "supervisor", TUESDAY)
    build.do("supervisor", unmerge, number, AGAIN, now=LATE)
    ticket, clock = ticket_of(build, number), clocks_of(build, number)[ClockKind.DISPATCH]
    assert (ticket.state, ticket.lead_unit_id, ticket.desk_path) == (State.ACCEPTED, None, None)
    assert (ticket.received_at, ticket.due_at) == (MONDAY, at("2026-03-12 17:30"))
    assert (clock.started_at, clock.stopped_at) == (LATE, None)
    assert ClockKind.ACCEPT in clocks_of(build, number) and file_of(build, master)["repeats"] == []


def test_unmerged_before_a_dispatch_it_counts_from_the_first_receipt(build: Builder) -> None:
    master, number = build.ticket("handling", MONDAY), build.ticket("accepted", MONDAY)
    joined(build, number, master)
    build.do("supervisor", unmerge, number, AGAIN, now=LATE)
    clock = clocks_of(build, number)[ClockKind.ACCEPT]
    assert (ticket_of(build, number).state, clock.started_at) == (State.SUBMITTED, MONDAY)


def test_a_chain_is_followed_to_its_end_and_counted_there(build: Builder) -> None:
    b, a, c = (build.ticket("accepted", MONDAY) for _ in range(3))
    joined(build, b, a)
    joined(build, a, c)
    for number in (a, b):
        assert file_of(build, number)["merged_into"] == c == public_master(build, number)
        assert c in (ticket_of(build, number).reply or "")
    shown = file_of(build, c)
    assert (shown["repeats"], shown["merged_into"], public_master(build, c)) == (sorted([a, b]), None, None)
    reminders = shown["reminders"]
    assert isinstance(reminders, list) and [row["repeat"] for row in reminders] == [True, True]
    with build.app_context.snapshot() as ctx:
        told = select(Notice.data).where(Notice.ticket_id == ticket_of(build, b).id, Notice.kind == "merged")
        assert [data["master"] for data in ctx.session.scalars(told.order_by(Notice.id))] == [a, c]


def test_the_middle_of_a_chain_is_taken_out_with_what_hangs_on_it(build: Builder) -> None:
    b, a, c, d = (build.ticket("accepted", MONDAY) for _ in range(4))
    for number, master in ((b, a), (a, c), (c, d)):
        joined(build, number, master)
    assert [file_of(build, number)["merged_into"] for number in (a, b, c)] == [d, d, d]
    build.do("supervisor", unmerge, a, AGAIN, now=MONDAY)
    assert [file_of(build, number)["merged_into"] for number in (a, b, c)] == [None, a, d]
    assert [len(list(file_of(build, number)["reminders"])) for number in (a, d)] == [1, 1]  # type: ignore[call-overload]
    assert (file_of(build, a)["repeats"], file_of(build, d)["repeats"]) == ([b], [c])


@pytest.mark.parametrize("chained", [True, False])
def test_repeats_call_for_an_order_through_a_chain(chained: bool, build: Builder) -> None:
    master = build.ticket("dispatched", MONDAY)
    repeats = [build.ticket("accepted", MONDAY) for _ in range(3)]
    if chained:
        joined(build, repeats[0], repeats[1])
        joined(build, repeats[1], repeats[2])
        joined(build, repeats[2], master)
    else:
        for number in repeats:
            joined(build, number, master)
    with build.app_context.snapshot() as ctx:
        query = select(Order.state, Order.cause).where(Order.ticket_id == ticket_of(build, master).id)
        assert [tuple(row) for row in ctx.session.execute(query)] == [(OrderState.DRAFT, "repeats")]


def test_assists_end_with_a_merge(build: Builder) -> None:
    master, number = build.ticket("handling", MONDAY), build.ticket("accepted", MONDAY)
    build.do("dispatcher", dispatch, number, DispatchGiven(UNIT, ("tax",)), now=MONDAY)
    joined(build, number, master, "supervisor")
    with build.app_context.snapshot() as ctx:
        assert list(ctx.session.scalars(select(Assist.state))) == [AssistState.ENDED]


def test_a_report_joins_no_ticket_that_its_target_reads_not_even_at_the_end_of_a_chain(build: Builder) -> None:
    report = {"type": TicketType.REPORT, "target_unit": UNIT}
    first, second = (build.ticket("accepted", MONDAY, **report) for _ in range(2))
    master = build.ticket("handling", MONDAY, confidential=True)
    joined(build, first, second)
    with pytest.raises(SecrecyGuard):
        joined(build, second, master)


def test_however_people_merge_and_unmerge_there_is_no_ring(build: Builder) -> None:
    draw, numbers = Random(20), [build.ticket("accepted", MONDAY) for _ in range(6)]
    for _ in range(60):
        try:
            if draw.random() < 0.7:
                joined(build, draw.choice(numbers), draw.choice(numbers))
            else:
                build.do("supervisor", unmerge, draw.choice(numbers), AGAIN, now=MONDAY)
        except Refusal:
            continue
        with build.app_context.snapshot() as ctx:
            invariants.check_merges(ctx.session, list(ctx.session.scalars(select(Ticket))))
    into = {number: file_of(build, number)["merged_into"] for number in numbers}
    for master in set(into.values()) - {None}:
        assert into[str(master)] is None
        assert file_of(build, str(master))["repeats"] == sorted(n for n, end in into.items() if end == master)
