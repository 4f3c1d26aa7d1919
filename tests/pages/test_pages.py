"""The pages as people use them: every post carries its token, refusals stand on the page, what was typed is kept."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from werkzeug.test import TestResponse

from hotline import clock
from hotline.app_context import AppContext
from hotline.jobs import escalate
from hotline.jobs.run import Run
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CALL = {
    "title": "企业开办窗口不受理",
    "content": "材料齐全。",
    "type": "complaint",
    "category": "licensing-delay",
    "difficulty": "ordinary",
    "enterprise.name": "襄阳丙丁商贸有限公司",
    "contact.name": "李大力",
    "contact.phone": "13912345678",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


class Browser:
    """A browser without scripts: it reads a page and sends its forms."""

    def __init__(self, app: Flask, who: str | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        if who is not None:
            answer = self.post("/sign-in", {"username": who, "password": PASSWORD}, page="/sign-in")
            assert answer.status_code == 302, answer.text

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, fields: dict[str, Any], *, page: str = "/sign-in") -> TestResponse:
        found = TOKEN.search(self.client.get(page).text)
        assert found, f"{page} has no form"
        return self.client.post(address, data={**fields, "csrf_token": found.group(1)})


def test_a_matter_goes_its_way_through_the_pages_alone(app: Flask) -> None:
    operator = Browser(app, "operator")
    logged = operator.post("/operator", CALL, page="/operator")
    number = re.search(r"QS\d+", logged.text).group()  # type: ignore[union-attr]
    code = re.search(r'class="query-code">(\w+)<', logged.text).group(1)  # type: ignore[union-attr]
    file = f"/tickets/{number}"

    dispatcher = Browser(app, "dispatcher")
    assert "待派单" in dispatcher.get(file).text
    assert dispatcher.post(f"{file}/do/dispatch", {"unit": "market-supervision"}, page=file).status_code == 302
    handler, leader, reviewer = Browser(app, "handler"), Browser(app, "leader"), Browser(app, "reviewer")
    assert number in handler.get("/unit").text
    assert handler.post(f"{file}/do/sign", {}, page=file).status_code == 302
    refused = leader.post(f"{file}/do/submit_result", {"kind": "solved", "reply": "已当场办结"}, page=file)
    assert refused.status_code == 409
    assert "还没有联系企业的记录" in refused.text and "已当场办结" in refused.text
    assert handler.post(f"{file}/do/record_contact", {"summary": "已联系"}, page=file).status_code == 302
    assert leader.post(f"{file}/do/submit_result", {"kind": "solved", "reply": "已办结"}, page=file).status_code == 302
    assert reviewer.post(f"{file}/do/audit_pass", {}, page=file).status_code == 302
    assert number in reviewer.get("/call-backs").text
    answer = {"connected": "true", "solved": "solved", "satisfaction": "satisfied"}
    assert reviewer.post(f"{file}/do/record_call_back", answer, page=file).status_code == 302
    assert reviewer.post(f"{file}/do/close", {"outcome": "solved"}, page=file).status_code == 302

    enterprise = Browser(app)
    seen = enterprise.post("/look-up", {"number": number, "code": code}, page="/")
    assert "已办结" in seen.text and "请您评价" in seen.text
    bad = {"number": number, "code": code, "level": "dissatisfied"}
    assert "请至少选择一个不满意的原因" in enterprise.post("/rate", bad, page="/").text
    rated = enterprise.post("/rate", {**bad, "reasons[]": ["too_slow", "attitude"]}, page="/")
    assert "感谢您的评价" in rated.text
    assert "差评整改" in Browser(app, "supervisor").get("/supervision").text


def test_a_wrong_field_is_named_beside_it_and_the_rest_is_kept(app: Flask) -> None:
    answer = Browser(app, "operator").post("/operator", {**CALL, "contact.phone": "转123"}, page="/operator")
    assert answer.status_code == 422
    assert "电话号码不对" in answer.text
    for typed in ("企业开办窗口不受理", "襄阳丙丁商贸有限公司", "李大力", "转123"):
        assert typed in answer.text


def test_suggestions_are_drawn_while_the_operator_types(app: Flask) -> None:
    operator = Browser(app, "operator")
    fragment = operator.post("/operator/suggestions", {"title": "企业开办要几天"}, page="/operator")
    assert "企业开办" in fragment.text and "<html" not in fragment.text
    whole = operator.post("/operator", {"title": "企业开办要几天", "only": "suggest"}, page="/operator")
    assert "已登记" not in whole.text and "企业开办" in whole.text


def test_an_enterprise_submits_and_looks_up(app: Flask) -> None:
    enterprise = Browser(app)
    fields = {name: value for name, value in CALL.items() if name != "difficulty"}
    done = enterprise.post("/submit", fields, page="/submit")
    assert done.status_code == 201
    number = re.search(r"QS\d+", done.text).group()  # type: ignore[union-attr]
    code = re.search(r'class="query-code">(\w+)<', done.text).group(1)  # type: ignore[union-attr]
    assert "已提交" in enterprise.post("/look-up", {"number": number, "code": code}, page="/").text
    assert enterprise.post("/look-up", {"number": number, "code": "AAAAAA"}, page="/").status_code == 404
    assert enterprise.post("/submit", {**fields, "contact.phone": ""}, page="/submit").status_code == 422


@pytest.mark.parametrize("address", ["/operator", "/look-up", "/rate", "/submit", "/sign-in", "/sign-out"])
def test_a_post_without_the_page_s_token_does_nothing(app: Flask, address: str) -> None:
    browser = Browser(app, "operator")
    answer = browser.client.post(address, data=CALL)
    assert answer.status_code == 400
    assert "页面已过期" in answer.text


def test_a_get_rates_nothing_and_a_cookie_opens_no_api(app: Flask, build: Builder) -> None:
    number = build.ticket("closed", clock.now())
    browser = Browser(app, "operator")
    assert browser.get("/rate").status_code == 405
    assert browser.get(f"/api/v1/tickets/{number}").status_code == 401


def test_signing_in_leads_to_this_site_only_and_out_again(app: Flask) -> None:
    browser = Browser(app)
    wrong = browser.post("/sign-in", {"username": "operator", "password": "wrong password"})
    assert wrong.status_code == 401 and "账号或密码不对" in wrong.text and "wrong password" not in wrong.text
    for target, leads_to in (("//evil.example", "/desk"), ("https://evil.example", "/desk"), ("/tickets", "/tickets")):
        fields = {"username": "operator", "password": PASSWORD, "next": target}
        assert Browser(app).post("/sign-in", fields).location == leads_to
    inside = Browser(app, "operator")
    assert inside.get("/tickets").status_code == 200
    inside.post("/sign-out", {}, page="/operator")
    assert inside.get("/tickets").status_code == 302


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("operator", "/operator"),
        ("dispatcher", "/dispatch"),
        ("handler", "/unit"),
        ("reviewer", "/call-backs"),
        ("supervisor", "/supervision"),
        ("inspector", "/supervision"),
        ("editor", "/editing"),
        ("administrator", "/admin"),
    ],
)
def test_everybody_begins_at_the_desk_that_is_theirs(app: Flask, who: str, where: str) -> None:
    assert Browser(app, who).get("/desk").location == where


def test_a_refused_look_up_says_its_sentence_once(app: Flask) -> None:
    refused = Browser(app).post("/look-up", {"number": "QS20260101000001", "code": "AAAAAA"}, page="/")
    assert refused.text.count("工单编号或查询码不对") == 1


def test_what_is_late_by_hours_is_not_late_by_a_day(app: Flask, build: Builder) -> None:
    """The due was Wednesday's close of business; on Thursday morning no working day has passed, and at its close one has."""
    number = build.ticket("dispatched", at("2026-11-24T10:00:00"))
    for now, said in (("2026-11-26T09:00:00", "已超30分钟"), ("2026-11-26T17:30:00", "已超1个工作日")):
        with freeze_time(at(now)):
            supervisor = Browser(app, "supervisor")
            file, page = supervisor.get(f"/tickets/{number}").text, supervisor.get("/overdue").text
            wall = supervisor.get("/supervision").text
        assert f">{said}</span>" in file and f">{said}</span>" in page
        assert 'data-count="1" href="/overdue?when=late"' in wall and "已超期1项" in wall


