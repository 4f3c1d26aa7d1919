"""The legal-service zone: what is asked of it goes to the justice bureau, is answered there, and seen by no other unit."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.accounts import accounts
from hotline.casework.knowledge.article_files import load_all
from hotline.models.accounts.units import Category, Unit
from hotline.models.tickets.tickets import Ticket
from hotline.rules.intake.legal_zone import CHECK_UP, CONSULTATION
from hotline.rules.vocabulary import Role, TicketType
from hotline.schemas.base import load
from hotline.schemas.intake.history import PastMatterForm
from hotline.settings.config_files import resource
from tests.pages.test_pages import Browser
from tests.support.calls import Calls
from tests.support.cast import HIRED_AT, PASSWORD

NOW = "2026-11-24T09:00:00+08:00"
ENTERPRISE: dict[str, Any] = {
    "enterprise": {"name": "襄阳丙丁商贸有限公司"},
    "contact": {"name": "李大力", "phone": "13912345678"},
}
CHECK: dict[str, Any] = {
    **ENTERPRISE,
    "employees": 35,
    "field": "机械制造",
    "subjects": ["contracts", "employment"],
    "wished": "下周三下午",
}
QUESTION: dict[str, Any] = {**ENTERPRISE, "title": "对方不付货款怎么办", "content": "合同约定三月付款，至今未付。"}
CONTENT = "职工人数：35人\n所属行业：机械制造\n希望检查：合同、用工\n希望时间：下周三下午\n补充说明：无"
OTHERS = ("handler", "leader", "liaison", "other_handler", "other_leader")


@pytest.fixture
def lawyers(call: Calls, app_context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lawyer of the bureau's team and its leader sign in."""
    with app_context.transaction(HIRED_AT) as ctx:
        for username, role in (("lawyer", Role.HANDLER), ("justice_leader", Role.LEADER)):
            staff = accounts.add(ctx, accounts.NewStaff(username, username, PASSWORD, "justice", (role,)))
            lasts = timedelta(days=36500)
            token = accounts.grant_token(ctx.at(HIRED_AT), staff, label="test", lasts=lasts)
            monkeypatch.setitem(call.cast.tokens, username, token)


def number_and_code(page: str) -> tuple[str, str]:
    number, code = re.search(r"QS\d+", page), re.search(r'class="query-code">(\w+)<', page)
    assert number and code
    return number.group(), code.group(1)


def test_a_check_up_from_the_public_form_to_the_lawyers_and_back(app: Flask, call: Calls, lawyers: None) -> None:
    fields = {
        "subjects[]": ["contracts", "employment"],
        "employees": "35",
        "field": "机械制造",
        "wished": "下周三下午",
        "enterprise.name": "襄阳丙丁商贸有限公司",
        "contact.phone": "13912345678",
    }
    with freeze_time(NOW):
        enterprise = Browser(app)
        assert 'href="/legal/check-up"' in enterprise.get("/legal").text
        sent = enterprise.post("/legal/check-up", fields, page="/legal/check-up")
        assert sent.status_code == 201
        number, code = number_and_code(sent.text)
        path, page = f"/tickets/{number}", f"/tickets/{number}"

        file = call.ok("dispatcher", "GET", path)
        assert (file["type"], file["type_label"], file["category"]) == ("legal_check_up", "法治体检", CHECK_UP)
        assert (file["title"], file["content"]) == ("申请法治体检：合同、用工", CONTENT)
        assert [row["kind"] for row in file["clocks"] if row["running"]] == ["accept"]
        # The dispatcher finds everything filled in: the category, and after that the bureau.
        dispatcher = Browser(app, "dispatcher")
        assert f'<option value="{CHECK_UP}" selected>' in dispatcher.get(page).text
        assert dispatcher.post(f"{page}/do/accept", {"difficulty": "ordinary"}, page=page).status_code == 302
        assert '<option value="justice" selected>' in dispatcher.get(page).text
        assert dispatcher.post(f"{page}/do/dispatch", {"unit": "justice"}, page=page).status_code == 302

        assert number in Browser(app, "lawyer").get("/unit").text
        for who in OTHERS:
            call.refused(who, "GET", path, 404)
            call.refused(who, "POST", f"{path}/actions/sign", 404, {})
            assert call.ok(who, "GET", "/tickets?type=legal_check_up")["items"] == []
        file = call.ok("lawyer", "POST", f"{path}/actions/sign", {})
        assert [row["kind"] for row in file["clocks"] if row["running"]] == ["handle"]
        call.ok("lawyer", "POST", f"{path}/actions/record_contact", {"summary": "约定下周三上门"})
        reply = {"kind": "solved", "reply": "已上门体检，法律服务清单已交企业。"}
        call.ok("lawyer", "POST", f"{path}/actions/draft_result", reply)
        call.ok("justice_leader", "POST", f"{path}/actions/submit_result", {})
        call.ok("reviewer", "POST", f"{path}/actions/audit_pass", {})
        seen = call.ok(None, "GET", f"/public{path}?code={code}")
        assert (seen["type_label"], seen["unit"], seen["reply"]) == ("法治体检", "襄阳市司法局", reply["reply"])
        assert [row["number"] for row in call.ok("supervisor", "GET", "/tickets?type=legal_check_up")["items"]] == [
            number
        ]


