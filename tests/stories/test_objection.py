"""The story of an objection: on the page of the enterprise, on the desks, decided, and the reason told."""

from datetime import datetime

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hotline import clock
from hotline.app_context import AppContext
from hotline.models.messages.notices import Notice
from hotline.queries.timeline_texts import NOTICES
from tests.pages.test_pages import Browser
from tests.support.build import Builder
from tests.support.calls import Calls


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize("upheld", [True, False])
def test_an_enterprise_objects_and_is_told_why(
    app: Flask, call: Calls, build: Builder, app_context: AppContext, upheld: bool
) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        number = build.ticket("closed", clock.now())
        assert build.logged is not None
        proved = {"number": number, "code": build.logged.query_code}
        enterprise, reviewer = Browser(app), Browser(app, "second_reviewer")
        assert "对结果提出异议" in enterprise.post("/look-up", proved, page="/").text
        assert "必须填写" in enterprise.post("/act/object", proved, page="/").text
        seen = enterprise.post("/act/object", {**proved, "text": "我是王小明，没有解决"}, page="/").text
        assert "企业对办理结果提出异议" in seen and "对结果提出异议" not in seen
        assert "待裁定的异议" in Browser(app, "second_reviewer").get("/call-backs").text
        for who in ("second_reviewer", "supervisor"):
            assert number in Browser(app, who).get("/decisions?what=objection").text
        # The unit reads that there is one; the enterprise's own words stay out of the record.
        file = f"/tickets/{number}"
        assert "没有解决" in reviewer.get(file).text and "裁定异议" in reviewer.get(file).text
        leader = call.ok("leader", "GET", file)
        assert [row["may_decide"] for row in leader["objections"]] == [False]
        lines = call.ok("leader", "GET", f"{file}/timeline")["items"]
        assert not any("没有解决" in line["sentence"] for line in lines)
        given = {"upheld": str(upheld).lower(), "reason": "经核实确未解决" if upheld else "已按规定办理"}
        assert reviewer.post(f"{file}/do/decide_objection", given, page=file).status_code == 302
        after = enterprise.post("/look-up", proved, page="/").text
        assert given["reason"] in after and ("办理中" in after) is upheld
    with app_context.snapshot() as ctx:
        query = select(Notice.data).where(Notice.kind == "objection_decided", Notice.contact_id.is_not(None))
        data = ctx.session.scalars(query).one()
    assert NOTICES["objection_decided"](data) == f"您的异议{'成立' if upheld else '不成立'}：{given['reason']}"


def test_the_same_by_the_api_and_on_a_call(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        number = build.anywhere("rejected", clock.now())
        assert build.logged is not None
        path, code = f"/tickets/{number}", build.logged.query_code
        seen = call.ok(None, "GET", f"/public{path}?code={code}")
        assert "object" in seen["may"]
        problem = call.refused(None, "POST", f"/public{path}/actions/object", 422, {"code": code, "text": " "})
        assert problem["errors"][0]["pointer"] == "/text"
        call.refused(None, "POST", f"/public{path}/actions/object", 404, {"code": "AAAAAA", "text": "应当受理"})
        call.ok("operator", "POST", f"{path}/actions/object", {"code": code, "text": "应当受理"})
        again = call.refused(None, "POST", f"/public{path}/actions/object", 409, {"code": code, "text": "应当受理"})
        assert again["code"] == "duplicate"
        assert "object" not in call.ok(None, "GET", f"/public{path}?code={code}")["may"]
        file = call.ok("second_supervisor", "POST", f"{path}/actions/take_up", {"reason": "属于受理范围"})
        assert (file["state"], file["objections"][0]["state"]) == ("submitted", "upheld")
