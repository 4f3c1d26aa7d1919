"""The operator's screen and the dispatcher's desk without scripts: all of it by buttons, and nothing typed is lost."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from flask import Flask
from freezegun import freeze_time

from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import TicketType
from tests.pages.test_pages import CALL, Browser
from tests.support.build import RULED, Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 10, tzinfo=ZONE)
PHONE = "13812345678"
CODE = re.compile(r'class="query-code">(\w+)<')
TAKE = re.compile(r'name="take" value="([^"]+)"')


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found.group(1)


def row_of(page: str, number: str) -> str:
    """What the desk shows of one ticket."""
    return page.split(f"{number}</a> <strong>")[1].split("</li>")[0]


def numbers(call: Calls) -> list[str]:
    return [item["number"] for item in call.ok("supervisor", "GET", "/tickets?sort=-received")["items"]]


def test_who_calls_stands_beside_the_form_and_is_taken_over_by_a_button(
    app: Flask, build: Builder, call: Calls
) -> None:
    with freeze_time(NOW):
        number = build.ticket("handling", NOW - timedelta(days=1))
        operator = Browser(app, "operator")
        page = operator.get(f"/operator?phone={PHONE}").text
        caller = page.split('id="caller"')[1].split("<form")[0]
        for shown in ("襄阳甲乙机械有限公司", "王**", number, "办理中", "市场监督管理局", "办理：还有4个工作日5小时"):
            assert shown in caller, shown
        assert "王小明" not in page and PHONE not in caller
        pressed = {**CALL, "enterprise.name": "", "take": unescape(TAKE.findall(caller)[0])}
        taken = operator.post("/operator", pressed, page="/operator").text
        assert 'name="enterprise.name" type="text" value="襄阳甲乙机械有限公司"' in taken and CALL["title"] in taken
        assert numbers(call) == [number]


def test_a_repeat_becomes_a_reminder_in_one_step_once_a_day(app: Flask, build: Builder, call: Calls) -> None:
    with freeze_time(NOW):
        number = build.ticket("dispatched", NOW - timedelta(hours=1))
        operator = Browser(app, "outsourced")
        typed = {
            "title": "窗口不受理变更登记",
            "content": "材料齐全，还是没人管。",
            "contact.phone": PHONE,
            "number": number,
        }
        seen = operator.post("/operator/suggestions", typed, page="/operator").text
        assert "可能是重复反映" in seen and f'name="number" value="{number}"' in seen
        done = operator.post("/operator/reminders", {**typed, "draft": "call-1-2"}, page="/operator")
        assert done.status_code == 200 and "记为催办，承办单位会收到提醒" in done.text
        assert 'data-taken="call-1-2"' in done.text and "还是没人管" not in done.text and PHONE in done.text
        assert "还是没人管" in call.ok("supervisor", "GET", f"/tickets/{number}")["reminders"][0]["text"]
        again = operator.post("/operator/reminders", typed, page="/operator")
        assert again.status_code == 409 and "这个工作日的催办已经有了" in again.text and "还是没人管" in again.text
        assert "今天已催办" in again.text and numbers(call) == [number]
        long = operator.post("/operator/reminders", {**typed, "content": "长" * 600}, page="/operator")
        assert long.status_code == 422 and "长" * 600 in long.text


def test_names_are_typed_and_what_is_no_name_is_said_beside_its_field(app: Flask, call: Calls) -> None:
    operator = Browser(app, "operator")
    wrong = operator.post("/operator", {**CALL, "category": "没有这样的事项"}, page="/operator")
    assert wrong.status_code == 422 and numbers(call) == []
    said = re.search(r'id="category-wrong" data-pointer="/category">([^<]+)<', wrong.text)
    assert said and "没有“没有这样的事项”这个事项类别" in said.group(1) and 'value="没有这样的事项"' in wrong.text
    named = {**CALL, "category": "行政许可和政务服务不受理、超时", "target_unit": "市税务局"}
    assert "已登记：" in operator.post("/operator", named, page="/operator").text
    (number,) = numbers(call)
    file = call.ok("supervisor", "GET", f"/tickets/{number}")
    assert (file["category"], file["target_unit"]["code"], file["state"]) == ("licensing-delay", "tax", "accepted")


def test_fields_are_checked_by_the_rules_of_the_form_while_typing(app: Flask, call: Calls) -> None:
    operator = Browser(app, "operator")
    typed = {
        "title": "x",
        "enterprise.credit_code": "9142",
        "contact.phone": "12",
        "category": "没有",
        "target_unit": "没有",
    }
    checks = operator.post("/operator/suggestions", typed, page="/operator").text.split('id="checks"')[1]
    found = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", checks))
    assert set(found) == {
        *("/content", "/enterprise/name", "/enterprise/credit_code", "/contact/phone", "/category", "/target_unit")
    }
    assert "18位" in found["/enterprise/credit_code"] and found["/contact/phone"] == "电话号码不对"
    fine = operator.post("/operator/suggestions", CALL, page="/operator").text
    assert "<dt>" not in fine.split('id="checks"')[1] and numbers(call) == []


def test_sent_again_when_the_call_is_over_it_is_the_same_ticket(app: Flask, call: Calls) -> None:
    """The first answer was lost on its way: the page knows nothing of it, and what was typed was kept."""
    operator = Browser(app, "operator")
    page = operator.get(f"/operator?phone={PHONE}").text
    sent = {**CALL, "once": hidden(page, "once")}
    first = operator.post("/operator", {**sent, "call_id": hidden(page, "call_id")}, page="/operator").text
    again = operator.post("/operator", sent, page="/operator").text
    codes = [found.group(1) for found in (CODE.search(first), CODE.search(again)) if found]
    assert len(codes) == 2 and codes[0] == codes[1] and len(numbers(call)) == 1
    changed = operator.post("/operator", {**sent, "title": "改过的标题"}, page="/operator")
    assert changed.status_code == 409 and "刚才那一次登记已经成功" in changed.text and "改过的标题" in changed.text
    assert hidden(changed.text, "once") != sent["once"] and len(numbers(call)) == 1


def test_a_refusal_keeps_the_key_so_that_it_is_sent_once(app: Flask) -> None:
    refused = Browser(app, "operator").post("/operator", {**CALL, "title": "", "once": "the-key"}, page="/operator")
    assert refused.status_code == 422 and hidden(refused.text, "once") == "the-key"


def test_whoever_may_not_dispatch_has_no_such_field_and_is_refused(app: Flask, call: Calls) -> None:
    for who in ("operator", "outsourced"):
        browser = Browser(app, who)
        assert 'name="dispatch.unit"' not in browser.get("/operator").text
        assert "直接派至：" not in browser.post("/operator/suggestions", CALL, page="/operator").text
        refused = browser.post("/operator", {**CALL, "dispatch.unit": "国家税务总局襄阳市税务局"}, page="/operator")
        assert refused.status_code == 403 and CALL["title"] in refused.text
    assert numbers(call) == []


def test_without_a_session_the_way_leads_back_to_what_was_written(app: Flask, call: Calls) -> None:
    operator = Browser(app, "operator")
    page = operator.get(f"/operator?phone={PHONE}").text
    operator.client.delete_cookie("hotline_session")
    headers = {"Referer": f"http://localhost/operator?phone={PHONE}"}
    fields = {**CALL, "csrf_token": hidden(page, "csrf_token")}
    lost = operator.client.post("/operator", data=fields, headers=headers)
    assert lost.status_code == 401 and f"/sign-in?next=/operator%3Fphone%3D{PHONE}" in lost.text
    elsewhere = operator.client.post("/operator", data=fields, headers={"Referer": "http://evil.example/x"})
    assert "evil" not in elsewhere.text
    assert operator.get("/operator?phone=1").location == "/sign-in?next=/operator%3Fphone%3D1"
    assert numbers(call) == []


def test_no_shape_of_fields_breaks_the_page(app: Flask) -> None:
    operator = Browser(app, "operator")
    shapes: tuple[dict[str, Any], ...] = (
        {"contact": "1", "contact.phone": "2", "enterprise.name.x": "y"},
        {"cite[]": "x", "once[]": "y", "category[]": "z", "dispatch.unit[]": "u", "answer": "a", "title": "t"},
        {"take": "contact=1&contact.phone=2&a.b.c=d&%00=%00", "number": "\0"},
    )
    for address in ("/operator", "/operator/suggestions", "/operator/reminders"):
        for fields in shapes:
            assert operator.post(address, fields, page="/operator").status_code < 500, (address, fields)


def test_the_dispatcher_sends_what_waits_from_the_list(app: Flask, build: Builder, call: Calls) -> None:
    with freeze_time(NOW):
        number = build.ticket("accepted", NOW)
        late = build.ticket("accepted", NOW - timedelta(days=4), category="arbitrary-charges")
        dispatcher = Browser(app, "dispatcher")
        page = dispatcher.get("/dispatch").text
        assert page.index(late) < page.index(number)
        row = row_of(page, number)
        for shown in ("派单：还有5小时", 'value="襄阳市行政审批局"', "由它牵头", "Alt+6"):
            assert shown in row, shown
        assert re.search(r"派单：已超\d个工作日", row_of(page, late))
        address = f"/dispatch/{number}"
        nameless = dispatcher.post(address, {"unit": "没有这个局", "version": hidden(row, "version")}, page="/dispatch")
        assert nameless.status_code == 422 and 'value="没有这个局"' in nameless.text
        stale = dispatcher.post(address, {"unit": "国家税务总局襄阳市税务局", "version": "99"}, page="/dispatch")
        assert stale.status_code == 409
        fields = {"unit": "国家税务总局襄阳市税务局", "version": hidden(row, "version")}
        sent = dispatcher.post(address, fields, page="/dispatch")
        assert sent.location == f"/dispatch?done={number}"
        assert "已派至<strong>国家税务总局襄阳市税务局</strong>" in dispatcher.get(sent.location).text
        assert dispatcher.post(address, fields, page="/dispatch").status_code == 409
        assert dispatcher.get("/dispatch?done=QS20000101000001").status_code == 200
        assert Browser(app, "operator").post(address, fields, page="/operator").status_code == 403


def test_what_waits_to_be_accepted_is_accepted_and_sent_in_one_step_or_not_at_all(
    app: Flask, build: Builder, call: Calls
) -> None:
    number = build.ticket("submitted", NOW, difficulty=None, category=None)
    dispatcher = Browser(app, "dispatcher")
    with freeze_time(NOW):
        row = row_of(dispatcher.get("/dispatch").text, number)
        # Its words tell the subject.
        assert 'value="行政许可和政务服务不受理、超时"' in row and "来电提到“不受理”" in row
        fields = {"accept": "yes", "type": "complaint", "difficulty": "ordinary", "category": "licensing-delay"}
        fields |= {"version": hidden(row, "version"), "unit": "没有这个局"}
        assert dispatcher.post(f"/dispatch/{number}", fields, page="/dispatch").status_code == 422
        assert call.ok("supervisor", "GET", f"/tickets/{number}")["state"] == "submitted"
        assert dispatcher.post(f"/dispatch/{number}", {**fields, "unit": "tax"}, page="/dispatch").status_code == 302
        assert call.ok("supervisor", "GET", f"/tickets/{number}")["state"] == "dispatched"


def test_a_report_is_not_suggested_to_its_target_and_a_return_names_the_next(
    app: Flask, build: Builder, call: Calls
) -> None:
    with freeze_time(NOW):
        report = build.ticket(
            "accepted", NOW, type=TicketType.REPORT, category="arbitrary-charges", target_unit="market-supervision"
        )
        number = build.ticket("dispatched", NOW, contact=ContactGiven(), enterprise=EnterpriseGiven("襄阳另一家公司"))
        asked = {
            "kind": "return",
            "code": "not_our_duty",
            "legal_ground": "三定方案",
            "suggested_unit": "tax",
            "reason": "不归我们",
        }
        found = call.ok("leader", "POST", f"/tickets/{number}/requests", asked)["requests"][-1]
        call.ok("dispatcher", "POST", f"/tickets/{number}/requests/{found['id']}/decision", {"approve": True, **RULED})
        page = Browser(app, "dispatcher").get("/dispatch").text
        assert "没有可推荐的单位" in row_of(page, report)
        row = row_of(page, number)
        assert 'value="国家税务总局襄阳市税务局"' in row and "退单单位建议由它承办" in row
