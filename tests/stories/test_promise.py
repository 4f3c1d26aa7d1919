"""The story of a promise: asked for, consented to, tracked beside the closed ticket, reported, asked about, struck off."""

import re
from datetime import datetime

from flask import Flask
from freezegun import freeze_time

from hotline import clock
from tests.pages.test_pages import Browser
from tests.support.build import Builder
from tests.support.calls import Calls


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


RESULT = {"kind": "promised", "reply": "12月18日前完成接电，此为阶段性答复。"}
ANSWER = {"connected": True, "contacted_by_unit": True, "solved": "unsolved", "satisfaction": "satisfied"}


def test_a_promise_is_kept_in_view_until_it_is_done(app: Flask, call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")) as frozen:
        number = build.ticket("handling", clock.now())
        assert build.logged is not None
        file, path = f"/tickets/{number}", f"/tickets/{number}"
        call.ok("handler", "POST", f"{path}/actions/record_contact", {"summary": "电话"})
        call.refused("leader", "POST", f"{path}/actions/submit_result", 409, RESULT)
        leader, supervisor = Browser(app, "leader"), Browser(app, "supervisor")
        asked = {"kind": "promised", "until": "2026-12-18", "reason": "需要施工"}
        assert "申请承诺限期解决" in leader.get(file).text
        wrong = leader.post(f"{file}/do/request", {**asked, "until": "2026-11-20"}, page=file)
        assert wrong.status_code == 422 and "日期应在今后60个工作日之内" in wrong.text
        assert leader.post(f"{file}/do/request", asked, page=file).status_code == 302
        action = re.search(rf'action="({file}/requests/\d+/decision)"', supervisor.get(file).text)
        assert action is not None
        assert supervisor.post(action.group(1), {"approve": "true", "reason": "同意"}, page=file).status_code == 302
        assert leader.post(f"{file}/do/submit_result", RESULT, page=file).status_code == 302

        frozen.move_to(at("2026-11-25T10:00:00"))
        shown = call.ok("reviewer", "POST", f"{path}/actions/audit_pass", {})
        (item,) = shown["tracked"]
        assert (item["state"], item["promised_on"], item["steps"]) == ("open", "2026-12-18", [])
        seen = call.ok(None, "GET", f"/public{path}?code={build.logged.query_code}")
        assert seen["reply"] == RESULT["reply"]
        assert seen["timeline"][-1]["sentence"] == "承诺限期解决：2026-12-18前，已挂账跟踪"
        call.ok("reviewer", "POST", f"{path}/call-backs", ANSWER)
        call.refused("reviewer", "POST", f"{path}/actions/close", 409, {"outcome": "solved"})
        assert call.ok("reviewer", "POST", f"{path}/actions/close", {"outcome": "tracked"})["state"] == "closed"

        frozen.move_to(at("2026-12-14T10:00:00"))
        handler, leader = Browser(app, "handler"), Browser(app, "leader")
        reviewer, supervisor = Browser(app, "reviewer"), Browser(app, "supervisor")
        for browser, address in ((handler, "/unit"), (supervisor, "/tracked")):
            assert "挂账事项（1）" in browser.get(address).text and number in browser.get(address).text
        step = f"{file}/tracked/{item['id']}"
        assert handler.post(f"{step}/note", {"text": "电缆已敷设"}, page=file).status_code == 302
        assert leader.post(f"{step}/report", {"text": "已接电"}, page=file).status_code == 302
        assert "销账回访" in reviewer.get(file).text and number in reviewer.get("/call-backs").text
        unsaid = reviewer.post(f"{step}/check", {"connected": "true", "text": "电话"}, page=file)
        assert unsaid.status_code == 422 and "已接通，必须填写" in unsaid.text
        sham = {"connected": "true", "done": "true", "untrue": "true", "text": "电话"}
        assert reviewer.post(f"{step}/check", sham, page=file).status_code == 422
        done = {"connected": "true", "done": "true", "text": "企业确认已用电"}
        assert reviewer.post(f"{step}/check", done, page=file).status_code == 302
        assert "已销账" in supervisor.get(file).text and "企业确认已用电" in supervisor.get(file).text
        # The unit reads that it is struck off, not what the centre heard.
        assert "企业确认已用电" not in handler.get(file).text
        assert call.ok("leader", "GET", "/tracked-items")["items"] == []
        assert len(call.ok("leader", "GET", "/tracked-items?state=struck_off&limit=1")["items"]) == 1
        call.refused("leader", "POST", f"{path}/tracked/{item['id']}/actions/report", 409, {"text": "再报"})


def test_the_list_is_paged_by_the_promises(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        for day in ("2026-12-18", "2026-12-11"):
            number = build.ticket("handling", clock.now())
            path = f"/tickets/{number}"
            call.ok("handler", "POST", f"{path}/actions/record_contact", {"summary": "电话"})
            asked = {"kind": "statutory", "body": "樊城区法院", "until": day, "reason": "已立案"}
            call.refused("leader", "POST", f"{path}/requests", 422, {**asked, "body": ""})
            request = call.ok("leader", "POST", f"{path}/requests", asked)["requests"][-1]["id"]
            call.ok("supervisor", "POST", f"{path}/requests/{request}/decision", {"approve": True, "reason": "好"})
            call.ok("leader", "POST", f"{path}/actions/submit_result", {**RESULT, "kind": "statutory"})
            call.ok("reviewer", "POST", f"{path}/actions/audit_pass", {})
        first = call.ok("inspector", "GET", "/tracked-items?limit=1")
        second = call.ok("inspector", "GET", f"/tracked-items?limit=1&cursor={first['next_cursor']}")
        days = [page["items"][0]["promised_on"] for page in (first, second)]
        assert days == ["2026-12-11", "2026-12-18"] and second["next_cursor"] is None
        assert call.ok("other_leader", "GET", "/tracked-items")["items"] == []
