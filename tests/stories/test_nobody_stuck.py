"""From every state but the final ones the centre alone brings a ticket to any unit and to an end, without the unit's help."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hotline.casework.accounts import accounts
from hotline.casework.call_backs import call_back
from hotline.casework.dispatch import assisting
from hotline.casework.handling import handling, requests, review, tracking
from hotline.casework.intake import attachments
from hotline.casework.ratings import rating, rectification
from hotline.casework.supervision import supervision
from hotline.jobs import archive
from hotline.jobs.run import Run
from hotline.models.accounts.staff import Staff
from hotline.models.handling.requests import Request
from hotline.models.handling.tracked import TrackedItem
from hotline.models.ratings.rectifications import Rectification
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.rules import workflow
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.handling.tracking import TrackState
from hotline.rules.ratings.rectification import STEPS as CASES
from hotline.rules.reason_codes import Finding
from hotline.rules.refusals import ConditionUnmet, Refusal, RoleMissing
from hotline.rules.tickets.states import FINAL
from hotline.rules.vocabulary import (
    CENTRE_ROLES,
    Action,
    OrderState,
    Outcome,
    RectificationState,
    RequestKind,
    ResultKind,
    Satisfaction,
    Solved,
    State,
)
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import OTHER_UNIT, UNIT

EMPTY = "civil-air-defence"
NOW = datetime(2026, 3, 2, 10, tzinfo=ZONE)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
NOT_FINAL = [state for state in State if state not in FINAL]
ENDS = FINAL | {State.CLOSED}


@dataclass(frozen=True)
class Step:
    """What somebody of the centre sends, after what has to be said before (path, body), and after so many days."""

    who: str
    body: dict[str, Any]
    before: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    days: int = 0


RULED = {"unit": "UNIT", "ground": "三定方案", "confirmed": True}
SOLVED = {"connected": True, "contacted_by_unit": True, "solved": "solved", "satisfaction": "satisfied"}
UNSOLVED = {**SOLVED, "solved": "unsolved", "satisfaction": "dissatisfied"}
WAYS: dict[Action, Step] = {
    Action.SUPPLY_INFO: Step("operator", {"text": "电话补正"}),
    Action.NO_INFO: Step("supervisor", {"remark": "逾期未补正"}, days=20),
    Action.ACCEPT: Step("dispatcher", {"type": "help", "category": "licensing-delay", "difficulty": "ordinary"}),
    Action.DISPATCH: Step("dispatcher", {"unit": "UNIT", "confirmed": True}),
    Action.RECALL: Step("dispatcher", {"code": "nobody_signs", "reason": "无人签收"}),
    Action.REASSIGN: Step("supervisor", {"reason": "改派"}, (("supervisor", "actions/rule_dispute", RULED),)),
    Action.RESUME: Step("supervisor", {}),
    Action.AUDIT_REFUSE: Step("reviewer", {"fault": "incomplete", "remark": "补"}),
    Action.AUDIT_PASS: Step("reviewer", {}),
    Action.CLOSE: Step("reviewer", {"outcome": "solved"}, (("reviewer", "call-backs", SOLVED),)),
    Action.REWORK: Step("reviewer", {"reason": "重办"}, (("reviewer", "call-backs", UNSOLVED),)),
    Action.REOPEN: Step("supervisor", {"facts": "又发生了"}),
    Action.TRANSFER: Step("dispatcher", {"receiver": "legal_aid", "path": "请拨打12348"}),
}
"""What waits for nobody but the centre: no request of a unit, no objection and no code of the enterprise, no other ticket."""


def ways_from(state: State, ways: Iterable[Action]) -> list[tuple[Action, State]]:
    """The rows of the table that the centre alone can take from there, what needs no ruling before what does."""
    rows = {row.action: row for row in workflow.rows_from(state) if row.who & CENTRE_ROLES}
    targets = [(action, rows[action].target) for action in ways if action in rows]
    return [(action, target) for action, target in targets if target is not None]


def way(state: State, ends: frozenset[State], ways: Iterable[Action] = tuple(WAYS)) -> list[Action] | None:
    """The shortest way of the centre to one of these states; None where there is none."""
    waiting, seen = deque([(state, list[Action]())]), {state}
    while waiting:
        here, done = waiting.popleft()
        if here in ends:
            return done
        for action, there in ways_from(here, ways):
            if there not in seen:
                seen.add(there)
                waiting.append((there, [*done, action]))
    return None


@pytest.mark.parametrize("state", NOT_FINAL)
def test_the_table_leaves_the_centre_a_way_to_every_unit_and_to_an_end(state: State) -> None:
    assert way(state, frozenset({State.ACCEPTED})) is not None and (State.ACCEPTED, Action.DISPATCH) in workflow.ROWS
    assert way(state, ENDS) is not None


def test_the_walk_would_see_a_state_without_a_way_on() -> None:
    before = [action for action in WAYS if action not in (Action.RECALL, Action.REASSIGN)]
    assert way(State.DISPATCHED, frozenset({State.ACCEPTED}), before) is None
    assert way(State.DISPATCHED, ENDS, before) is None


def nobody_left(build: Builder, unit: str = UNIT) -> None:
    """Every account of the unit is disabled."""
    with build.app_context.transaction(NOW) as ctx:
        for staff in list(ctx.session.scalars(select(Staff).where(Staff.unit.has(code=unit)))):
            accounts.disable(ctx, staff.username)


def take(call: Calls, frozen: Any, number: str, action: Action, unit: str) -> None:
    step = WAYS[action]
    frozen.tick(timedelta(days=step.days, minutes=1))
    for who, path, body in step.before:
        call.ok(who, "POST", f"/tickets/{number}/{path}", {**body, **({"unit": unit} if "unit" in body else {})})
    body = {**step.body, **({"unit": unit} if "unit" in step.body else {})}
    call.ok(step.who, "POST", f"/tickets/{number}/actions/{action}", body)


def go(call: Calls, frozen: Any, number: str, ends: frozenset[State], unit: str = OTHER_UNIT) -> Any:
    """Take the centre's shortest way through the API, and return the file."""
    state = State(call.ok("supervisor", "GET", f"/tickets/{number}")["state"])
    for action in way(state, ends) or ():
        take(call, frozen, number, action, unit)
    return call.ok("supervisor", "GET", f"/tickets/{number}")


