"""Sham finishing: proved by a call, marked for good, shown, counted apart; and what is only promised is not counted as solved."""

from datetime import datetime
from typing import Any

from flask import Flask
from freezegun import freeze_time

from hotline import clock
from tests.pages.test_pages import Browser
from tests.stories.test_rectification import proof, rated_badly
from tests.support.build import Builder
from tests.support.calls import Calls

UNTRUE = {"connected": True, "solved": "unsolved", "satisfaction": "satisfied", "untrue": True, "remark": "现场未动工"}
SOLVED = {"connected": True, "solved": "solved", "satisfaction": "satisfied"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def figures(call: Calls, who: str = "supervisor", by: str = "unit") -> dict[str, Any]:
    found: dict[str, Any] = call.ok(who, "GET", f"/statistics?from=2026-11-01&to=2026-12-31&by={by}")
    return found["total"]


def counted(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["counted"], figure["total"]


def test_a_call_back_that_proves_the_result_untrue_marks_the_round(app: Flask, call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        build.ticket("closed", clock.now())
        number = build.ticket("calling_back", clock.now())
        path = f"/tickets/{number}"
        for wrong, pointer in (
            ({**UNTRUE, "solved": "solved"}, "/untrue"),
            ({**UNTRUE, "remark": ""}, "/remark"),
            ({"connected": False, "untrue": True}, "/untrue"),
        ):
            problem = call.refused("second_reviewer", "POST", f"{path}/call-backs", 422, wrong)
            assert [error["pointer"] for error in problem["errors"]] == [pointer]
        for _ in range(2):
            file = call.ok("second_reviewer", "POST", f"{path}/call-backs", UNTRUE)
        (result,) = file["results"]
        assert result["sham_at"] == "2026-11-24T10:00:00+08:00"
        lines = [
            line for line in call.ok("leader", "GET", f"{path}/timeline")["items"] if line["entry"] == "sham_found"
        ]
        assert [line["sentence"] for line in lines] == ["第1轮办理结果经回访不属实，记虚假办结"]
        told = [notice["text"] for notice in call.ok("leader", "GET", "/notices")["items"]]
        assert "办理结果经回访不属实，记虚假办结" in told
        # On time or late stays as it was decided; the mark is counted apart, and outlives the next round.
        handle = next(c for c in file["clocks"] if c["kind"] == "handle")
        assert handle["late"] is False
        call.ok("second_reviewer", "POST", f"{path}/actions/rework", {"reason": "重新处理"})
        for by in ("unit", "channel", "matter", "month"):
            assert counted(figures(call, by=by)["sham_finishing"]) == (1, 2), by
        assert counted(figures(call, "leader")["sham_finishing"]) == (1, 2)
        assert counted(figures(call, "other_leader")["sham_finishing"]) == (0, 0)
        (row,) = call.ok("inspector", "GET", "/sham-finishings")["items"]
        assert (row["number"], row["round"]) == (number, 1)
        call.refused("leader", "GET", "/sham-finishings", 403)
        supervisor = Browser(app, "supervisor")
        assert number in supervisor.get("/sham-finishings").text
        assert 'data-count="1" href="/sham-finishings?since=' in supervisor.get("/supervision").text
        assert "虚假办结" in supervisor.get(path).text and "虚假办结率" in supervisor.get("/statistics").text


def test_a_re_check_that_proves_it_untrue_marks_it_too(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        number, _, case = rated_badly(call, build)
        assert counted(figures(call)["resolution"]) == (1, 1)
        path = f"/rectifications/{case['number']}/actions"
        call.ok("reviewer", "POST", f"{path}/verify", {"finding": "true", "text": "属实"})
        mending = {"measures": "已改", "feedback": "已说明", "proof": [proof(call, number)]}
        call.ok("leader", "POST", f"{path}/mend", mending)
        wrong = {"passed": True, "untrue": True, "text": "x"}
        assert call.refused("reviewer", "POST", f"{path}/recheck", 422, wrong)["errors"][0]["pointer"] == "/untrue"
        file = call.ok("reviewer", "POST", f"{path}/recheck", {"passed": False, "untrue": True, "text": "未整改"})
        assert file["results"][-1]["sham_at"] is not None
        # What was called solved and is proved untrue is not solved.
        assert counted(figures(call)["resolution"]) == (0, 1)


def test_a_promise_counts_as_solved_only_when_it_is_struck_off(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        build.ticket("closed", clock.now())
        numbers = [build.ticket("handling", clock.now()) for _ in range(2)]
        items = []
        for number, answer, outcome in zip(
            numbers, ({**SOLVED, "solved": "unsolved"}, SOLVED), ("tracked", "solved"), strict=True
        ):
            path = f"/tickets/{number}"
            call.ok("handler", "POST", f"{path}/actions/record_contact", {"summary": "电话"})
            asked = {"kind": "promised", "until": "2026-12-18", "reason": "需要施工"}
            request = call.ok("leader", "POST", f"{path}/requests", asked)["requests"][-1]["id"]
            call.ok("supervisor", "POST", f"{path}/requests/{request}/decision", {"approve": True, "reason": "好"})
            call.ok("leader", "POST", f"{path}/actions/submit_result", {"kind": "promised", "reply": "12月18日前"})
            items.append(call.ok("reviewer", "POST", f"{path}/actions/audit_pass", {})["tracked"][0]["id"])
            call.ok("reviewer", "POST", f"{path}/call-backs", answer)
            call.ok("reviewer", "POST", f"{path}/actions/close", {"outcome": outcome})
        # Neither the promise nor what the enterprise called solved while it is owed.
        assert counted(figures(call)["resolution"]) == (1, 3)
        for number, item in zip(numbers, items, strict=True):
            path = f"/tickets/{number}/tracked/{item}/actions"
            call.ok("leader", "POST", f"{path}/report", {"text": "已完成"})
            call.ok("reviewer", "POST", f"{path}/check", {"connected": True, "done": True, "text": "确认"})
        assert counted(figures(call)["resolution"]) == (3, 3)
