"""The story of a merged repeat, through HTTP, and of two merges that meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.models.tickets.tickets import Ticket
from tests.support.calls import Calls
from tests.support.cast import Cast

CALL = {
    "title": "招标保证金迟迟不退",
    "content": "项目结束三个月，保证金一直没有退还。",
    "type": "complaint",
    "category": "licensing-delay",
    "difficulty": "ordinary",
    "enterprise": {"name": "襄阳某某机械有限公司"},
    "contact": {"name": "王小明", "phone": "13812345678"},
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_a_repeat_becomes_a_reminder_and_can_become_itself_again(call: Calls) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        master = call.ok("operator", "POST", "/tickets", CALL)["number"]
        call.ok("dispatcher", "POST", f"/tickets/{master}/actions/dispatch", {"unit": "market-supervision"})
        frozen.move_to(at("2026-11-25T09:00:00"))
        asked = call.ok("operator", "GET", "/suggestions?text=保证金还没有退&phone=13812345678")
        assert [(row["number"], row["same_enterprise"]) for row in asked["repeats"]] == [(master, True)]

        logged = call.ok("operator", "POST", "/tickets", {**CALL, "content": "保证金还没有退，再催一次。"})
        repeat, code = logged["number"], logged["query_code"]
        call.refused("outsourced", "POST", f"/tickets/{repeat}/actions/merge", 403, {"master": master})
        call.refused("operator", "POST", f"/tickets/{repeat}/actions/merge", 422, {"master": repeat})
        file = call.ok("operator", "POST", f"/tickets/{repeat}/actions/merge", {"master": master})
        assert (file["state"], file["merged_into"]) == ("merged", master)
        assert not any(clock["running"] for clock in file["clocks"])
        seen = call.ok(None, "GET", f"/public/tickets/{repeat}?code={code}")
        assert (seen["status"], seen["master"]) == ("已并入其他工单", master)
        file = call.ok("handler", "GET", f"/tickets/{master}")
        assert [row["repeat"] for row in file["reminders"]] == [True]
        assert "已并入" not in file["state_label"] and file["repeats"] == [repeat]
        told = [row["text"] for row in call.ok("handler", "GET", "/notices")["items"]]
        assert "企业催办" in told

        # The same enterprise reminds by itself: once a working day.
        lookup = f"/public/tickets/{master}/actions/remind"
        call.refused(None, "POST", lookup, 404, {"code": code})
        frozen.move_to(at("2026-11-26T10:00:00"))
        call.refused("operator", "POST", f"/tickets/{master}/actions/merge", 403, {"master": repeat})
        problem = call.refused("supervisor", "POST", f"/tickets/{master}/actions/merge", 409, {"master": repeat})
        assert problem["code"] == "condition-unmet", "what is merged is no master: no ring can be closed"
        file = call.ok("supervisor", "POST", f"/tickets/{repeat}/actions/unmerge", {"reason": "不是同一事项"})
        assert file["state"] == "submitted"
        accept = next(clock for clock in file["clocks"] if clock["running"])
        assert (accept["kind"], accept["started_at"]) == ("accept", "2026-11-25T09:00:00+08:00")
        assert call.ok("handler", "GET", f"/tickets/{master}")["reminders"] == []


def test_an_enterprise_reminds_once_a_working_day(call: Calls) -> None:
    with freeze_time(at("2026-11-27T16:00:00")) as frozen:
        logged = call.ok("operator", "POST", "/tickets", CALL)
        path = f"/public/tickets/{logged['number']}/actions/remind"
        body = {"code": logged["query_code"], "text": "请尽快"}
        call.ok(None, "POST", path, body)
        call.refused(None, "POST", path, 409, body)
        # Saturday counts for Monday, and so does Sunday.
        frozen.move_to(at("2026-11-28T10:00:00"))
        call.ok(None, "POST", path, body)
        frozen.move_to(at("2026-11-29T10:00:00"))
        call.refused(None, "POST", path, 409, body)
        frozen.move_to(at("2026-12-01T10:00:00"))
        call.ok(None, "POST", path, body)


def test_nothing_is_merged_that_is_not_the_same(call: Calls) -> None:
    first = call.ok("operator", "POST", "/tickets", CALL)["number"]
    stranger = {**CALL, "enterprise": {"name": "别的公司"}, "contact": {"phone": "13900000000"}}
    other = call.ok("operator", "POST", "/tickets", stranger)["number"]
    problem = call.refused("operator", "POST", f"/tickets/{other}/actions/merge", 409, {"master": first})
    assert problem["detail"].startswith("两张工单不是同一家企业的诉求，不能并单，")
    secret = call.ok("operator", "POST", "/tickets", {**CALL, "confidential": True})["number"]
    problem = call.refused("operator", "POST", f"/tickets/{secret}/actions/merge", 409, {"master": first})
    assert problem["detail"].startswith("保密、匿名的诉求不能并入公开的工单，")


def test_of_two_merges_in_opposite_directions_one_is_left(
    app: Flask, call: Calls, cast: Cast, app_context: AppContext
) -> None:
    for _ in range(5):
        one, other = (call.ok("operator", "POST", "/tickets", CALL)["number"] for _ in range(2))

        def merge(pair: tuple[str, str]) -> int:
            answer = Calls(app, cast)("operator", "POST", f"/tickets/{pair[0]}/actions/merge", {"master": pair[1]})
            return answer.status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(merge, [(one, other), (other, one)])) == [200, 409]
        with app_context.snapshot() as ctx:
            query = select(Ticket.state).where(Ticket.number.in_([one, other]))
            assert sorted(ctx.session.scalars(query)) == ["accepted", "merged"]


def test_a_third_repeat_drafts_an_order(call: Calls) -> None:
    master = call.ok("operator", "POST", "/tickets", CALL)["number"]
    call.ok("dispatcher", "POST", f"/tickets/{master}/actions/dispatch", {"unit": "market-supervision"})
    orders: list[Any] = []
    for _ in range(3):
        assert orders == []
        repeat = call.ok("operator", "POST", "/tickets", CALL)["number"]
        call.ok("operator", "POST", f"/tickets/{repeat}/actions/merge", {"master": master})
        orders = call.ok("supervisor", "GET", f"/tickets/{master}")["orders"]
    assert [order["state"] for order in orders] == ["draft"]
