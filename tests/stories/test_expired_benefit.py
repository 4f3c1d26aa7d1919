"""The story of an expired benefit asked for by phone: nobody promises it, and everybody is told since when it is over."""

from datetime import datetime

from flask import Flask
from freezegun import freeze_time

from tests.api.knowledge.test_article_life import NEW, publish
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

CODE = NEW["code"]
QUERY = "q=冬季用热补贴"
OVER = "已于2027-03-31失效"
CALL = {"title": "用热补贴怎么领", "content": "听说有补贴", "type": "consult", "category": "licensing-delay"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def codes(call: Calls, who: str | None, path: str) -> list[str]:
    return [item["code"] for item in call.ok(who, "GET", path)["items"]]


def test_an_expired_benefit_asked_for_by_phone(app: Flask, call: Calls) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        publish(call)
        # On its last day it is an answer, on the next no more.
        frozen.move_to(at("2027-03-31T17:00:00"))
        assert CODE in codes(call, "operator", f"/knowledge/articles?{QUERY}")
        frozen.move_to(at("2027-04-01T09:00:00"))
        assert CODE not in codes(call, "operator", f"/knowledge/articles?{QUERY}")
        suggested = call.ok("operator", "GET", "/suggestions?text=冬季用热补贴怎么领")["articles"]
        assert CODE not in [item["code"] for item in suggested]

        # Asked for, it comes with its warning, and the operator can tell the caller since when.
        found = call.ok("operator", "GET", f"/knowledge/articles?{QUERY}&expired=true")["items"]
        line = next(item for item in found if item["code"] == CODE)
        assert line["in_force"] is False and OVER in line["warning"]
        article = call.ok("operator", "GET", f"/knowledge/articles/{CODE}")
        assert OVER in article["warning"] and "三元" in article["body"]

        # It cannot be answered from; what the operator tells is an answer of its own, flagged as such.
        number = call.ok("operator", "POST", "/tickets", {**CALL, "difficulty": "ordinary"})["number"]
        path = f"/tickets/{number}/actions/answer_direct"
        promised = {"reply": "每平方米三元", "article": CODE}
        assert call.refused("operator", "POST", path, 422, promised)["errors"][0]["pointer"] == "/article"
        told = {"reply": "这项补贴已于2027年3月31日到期，目前没有新的安排。"}
        file = call.ok("operator", "POST", path, told)
        assert (file["state"], file["answered_from"]) == ("closed", None)

        # The public page says so, too, at the address that was always its own, and nowhere as an answer.
        visitor = Browser(app)
        page = visitor.get(f"/policies/{CODE}")
        assert page.status_code == 200 and OVER in page.text and "不能据此办理" in page.text
        assert OVER in call.ok(None, "GET", f"/public/knowledge/articles/{CODE}")["warning"]
        for address in (f"/policies?{QUERY}", "/policies", "/policies/sections/policy"):
            assert f'href="/policies/{CODE}"' not in visitor.get(address).text, address
        assert CODE not in codes(call, None, f"/public/knowledge/articles?{QUERY}")
        # As it was read while it held, it says nothing of an end that had not come.
        before = visitor.get(f"/policies/{CODE}?on=2027-01-15").text
        assert OVER not in before and "这是2027-01-15当天的文本" in before
