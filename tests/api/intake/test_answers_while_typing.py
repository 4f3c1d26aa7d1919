"""What helps while the caller speaks: articles to cite, answers of before, subjects and units with the reason why."""

import re
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import quote

from flask import Flask
from freezegun import freeze_time

from hotline.rules.deadlines.working_calendar import ZONE
from tests.pages.test_pages import Browser
from tests.support.build import Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 10, tzinfo=ZONE)
CONSULT = {
    "title": "高压用电报装要几天",
    "content": "想问一下高压用电报装需要多少个工作日",
    "type": "consult",
    "category": "power-cut",
    "difficulty": "ordinary",
}


def helps(call: Calls, text: str, **more: str) -> Any:
    asked = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    return call.ok("operator", "GET", f"/suggestions?text={quote(text)}{asked}")


def answered(call: Calls, reply: str, **more: Any) -> str:
    number: str = call.ok("operator", "POST", "/tickets", {**CONSULT, "answer": {"reply": reply}, **more})["number"]
    return number


def test_a_consultation_is_logged_and_answered_from_an_article_in_one_step(call: Calls) -> None:
    with freeze_time(NOW):
        article = helps(call, "高压用电报装")["articles"][0]
        cited = {"reply": "见文章", "article": article["code"], "article_version": article["version"]}
        number = call.ok("operator", "POST", "/tickets", {**CONSULT, "answer": cited})["number"]
        file = call.ok("operator", "GET", f"/tickets/{number}")
        assert file["state"] == "closed"
        assert file["answered_from"]["article"] == article["code"]
        assert file["answered_from"]["version"] == article["version"]


def test_what_cannot_be_answered_so_leaves_nothing_behind(call: Calls) -> None:
    with freeze_time(NOW):
        before = len(call.ok("operator", "GET", "/tickets?sort=-received")["items"])
        article = helps(call, "高压用电报装")["articles"][0]["code"]
        answer = {"reply": "见文章", "article": article}
        wrong = (
            ({**CONSULT, "answer": {**answer, "article_version": 99}}, "/article"),
            ({**CONSULT, "type": "complaint", "answer": answer}, "/type"),
            ({**CONSULT, "type": None, "answer": answer}, "/answer"),
            ({**CONSULT, "answer": {**answer, "article": "no-such-article"}}, "/article"),
            ({**CONSULT, "answer": {**answer, "version": 1}}, "/answer/version"),
        )
        for sent, pointer in wrong:
            problem = call.refused("operator", "POST", "/tickets", 422, sent)
            assert [error["pointer"] for error in problem["errors"]] == [pointer]
        assert len(call.ok("operator", "GET", "/tickets?sort=-received")["items"]) == before


def test_answers_of_before_help_and_hidden_ones_never(call: Calls) -> None:
    with freeze_time(NOW):
        shown = answered(call, "请拨13812345678，十五个工作日内办结")
        kept = answered(call, "保密的答复", confidential=True)
        nameless = answered(call, "匿名的答复", anonymous=True)
        found = helps(call, "高压用电报装需要几个工作日", category="power-cut")["precedents"]
        assert [item["number"] for item in found] == [shown]
        assert "13812345678" not in found[0]["reply"] and "十五个工作日" in found[0]["reply"]
        assert not {kept, nameless} & {item["number"] for item in found}
        call.refused("other_handler", "GET", "/suggestions?text=高压用电报装", 403)


def test_subjects_and_units_say_why(call: Calls, build: Builder) -> None:
    with freeze_time(NOW):
        found = helps(call, "厂里频繁停电，一天跳闸好几次")
        assert found["categories"][0]["code"] == "power-cut"
        assert "停电" in found["categories"][0]["reason"]
        assert "power-supply" in [unit["code"] for unit in found["units"][:3]]
        assert all(unit["reason"] for unit in found["units"])
        nothing = helps(call, "   ")
        assert (nothing["articles"], nothing["units"], nothing["precedents"]) == ([], [], [])


def test_the_screen_cites_with_one_choice(app: Flask) -> None:
    operator = Browser(app, "operator")
    drawn = operator.post("/operator", {**CONSULT, "only": "suggest"}, page="/operator").text
    assert "Alt+1" in drawn
    pressed = re.search(r'name="take" value="(cite=[^"]+)"', drawn)
    assert pressed
    # Pressed without a script, the page comes back with the article and its words, and nothing is logged.
    taken = operator.post("/operator", {**CONSULT, "take": unescape(pressed.group(1))}, page="/operator").text
    found = re.search(r'id="cite" name="cite" type="text" value="([^"]+)"', taken)
    assert found and "已引用" in taken and "已登记" not in taken
    value = found.group(1)
    sent = {**CONSULT, "cite": value, "answer.reply": "按文章答复"}
    assert "已登记并答复" in operator.post("/operator", sent, page="/operator").text
    code, version = value.split()
    refused = operator.post("/operator", {**sent, "cite": f"{code} 99"}, page="/operator")
    assert refused.status_code == 422 and "按文章答复" in refused.text and f"第{version}版" in refused.text
    assert "已登记：" in operator.post("/operator", {**CONSULT, "cite": value}, page="/operator").text
