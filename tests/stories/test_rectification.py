"""The story of a bad rating: verified, appealed against in vain, mended late, failed, ordered, mended again, confirmed."""

from datetime import datetime
from io import BytesIO
from typing import Any

from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.jobs import escalate
from hotline.jobs.run import Run
from tests.support.build import Builder
from tests.support.calls import Calls


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def stations(case: dict[str, Any]) -> list[bool]:
    return [station["at"] is not None for station in case["stations"]]


def proof(call: Calls, number: str) -> int:
    headers = {"Authorization": f"Bearer {call.cast.tokens['leader']}"}
    data = {"file": (BytesIO(b"%PDF-1.7\n" + str(clock.now()).encode()), "整改证明.pdf")}
    answer = call.client.post(f"/api/v1/tickets/{number}/attachments", data=data, headers=headers)
    assert answer.status_code == 201
    return int(answer.get_json()["id"])


def rated_badly(call: Calls, build: Builder) -> tuple[str, str, dict[str, Any]]:
    number = build.ticket("closed", clock.now())
    assert build.logged is not None
    code = build.logged.query_code
    bad = {"code": code, "level": "very_dissatisfied", "reasons": ["shirking"], "remark": "推诿"}
    call.ok(None, "POST", f"/public/tickets/{number}/ratings", bad)
    (case,) = call.ok("supervisor", "GET", f"/tickets/{number}")["rectifications"]
    return number, code, case


def test_the_loop_closes_and_not_before(call: Calls, build: Builder, app_context: AppContext) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        number, code, case = rated_badly(call, build)
        path = f"/rectifications/{case['number']}/actions"
        assert stations(case) == [True, False, False, False, False]

        # Nobody goes ahead of the verification, and the unit does not verify itself.
        words = {"text": "说明"}
        mending = {"measures": "已重新培训", "feedback": "已向企业致歉并说明", "proof": [1]}
        call.refused("leader", "POST", f"{path}/mend", 409, mending)
        call.refused("leader", "POST", f"{path}/verify", 403, {"finding": "untrue", "text": "不属实"})
        call.refused("other_leader", "POST", f"{path}/appeal", 404, words)
        file = call.ok("reviewer", "POST", f"{path}/verify", {"finding": "true", "text": "确有推诿"})
        assert [c["due_at"] for c in file["clocks"] if c["kind"] == "rectify"] == ["2026-12-01T17:30:00+08:00"]

        # An appeal moves no due, and is not ruled on by whoever verified.
        frozen.move_to(at("2026-11-26T10:00:00"))
        call.ok("leader", "POST", f"{path}/appeal", {"text": "窗口有录像为证"})
        call.refused("leader", "POST", f"{path}/rule", 403, {"upheld": True, "text": "成立"})
        frozen.move_to(at("2026-11-27T10:00:00"))
        call.ok("supervisor", "POST", f"{path}/rule", {"upheld": False, "text": "录像不能证明"})
        call.refused("leader", "POST", f"{path}/appeal", 409, words)

        # Late: the ladder climbs to an order, and no mending is taken without proof.
        frozen.move_to(at("2026-12-03T18:00:00"))
        escalate.run(Run(app_context, clock.now()))
        file = call.ok("supervisor", "GET", f"/tickets/{number}")
        (rectify,) = [c for c in file["clocks"] if c["kind"] == "rectify"]
        assert (rectify["step"], rectify["due_at"]) == (3, "2026-12-01T17:30:00+08:00")
        (order,) = file["orders"]
        reason = {"text": "请说明"}
        call.ok("supervisor", "POST", f"/tickets/{number}/orders/{order['number']}/actions/decline", reason)
        call.refused("leader", "POST", f"{path}/mend", 422, {**mending, "proof": []})
        call.refused("leader", "POST", f"{path}/mend", 422, {**mending, "proof": [999]})
        mending["proof"] = [proof(call, number)]
        call.ok("leader", "POST", f"{path}/mend", mending)
        call.refused("supervisor", "POST", f"{path}/confirm", 409, words)

        # The re-check fails: again, with an order.
        frozen.move_to(at("2026-12-04T10:00:00"))
        file = call.ok("reviewer", "POST", f"{path}/recheck", {"passed": False, "text": "企业仍不满意"})
        (case,) = file["rectifications"]
        assert (case["state"], case["round"], stations(case)) == ("rectifying", 2, [True, True, False, False, False])
        orders = call.ok("supervisor", "GET", f"/tickets/{number}")["orders"]
        assert [row["state"] for row in orders] == ["declined", "draft"]

        mending["proof"] = [proof(call, number)]
        call.ok("leader", "POST", f"{path}/mend", mending)
        call.ok("reviewer", "POST", f"{path}/recheck", {"passed": True, "text": "企业表示认可"})
        call.refused("reviewer", "POST", f"{path}/confirm", 403, words)
        file = call.ok("supervisor", "POST", f"{path}/confirm", {"text": "同意销号"})
        (case,) = file["rectifications"]
        assert (case["state"], stations(case)) == ("closed", [True] * 5)
        assert not any(c["running"] for c in file["clocks"] if c["kind"] in ("verify", "rectify", "recheck", "appeal"))
        seen = call.ok(None, "GET", f"/public/tickets/{number}?code={code}")
        assert seen["timeline"][-1]["sentence"] == "差评整改已完成：已向企业致歉并说明"