WHERE_TO = [*((state, OTHER_UNIT) for state in NOT_FINAL), (State.DISPATCHED, EMPTY), (State.SUSPENDED, EMPTY)]


@pytest.mark.parametrize(("state", "unit"), WHERE_TO)
def test_it_is_brought_to_any_unit_and_from_there_to_an_end(
    state: State, unit: str, build: Builder, call: Calls
) -> None:
    with freeze_time(NOW) as frozen:
        number = build.anywhere(str(state), NOW)
        nobody_left(build)
        assert go(call, frozen, number, frozenset({State.ACCEPTED}), unit)["state"] == "accepted"
        take(call, frozen, number, Action.DISPATCH, unit)
        file = call.ok("supervisor", "GET", f"/tickets/{number}")
        assert (file["state"], file["lead_unit"]["code"]) == ("dispatched", unit)
        assert State(go(call, frozen, number, ENDS)["state"]) in ENDS


@pytest.mark.parametrize("state", NOT_FINAL)
def test_it_is_brought_to_an_end_from_where_it_lies(state: State, build: Builder, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        number = build.anywhere(str(state), NOW)
        nobody_left(build)
        assert State(go(call, frozen, number, ENDS)["state"]) in ENDS


ASKED = {
    RequestKind.RETURN: {"code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": "housing"},
    RequestKind.REASSIGN: {"suggested_unit": "housing"},
    RequestKind.TERMINATE: {"code": "court", "path": "请向法院"},
    RequestKind.SUSPENSION: {"code": "court", "until": datetime(2026, 3, 20).date()},
}


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("who", ["handler", "leader"])
def test_what_the_unit_had_asked_for_holds_nobody_up(kind: RequestKind, who: str, build: Builder, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        number = build.ticket("dispatched" if kind is RequestKind.RETURN else "handling", NOW)
        asking = requests.Asking(kind, "理由", **ASKED[kind])  # type: ignore[arg-type]
        build.do(who, requests.ask, number, asking, now=NOW)
        nobody_left(build)
        assert go(call, frozen, number, frozenset({State.ACCEPTED}))["state"] == "accepted"
        take(call, frozen, number, Action.DISPATCH, OTHER_UNIT)


def test_nor_does_the_task_of_an_empty_unit(build: Builder, call: Calls) -> None:
    with freeze_time(NOW):
        number = build.ticket("handling", NOW)
        build.do("supervisor", assisting.add_assist, number, assisting.AssistGiven(EMPTY, "提供材料"), now=NOW)
        (task,) = call.ok("supervisor", "GET", f"/tickets/{number}")["assists"]
        assert task["may_waive"]
        call.ok("dispatcher", "POST", f"/tickets/{number}/assists/{task['id']}/waive", {"text": "无人办理"})


def row_of(build: Builder, table: Any, number: str) -> Any:
    with build.app_context.snapshot() as ctx:
        query = select(table).join(Ticket, Ticket.id == table.ticket_id).where(Ticket.number == number)
        return ctx.session.scalars(query.order_by(table.id.desc())).first()


def ordered(build: Builder, number: str) -> supervision.OrderStep:
    build.do("supervisor", supervision.place, number, supervision.Placing("请抓紧"), now=NOW)
    return supervision.OrderStep(row_of(build, Order, number).number, "无人能够回复")


def test_an_order_that_nobody_can_answer_is_closed_without_an_answer(build: Builder, call: Calls) -> None:
    number = build.ticket("handling", NOW)
    step = ordered(build, number)
    with pytest.raises(ConditionUnmet):
        build.do("supervisor", supervision.close, number, step, now=NOW)
    nobody_left(build)
    with freeze_time(NOW):
        (order,) = call.ok("supervisor", "GET", f"/tickets/{number}")["orders"]
        assert order["unanswerable"] is True
    with pytest.raises(ConditionUnmet):
        build.do("second_supervisor", supervision.close, number, step, now=NOW)
    build.do("supervisor", supervision.close, number, step, now=NOW)
    assert row_of(build, Order, number).state is OrderState.CLOSED


def test_an_issuer_who_supervises_no_more_is_no_obstacle(build: Builder) -> None:
    number = build.ticket("handling", NOW)
    step = ordered(build, number)
    build.do("leader", supervision.reply, number, step, now=NOW)
    with build.app_context.transaction(NOW) as ctx:
        accounts.disable(ctx, "supervisor")
    build.do("second_supervisor", supervision.close, number, step, now=NOW)
    assert row_of(build, Order, number).state is OrderState.CLOSED


def test_a_unit_from_which_it_was_taken_still_answers_its_order(build: Builder, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        number = build.ticket("handling", NOW)
        step = ordered(build, number)
        go(call, frozen, number, frozenset({State.ACCEPTED}))
        path = f"/tickets/{number}/orders/{step.order}/actions/reply"
        assert call.ok("leader", "GET", f"/tickets/{number}")["orders"][0]["state"] == "issued"
        call.ok("leader", "POST", path, {"text": "已经说明"})
        call.refused("leader", "GET", f"/tickets/{number}", 404)


def badly_rated(build: Builder, number: str) -> str:
    given = rating.RatingGiven(Satisfaction.DISSATISFIED, ("too_slow",))
    with build.app_context.transaction(NOW) as ctx:
        ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        rating.rate(ctx.by(Actor("企业", ticket_id=ticket.id)), number, given)
    case = row_of(build, Rectification, number).number
    verified = rectification.Verification(Finding.TRUE, "属实")
    build.do("second_reviewer", rectification.verify, case, verified, now=NOW)
    return str(case)


def archived(build: Builder, number: str) -> bool:
    archive.run(Run(build.app_context, NOW + timedelta(days=120)))
    with build.app_context.snapshot() as ctx:
        return ctx.session.scalars(select(Ticket.state).where(Ticket.number == number)).one() is State.ARCHIVED


def test_a_case_that_only_an_empty_unit_would_mend_is_mended_by_a_supervisor(build: Builder) -> None:
    number = build.ticket("closed", NOW)
    case = badly_rated(build, number)
    attach = partial(attachments.attach, store=build.app_context.store, scanner=None)
    file = build.do("supervisor", attach, number, attachments.Upload("证明.pdf", PDF), now=NOW)
    mending = rectification.Mending("中心约谈并督促整改", "已向企业说明", (file.id,))
    with pytest.raises(RoleMissing):
        build.do("supervisor", rectification.mend, case, mending, now=NOW)
    nobody_left(build)
    build.do("supervisor", rectification.mend, case, mending, now=NOW)
    build.do("second_reviewer", rectification.recheck, case, rectification.Recheck(True, "已整改"), now=NOW)
    build.do("second_supervisor", rectification.confirm, case, rectification.Words("销号"), now=NOW)
    assert row_of(build, Rectification, number).state is RectificationState.CLOSED
    assert archived(build, number)
    assert set(CASES) == {"verify", "appeal", "rule", "mend", "recheck", "confirm"}


def promised(build: Builder) -> str:
    """A closed ticket with a promise that is tracked."""
    number = build.ticket("handling", NOW)
    until = datetime(2026, 3, 20).date()
    build.do("leader", requests.ask, number, requests.Asking(RequestKind.PROMISED, "分期退还", until=until), now=NOW)
    with build.app_context.snapshot() as ctx:
        (request,) = ctx.session.scalars(select(Request))
    build.do("supervisor", requests.decide, number, requests.Decision(request.id, True, "同意"), now=NOW)
    build.do("handler", handling.record_contact, number, handling.ContactReport("已电话联系"), now=NOW)
    build.do("leader", handling.submit_result, number, handling.ResultGiven(ResultKind.PROMISED, "分期退还。"), now=NOW)
    build.do("reviewer", review.audit_pass, number, review.Passing(), now=NOW)
    answer = call_back.Answer(True, True, Solved.SOLVED, Satisfaction.SATISFIED)
    build.do("reviewer", call_back.record_call_back, number, answer, now=NOW)
    build.do("reviewer", call_back.close, number, call_back.Closing(Outcome.TRACKED), now=NOW)
    return number


def test_a_promise_of_an_empty_unit_is_reported_by_a_supervisor_and_checked(build: Builder) -> None:
    number = promised(build)
    words = tracking.TrackWords(row_of(build, TrackedItem, number).id, "经核实已退还")
    with pytest.raises(Refusal):
        build.do("supervisor", tracking.report, number, words, now=NOW)
    nobody_left(build)
    build.do("supervisor", tracking.report, number, words, now=NOW)
    check = tracking.TrackCheck(words.item, True, "企业确认", done=True)
    build.do("reviewer", tracking.check, number, check, now=NOW)
    assert row_of(build, TrackedItem, number).state is TrackState.STRUCK_OFF
    assert archived(build, number)