def test_each_clock_opens_to_why_it_is_due(app: Flask, build: Builder, call: Calls) -> None:
    number = build.ticket("handling", clock.now())
    clocks = call.ok("handler", "GET", f"/tickets/{number}")["clocks"]
    handler = Browser(app, "handler")
    assert f"/clocks/{clocks[0]['id']}" in handler.get(f"/tickets/{number}").text
    for line in clocks:
        assert "逐日计算" in handler.get(f"/clocks/{line['id']}").text
    assert Browser(app, "other_handler").get(f"/clocks/{clocks[0]['id']}").status_code == 404


def test_another_unit_s_file_is_not_there(app: Flask, build: Builder) -> None:
    number = build.ticket("handling", clock.now())
    browser = Browser(app, "other_handler")
    assert browser.get(f"/tickets/{number}").status_code == 404
    assert number not in browser.get("/unit").text + browser.get("/tickets?sort=-received").text
    assert browser.post(f"/tickets/{number}/do/add_note", {"text": "x"}, page="/unit").status_code == 404


def test_what_a_caller_says_is_never_markup(app: Flask) -> None:
    operator = Browser(app, "operator")
    evil = {**CALL, "title": "<script>alert(1)</script>", "content": "<img src=x onerror=alert(1)>"}
    logged = operator.post("/operator", evil, page="/operator")
    number = re.search(r"QS\d+", logged.text).group()  # type: ignore[union-attr]
    for page in (f"/tickets/{number}", "/tickets"):
        text = operator.get(page).text
        assert "<script>alert" not in text and "<img src=x" not in text
        assert (
            operator.get(page)
            .headers["Content-Security-Policy"]
            .startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        )


