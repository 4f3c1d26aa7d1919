"""All of the casework through the pages alone: what is allowed is offered, and nothing needs a script."""

import re
from io import BytesIO
from pathlib import Path

from flask import Flask

from hotline import clock, pages
from hotline.rules.vocabulary import Action
from hotline.rules.workflow import TABLE
from hotline.schemas.actions import ACTIONS, ASSIST_STEPS, DECIDED, ON_TICKET, ORDER_STEPS
from tests.pages.test_pages import TOKEN, Browser
from tests.support.build import Builder

NUMBERED = {row.action for row in TABLE if row.number is not None}
DEED_FORMS = Path(pages.__file__).parent / "templates/tickets/deeds.html"


def _listed(name: str) -> set[str]:
    found = re.search(rf"{{% set {name} = \(([^)]*)\) %}}", DEED_FORMS.read_text(encoding="utf-8"))
    assert found is not None
    return set(re.findall(r"'(\w+)'", found.group(1)))


def test_every_action_has_its_place_on_the_page() -> None:
    beside_requests = {str(action) for action in (*DECIDED, Action.TAKE_UP)}
    assert _listed("KNOWN") == {str(action) for action in ON_TICKET if action in NUMBERED} - beside_requests
    beside = {str(Action.REQUEST), str(Action.DECIDE_OBJECTION)}
    assert _listed("KNOWN_DEEDS") | _listed("MORE_DEEDS") == {
        str(action) for action in ON_TICKET if action not in NUMBERED
    } - beside | {"reveal_contact"}
    page = DEED_FORMS.read_text(encoding="utf-8")
    assert all(f"'{step}'" in page for step in (*ORDER_STEPS, *ASSIST_STEPS))
    assert set(ACTIONS) == set(Action) - {Action.SUBMIT, Action.ARCHIVE, Action.ATTACH}


def test_a_return_is_asked_signed_and_decided_on_pages(app: Flask, build: Builder) -> None:
    number = build.ticket("dispatched", clock.now())
    file = f"/tickets/{number}"
    asked = {"kind": "return", "code": "not_our_duty", "legal_ground": "三定", "suggested_unit": "tax", "reason": "因"}
    handler, leader, dispatcher = Browser(app, "handler"), Browser(app, "leader"), Browser(app, "dispatcher")
    wrong = handler.post(f"{file}/do/request", {**asked, "code": "", "reason": "写好的理由"}, page=file)
    assert wrong.status_code == 422 and "写好的理由" in wrong.text
    assert handler.post(f"{file}/do/request", asked, page=file).status_code == 302
    assert number in leader.get("/unit").text and "待单位签批" in leader.get("/unit").text
    page = leader.get(file).text
    action = re.search(rf'action="({file}/requests/\d+/signature)"', page)
    assert action is not None and "等您决定" in page
    assert leader.post(action.group(1), {"approve": "true", "reason": "同意"}, page=file).status_code == 302
    assert number in dispatcher.get("/dispatch").text
    decided = action.group(1).replace("signature", "decision")
    assert dispatcher.post(decided, {"approve": "true", "reason": "同意"}, page=file).status_code == 302
    assert "待派单" in dispatcher.get(file).text
    assert "退单争议（热线中心）" in dispatcher.get(f"{file}/time").text


def test_a_file_goes_up_and_comes_down_by_the_page(app: Flask, build: Builder) -> None:
    number = build.ticket("handling", clock.now())
    file = f"/tickets/{number}"
    handler = Browser(app, "handler")
    token = TOKEN.search(handler.get(file).text)
    assert token is not None
    sent = {"csrf_token": token.group(1), "file": (BytesIO(b"%PDF-1.7\n" + b"0" * 2_000_000), "现场.pdf")}
    assert handler.client.post(f"{file}/attachments", data=sent).status_code == 302
    link = re.search(rf'href="({file}/attachments/\d+)"', handler.get(file).text)
    assert link is not None
    assert handler.get(link.group(1)).data.startswith(b"%PDF")
    forged = {"file": (BytesIO(b"%PDF-1.7\n"), "x.pdf")}
    assert handler.client.post(f"{file}/attachments", data=forged).status_code == 400
    empty = {"csrf_token": token.group(1)}
    refused = handler.client.post(f"{file}/attachments", data=empty)
    assert refused.status_code == 422 and "请选择文件" in refused.text


def test_an_enterprise_supplies_reminds_and_withdraws_on_its_page(app: Flask, build: Builder) -> None:
    number = build.anywhere("need_info", clock.now())
    assert build.logged is not None
    proved = {"number": number, "code": build.logged.query_code}
    enterprise = Browser(app)
    seen = enterprise.post("/look-up", proved, page="/").text
    assert "请企业补正：营业执照" in seen and "补正材料" in seen
    assert "必须填写" in enterprise.post("/act/supply_info", proved, page="/").text
    supplied = enterprise.post("/act/supply_info", {**proved, "text": "编号123"}, page="/").text
    assert "企业已补正" in supplied and "补正的内容" not in supplied
    assert "企业催办" in enterprise.post("/act/remind", {**proved, "text": "请快"}, page="/").text
    assert "不能重复提交" in enterprise.post("/act/remind", proved, page="/").text
    assert "已撤回" in enterprise.post("/act/withdraw", proved, page="/").text
    wrong = enterprise.post("/act/remind", {**proved, "code": "WRONG2"}, page="/")
    assert wrong.status_code == 404 and number not in wrong.text


def test_an_administrator_finds_what_was_not_sent(app: Flask) -> None:
    assert "没有发送失败的消息" in Browser(app, "administrator").get("/admin").text
    assert Browser(app, "supervisor").get("/admin").status_code == 403
