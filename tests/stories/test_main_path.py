"""The whole story through HTTP, with the clock held still and moved by hand."""

from datetime import datetime
from typing import Any

from freezegun import freeze_time
from sqlalchemy import select

from hotline import clock
from hotline.app_context import AppContext
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.accounts.staff import Staff
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.messages.notices import Notice
from tests.support.calls import Calls

CALL = {
    "title": "营业执照变更被拖延",
    "content": "提交材料后窗口一直不受理，请协调。",
    "type": "complaint",
    "category": "licensing-delay",
    "difficulty": "ordinary",
    "enterprise": {"name": "襄阳某某机械有限公司"},
    "contact": {"name": "王小明", "phone": "13812345678"},
}
RESULT = {"kind": "solved", "reply": "已受理并当日办结变更登记。"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def climb(app_context: AppContext) -> None:
    """Two passes of the ladder: the second must find nothing."""
    escalate.run(Run(app_context, clock.now()))
    assert escalate.run(Run(app_context, clock.now())) == 0


def told(app_context: AppContext, number: str) -> dict[tuple[str, int], set[str]]:
    """(kind of clock, step) -> the people told, once each."""
    query = select(Notice.data, Staff.username).join(Staff, Staff.id == Notice.staff_id)
    found: dict[tuple[str, int], list[str]] = {}
    with app_context.snapshot() as ctx:
        for data, username in ctx.session.execute(query.where(Notice.kind == "escalated").order_by(Notice.id)):
            if data["number"] == number:
                found.setdefault((data["clock"], data["step"]), []).append(username)
    assert all(len(people) == len(set(people)) for people in found.values())
    return {key: set(people) for key, people in found.items()}


def fired(app_context: AppContext, kind: str) -> list[tuple[int, datetime]]:
    query = select(Escalation.step, Escalation.at).join(Clock, Clock.id == Escalation.clock_id)
    with app_context.snapshot() as ctx:
        return [
            (step, when) for step, when in ctx.session.execute(query.where(Clock.kind == kind).order_by(Escalation.id))
        ]


def clock_of(file: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(line for line in file["clocks"] if line["kind"] == kind and line["running"])


def unsigned(call: Calls, app_context: AppContext, number: str, frozen: Any) -> str:
    """The number of the order that the ladder drafts."""
    # Nobody signs. Half of the working time is noon of 10-08 less half an hour; two working hours are left at 15:30.
    for instant in ("2026-10-03T10:00:00", "2026-10-08T11:59:00", "2026-10-08T15:30:00", "2026-10-08T17:29:00"):
        frozen.move_to(at(instant))
        climb(app_context)
    assert [step for step, _ in fired(app_context, "sign")] == [0, 1]
    assert fired(app_context, "sign")[1] == (1, at("2026-10-08T15:30:00"))
    assert told(app_context, number)["sign", 1] == {"handler", "second_handler", "liaison"}

    # The scheduler was off over the red: the next run writes the true instants.
    frozen.move_to(at("2026-10-10T18:00:00"))
    climb(app_context)
    assert fired(app_context, "sign")[2:] == [(2, at("2026-10-08T17:30:00")), (3, at("2026-10-10T17:30:00"))]
    everyone = {"handler", "second_handler", "liaison", "leader"}
    assert told(app_context, number)["sign", 2] == told(app_context, number)["sign", 3] == everyone
    frozen.move_to(at("2026-10-12T08:30:00"))
    (digest,) = call.ok("supervisor", "GET", "/notices")["items"]
    assert (digest["name"], digest["text"]) == ("襄阳市市场监督管理局", "时限督办单1项")
    file = call.ok("supervisor", "GET", f"/tickets/{number}")
    assert file["unsigned_late"] is True
    assert clock_of(file, "handle")["started_at"] == "2026-10-08T17:30:00+08:00"
    assert clock_of(file, "handle")["due_at"] == "2026-10-14T17:30:00+08:00"
    (order,) = file["orders"]
    assert order["state"] == "draft"
    return str(order["number"])


def handled(call: Calls, number: str, order: str, frozen: Any) -> None:
    order_path = f"/tickets/{number}/orders/{order}/actions"
    call.ok("supervisor", "POST", f"{order_path}/issue", {"text": "请立即签收并说明原因。"})
    file = call.ok("handler", "POST", f"/tickets/{number}/actions/sign", {})
    assert file["state"] == "handling"
    assert clock_of(file, "handle")["due_at"] == "2026-10-14T17:30:00+08:00"

    frozen.move_to(at("2026-10-12T10:00:00"))
    call.ok("leader", "POST", f"{order_path}/reply", {"text": "节前人员交接疏漏，已整改。"})
    call.ok("supervisor", "POST", f"{order_path}/close", {"text": "已签收。"})
    call.refused("leader", "POST", f"/tickets/{number}/actions/submit_result", 409, RESULT)
    call.ok("handler", "POST", f"/tickets/{number}/actions/record_contact", {"summary": "电话联系，已说明。"})
    call.ok("handler", "POST", f"/tickets/{number}/actions/draft_result", RESULT)
    call.ok("leader", "POST", f"/tickets/{number}/actions/submit_result", {})
    file = call.ok("reviewer", "POST", f"/tickets/{number}/actions/audit_pass", {})
    handle = next(line for line in file["clocks"] if line["kind"] == "handle")
    assert (handle["late"], handle["met_at"]) == (False, "2026-10-12T10:00:00+08:00")


def called_back(call: Calls, number: str, frozen: Any) -> None:
    for instant in ("2026-10-12T11:00:00", "2026-10-12T16:00:00"):
        frozen.move_to(at(instant))
        call.ok("reviewer", "POST", f"/tickets/{number}/call-backs", {"connected": False})
    call.refused("reviewer", "POST", f"/tickets/{number}/actions/close", 409, {"outcome": "unreachable"})
    frozen.move_to(at("2026-10-13T10:00:00"))
    answer = {"connected": True, "contacted_by_unit": True, "solved": "solved", "satisfaction": "satisfied"}
    call.ok("reviewer", "POST", f"/tickets/{number}/call-backs", answer)
    file = call.ok("reviewer", "POST", f"/tickets/{number}/actions/close", {"outcome": "solved"})
    assert file["state"] == "closed"


def rated_badly(call: Calls, number: str, code: str) -> None:
    seen = call.ok(None, "GET", f"/public/tickets/{number}?code={code}")
    assert (seen["status"], seen["reply"], seen["may_rate"]) == ("已办结", RESULT["reply"], True)
    bad = {"code": code, "level": "dissatisfied", "reasons": ["too_slow"]}
    call.ok(None, "POST", f"/public/tickets/{number}/ratings", bad)
    call.refused(None, "POST", f"/public/tickets/{number}/ratings", 409, bad)
    file = call.ok("supervisor", "GET", f"/tickets/{number}")
    (case,) = file["rectifications"]
    assert case["state"] == "verifying"
    assert clock_of(file, "verify")["due_at"] == "2026-10-15T17:30:00+08:00"


def test_from_the_call_on_the_eve_of_national_day_to_the_rectification(call: Calls, app_context: AppContext) -> None:
    with freeze_time(at("2026-09-30T17:00:00")) as frozen:
        logged = call.ok("operator", "POST", "/tickets", CALL)
        number, code = logged["number"], logged["query_code"]
        assert logged["state"] == "accepted"
        file = call.ok("dispatcher", "POST", f"/tickets/{number}/actions/dispatch", {"unit": "market-supervision"})
        assert clock_of(file, "sign")["due_at"] == "2026-10-08T17:30:00+08:00"
        order = unsigned(call, app_context, number, frozen)
        handled(call, number, order, frozen)
        called_back(call, number, frozen)
        frozen.move_to(at("2026-10-14T09:00:00"))
        rated_badly(call, number, code)