def test_a_silent_job_shows_on_the_supervisors_page(app: Flask) -> None:
    assert "调度进程从未运行" in Browser(app, "supervisor").get("/supervision").text


def test_an_unknown_page_says_so_in_chinese(app: Flask) -> None:
    answer = Browser(app).get("/no/such/page")
    assert answer.status_code == 404 and "没有这个页面" in answer.text


def test_the_documents_of_the_api_are_local(app: Flask) -> None:
    spec = app.test_client().get("/api/v1/openapi.json").get_json()
    assert spec["openapi"].startswith("3.1")
    assert "/api/v1/tickets" in spec["paths"] and "/api/v1/tickets/{number}/actions/sign" in spec["paths"]
    assert "/api/v1/tickets" in app.test_client().get("/api/v1/docs").text


def test_pressing_twice_logs_once(app: Flask, call: Calls) -> None:
    operator = Browser(app, "operator")
    page = operator.get("/operator").text
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page).group(1) for name in ("csrf_token", "once")}  # type: ignore[union-attr]
    pages = [operator.client.post("/operator", data={**CALL, **hidden}).text for _ in range(2)]
    codes = [re.search(r'class="query-code">(\w+)<', page).group(1) for page in pages]  # type: ignore[union-attr]
    assert codes[0] == codes[1]
    assert len(call.ok("operator", "GET", "/tickets?sort=-received")["items"]) == 1


def test_what_was_told_is_read_and_goes_away(app: Flask, build: Builder, call: Calls) -> None:
    number = build.ticket("dispatched", clock.now() - timedelta(days=15))
    handler = Browser(app, "handler")
    told = call.ok("handler", "GET", "/notices")["items"]
    assert [line["number"] for line in told] == [number]
    assert handler.post("/notices/read", {"last": told[0]["id"]}, page="/unit").status_code == 302
    assert call.ok("handler", "GET", "/notices")["items"] == []
    assert call.ok("leader", "GET", "/notices")["items"] != []


def test_a_unit_sees_no_drafts_of_orders_to_it(app: Flask, build: Builder, app_context: AppContext) -> None:
    build.ticket("dispatched", clock.now() - timedelta(days=30))
    escalate.run(Run(app_context, clock.now()))
    assert "DB2" in Browser(app, "supervisor").get("/decisions?what=order").text
    assert "DB2" not in Browser(app, "leader").get("/unit").text
