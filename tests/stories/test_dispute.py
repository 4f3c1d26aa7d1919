"""The story of a dispute: two units push a matter away, a supervisor rules, and the time lies at the right doors."""

from datetime import datetime
from typing import Any

from freezegun import freeze_time

from tests.support.calls import Calls

CALL = {
    "title": "厂房消防验收无人受理",
    "content": "两个部门都说不归自己管。",
    "type": "complaint",
    "category": "licensing-delay",
    "difficulty": "ordinary",
    "enterprise": {"name": "襄阳某某机械有限公司"},
    "contact": {"name": "王小明", "phone": "13812345678"},
}
RETURN = {
    "kind": "return",
    "code": "not_our_duty",
    "legal_ground": "单位三定规定第三条",
    "reason": "不属于本单位职责",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def running(file: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(line for line in file["clocks"] if line["kind"] == kind and line["running"])


def refused_once(call: Calls, path: str, frozen: Any) -> None:
    # The handler writes the return, the leader signs it: only then it is asked, and the signing is met.
    frozen.move_to(at("2026-11-24T15:00:00"))
    file = call.ok("handler", "POST", f"{path}/requests", {**RETURN, "suggested_unit": "tax"})
    (request,) = file["requests"]
    assert (request["state"], request["may_sign"]) == ("drafted", False)
    assert running(file, "sign")["due_at"] == "2026-11-25T17:30:00+08:00"
    signed = {"approve": True, "reason": "情况属实"}
    call.refused("other_leader", "POST", f"{path}/requests/{request['id']}/signature", 404, signed)
    file = call.ok("leader", "POST", f"{path}/requests/{request['id']}/signature", signed)
    assert file["requests"][0]["state"] == "pending"
    assert not any(line["kind"] == "sign" and line["running"] for line in file["clocks"])
    problem = call.refused("leader", "POST", f"{path}/requests", 409, {**RETURN, "suggested_unit": "tax"})
    assert problem["code"] == "duplicate"

    # Refused: the sign due is what it was.
    frozen.move_to(at("2026-11-25T09:00:00"))
    ruling = {"approve": False, "reason": "属于你单位职责"}
    file = call.ok("dispatcher", "POST", f"{path}/requests/{request['id']}/decision", ruling)
    assert running(file, "sign")["due_at"] == "2026-11-25T17:30:00+08:00"


def returned_by_both(call: Calls, path: str, frozen: Any) -> None:
    # Asked again with a better ground, and approved: it goes back to the centre, then to the other unit.
    call.ok("leader", "POST", f"{path}/requests", {**RETURN, "suggested_unit": "tax"})
    frozen.move_to(at("2026-11-25T11:00:00"))
    file = call.ok("dispatcher", "POST", f"{path}/actions/return_approved", {"reason": "同意"})
    assert (file["state"], file["lead_unit"]) == ("accepted", None)
    assert running(file, "dispatch")["due_at"] == "2026-11-25T17:30:00+08:00"
    call.refused("handler", "GET", path, 404)
    call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": "tax"})
    again = {**RETURN, "suggested_unit": "market-supervision"}
    call.ok("other_leader", "POST", f"{path}/requests", again)
    call.ok("supervisor", "POST", f"{path}/actions/return_approved", {"reason": "确不属税务"})


def ruled(call: Calls, path: str) -> None:
    # Two returns: nobody dispatches before the ruling, and then only where it says.
    problem = call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 409, {"unit": "tax"})
    assert problem["detail"].startswith("工单已退过2次，须先由督办员裁定承办单位")
    call.refused(
        "dispatcher", "POST", f"{path}/actions/rule_dispute", 403, {"unit": "market-supervision", "ground": "x"}
    )
    ground = {"unit": "market-supervision", "ground": "按行业主管部门原则"}
    call.ok("supervisor", "POST", f"{path}/actions/rule_dispute", ground)
    call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 422, {"unit": "tax"})
    file = call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": "market-supervision"})
    assert file["no_return"] is True
    problem = call.refused("leader", "POST", f"{path}/requests", 409, {**RETURN, "suggested_unit": "tax"})
    assert problem["detail"].startswith("承办单位已经裁定，不能再退单，")


def time_at_the_doors(call: Calls, path: str) -> None:
    call.ok("handler", "POST", f"{path}/actions/sign", {})
    life = call.ok("supervisor", "GET", f"{path}/time")
    # Working hours from Tue 09:00 to Thu 09:00: 6.5 + 7 + 0.5.
    assert life["working_hours"] == 14.0
    assert sum(door["hours"] for door in life["doors"]) == 14.0
    doors = {door["name"]: door["hours"] for door in life["doors"]}
    # In the end the unit was right: Tue 15:00 to Wed 11:00 is a dispute of the centre's, and so is all that it lay there.
    assert doors["退单争议（热线中心）"] == 5.0
    assert doors["热线中心"] == 4.0
    assert life["rest_hours"] == 48 - 14.0


def test_after_two_returns_a_ruling_binds(call: Calls) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        number = call.ok("operator", "POST", "/tickets", CALL)["number"]
        path = f"/tickets/{number}"
        call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": "market-supervision"})
        refused_once(call, path, frozen)
        returned_by_both(call, path, frozen)
        ruled(call, path)
        frozen.move_to(at("2026-11-26T09:00:00"))
        time_at_the_doors(call, path)


def test_a_second_refused_return_drafts_an_order_and_buys_no_time(call: Calls) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        number = call.ok("operator", "POST", "/tickets", CALL)["number"]
        path = f"/tickets/{number}"
        call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": "market-supervision"})
        for minute in (0, 30):
            frozen.move_to(at(f"2026-11-25T16:{minute:02}:00"))
            call.ok("leader", "POST", f"{path}/requests", {**RETURN, "suggested_unit": "tax"})
            if minute == 0:
                call.ok("dispatcher", "POST", f"{path}/actions/return_refused", {"reason": "不同意"})
        # The centre decides after the sign due: the handling has run since that due all the same.
        frozen.move_to(at("2026-11-26T10:00:00"))
        file = call.ok("dispatcher", "POST", f"{path}/actions/return_refused", {"reason": "不同意"})
        handle = running(file, "handle")
        assert handle["started_at"] == "2026-11-25T17:30:00+08:00"
        assert handle["due_at"] == "2026-12-02T17:30:00+08:00"
        assert [order["state"] for order in call.ok("supervisor", "GET", path)["orders"]] == ["draft"]
        file = call.ok("handler", "POST", f"{path}/actions/sign", {})
        assert running(file, "handle")["due_at"] == "2026-12-02T17:30:00+08:00"
        call.refused("leader", "POST", f"{path}/requests", 409, {**RETURN, "suggested_unit": "tax"})