def test_an_upheld_appeal_ends_the_case_and_keeps_the_rating(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        _, _, case = rated_badly(call, build)
        path = f"/rectifications/{case['number']}/actions"
        call.ok("reviewer", "POST", f"{path}/verify", {"finding": "mistaken", "text": "企业说点错了"})
        frozen.move_to(at("2026-11-27T17:31:00"))
        assert call.refused("leader", "POST", f"{path}/appeal", 409, {"text": "误评"})["code"] == "window-closed"
        frozen.move_to(at("2026-11-27T17:00:00"))
        call.ok("leader", "POST", f"{path}/appeal", {"text": "误评"})
        file = call.ok("supervisor", "POST", f"{path}/rule", {"upheld": True, "text": "确系误评"})
        (case,) = file["rectifications"]
        assert (case["state"], case["upheld"]) == ("closed", True)
        assert [row["level"] for row in file["ratings"]] == ["very_dissatisfied"]
        assert not any(c["running"] for c in file["clocks"] if c["kind"] in ("rectify", "appeal"))


def test_a_round_that_is_reworked_and_badly_rated_is_mended_by_the_rework(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T09:00:00")):
        number = build.ticket("calling_back", clock.now())
        assert build.logged is not None
        bad = {"code": build.logged.query_code, "level": "dissatisfied", "reasons": ["not_solved"]}
        call.ok(None, "POST", f"/public/tickets/{number}/ratings", bad)
        said = {"connected": True, "solved": "unsolved", "satisfaction": "dissatisfied"}
        call.ok("reviewer", "POST", f"/tickets/{number}/call-backs", said)
        file = call.ok("reviewer", "POST", f"/tickets/{number}/actions/rework", {"reason": "请落实"})
        (case,) = file["rectifications"]
        assert (case["state"], case["finding"], case["verification"]) == ("rectifying", "true", "请落实")
        dues = {c["kind"]: c["due_at"] for c in file["clocks"] if c["running"]}
        assert dues == {"handle": "2026-12-01T17:30:00+08:00", "rectify": "2026-12-01T17:30:00+08:00"}


def test_what_was_found_true_may_be_reopened_after_the_window(
    call: Calls, build: Builder, app_context: AppContext
) -> None:
    with freeze_time(at("2026-09-01T09:00:00")) as frozen:
        number, _, case = rated_badly(call, build)
        other = build.ticket("closed", clock.now())
        finding = {"finding": "partly", "text": "部分属实"}
        call.ok("reviewer", "POST", f"/rectifications/{case['number']}/actions/verify", finding)
        frozen.move_to(at("2026-11-24T09:00:00"))
        facts = {"facts": "核实属实"}
        call.refused("supervisor", "POST", f"/tickets/{other}/actions/reopen", 409, facts)
        file = call.ok("supervisor", "POST", f"/tickets/{number}/actions/reopen", facts)
        assert (file["state"], file["round"]) == ("handling", 2)