def test_a_consultation_is_a_consultation_of_the_bureau(app: Flask, call: Calls, lawyers: None) -> None:
    with freeze_time(NOW):
        made = call.ok(None, "POST", "/public/legal/consultations", QUESTION)
        number, path = made["number"], f"/tickets/{made['number']}"
        file = call.ok("dispatcher", "POST", f"{path}/actions/accept", {"difficulty": "ordinary"})
        assert (file["type"], file["category"]) == ("consult", CONSULTATION)
        assert '<option value="justice" selected>' in Browser(app, "dispatcher").get(path).text
        call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": "justice"})
        assert [row["number"] for row in call.ok("lawyer", "GET", "/tickets")["items"]] == [number]
        for who in OTHERS:
            call.refused(who, "GET", path, 404)


def test_the_operator_logs_both_on_a_call(call: Calls) -> None:
    said = {"title": "想做法治体检", "content": "三十人的厂，想查合同。", "difficulty": "ordinary", **ENTERPRISE}
    with freeze_time(NOW):
        # A check-up needs no category: there is one alone.
        file = call.ok("operator", "POST", "/tickets", {**said, "type": "legal_check_up"})
        assert (file["state"], file["category"]) == ("accepted", CHECK_UP)
        refused = call.refused(
            "operator", "POST", f"/tickets/{file['number']}/actions/answer_direct", 422, {"reply": "好"}
        )
        assert refused["errors"][0]["pointer"] == "/type"
        file = call.ok("operator", "POST", "/tickets", {**said, "type": "consult", "category": CONSULTATION})
        assert file["state"] == "accepted"
        answer = {"reply": "可以。", "article": "mediation"}
        assert (
            call.ok("operator", "POST", f"/tickets/{file['number']}/actions/answer_direct", answer)["state"] == "closed"
        )
        (first, *_) = call.ok("operator", "GET", "/suggestions?text=想申请法治体检")["categories"]
        assert (first["code"], first["unit"]["code"]) == (CHECK_UP, "justice")


def test_what_is_missing_is_said_and_nothing_is_written(app: Flask, call: Calls, app_context: AppContext) -> None:
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("check-ups", {"subjects": []}, "/subjects"),
        ("check-ups", {"subjects": ["divorce"]}, "/subjects/0"),
        ("check-ups", {"employees": 0}, "/employees"),
        ("check-ups", {"employees": 10**18}, "/employees"),
        ("check-ups", {"field": " "}, "/field"),
        ("check-ups", {"enterprise": None}, "/enterprise"),
        ("check-ups", {"contact": {"name": "李大力"}}, "/contact/phone"),
        ("check-ups", {"type": "report"}, "/type"),
        ("consultations", {"contact": {"phone": "转123"}}, "/contact/phone"),
        ("consultations", {"title": "长" * 121}, "/title"),
        ("consultations", {"dispatch": {"unit": "tax"}}, "/dispatch"),
    ]
    for where, change, pointer in wrong:
        body = {**(CHECK if where == "check-ups" else QUESTION), **change}
        problem = call.refused(None, "POST", f"/public/legal/{where}", 422, body)
        assert pointer in [error["pointer"] for error in problem["errors"]], (change, problem)
    kept = Browser(app).post("/legal/check-up", {"field": "机械制造"}, page="/legal/check-up")
    assert kept.status_code == 422
    assert 'value="机械制造"' in kept.text and kept.text.count('class="text-danger small"') == 4
    assert Browser(app).get("/legal/divorce").status_code == 404
    with app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_sent_twice_with_one_key_it_is_one_ticket(call: Calls) -> None:
    key = {"Idempotency-Key": "check-up-1"}
    first, second = (call(None, "POST", "/public/legal/check-ups", CHECK, headers=key) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.get_json() == second.get_json()


def test_the_zone_s_categories_suggest_the_bureau(app_context: AppContext) -> None:
    query = select(Unit.code).join(Category, Category.lead_unit_id == Unit.id)
    with app_context.transaction(clock.now()) as ctx:
        report = load_all(ctx, resource("config"), resource("knowledge_base"))
        assert report["categories"]["changed"] == 0
        for code in (CONSULTATION, CHECK_UP):
            assert ctx.session.scalar(query.where(Category.code == code)) == "justice"


def test_every_list_of_types_knows_the_check_up(app: Flask, call: Calls) -> None:
    spec = str(call.ok(None, "GET", "/openapi.json")["paths"]["/api/v1/public/legal/check-ups"])
    assert "CheckUp" in spec
    assert "法治体检" in Browser(app, "operator").get("/operator").text
    assert "法治体检" in Browser(app, "supervisor").get("/tickets").text
    assert '<option value="legal_check_up"' not in Browser(app).get("/submit").text
    call.ok(None, "POST", "/public/legal/check-ups", CHECK)
    call.ok("supervisor", "GET", "/statistics?from=2020-01-01&to=2100-01-01&by=matter")
    past = load(
        PastMatterForm(),
        {"source_no": "1", "received_at": "2026-01-01", "title": "a", "content": "b", "type": "法治体检"},
    )
    assert past.type is TicketType.LEGAL_CHECK_UP
