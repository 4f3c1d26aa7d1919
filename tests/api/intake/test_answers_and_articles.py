"""An answered consultation becomes a draft in one step, and a cited article that changes later is marked on the ticket."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import update

from hotline.app_context import AppContext
from hotline.models.knowledge.articles import Article
from tests.api.knowledge.test_article_life import ARTICLE, CONTENT, NEW, NOW, publish
from tests.api.knowledge.test_article_use import answered
from tests.pages.test_pages import Browser
from tests.support.build import Builder
from tests.support.calls import Calls


def test_an_answered_consultation_becomes_a_draft_in_one_step(app: Flask, call: Calls) -> None:
    with freeze_time(NOW):
        number = answered(call)
        path = f"/tickets/{number}/actions/propose_article"
        assert "propose_article" in call.ok("operator", "GET", f"/tickets/{number}")["allowed_deeds"]
        call.refused("editor", "POST", path, 404, {})
        call.refused("handler", "POST", path, 404, {})
        call.refused("inspector", "POST", path, 403, {})
        operator, file = Browser(app, "operator"), f"/tickets/{number}"
        assert operator.post(f"{file}/do/propose_article", {}, page=file).status_code == 302
        call.refused("reviewer", "POST", path, 409, {})
        (draft,) = call.ok("editor", "GET", "/knowledge/drafts")["items"]
        assert draft["written_by"] == "坐席甲" and re.fullmatch(r"answer-\d+", draft["code"])
        desk = call.ok("editor", "GET", f"/knowledge/articles/{draft['code']}/desk")
        said = desk["draft"]["content"]
        assert said["title"] == "某企业问用热补贴怎么领" and said["questions"] == [said["title"]]
        assert said["body"].startswith("某某您好，某企业可按面积领取") and said["visibility"] == "staff"
        assert (said["category"], said["next_review_on"]) == ("licensing-delay", "2027-11-24")
        assert not any(secret in str(desk) for secret in ("丙丁", "李大力", "李先生", "MA4900001X", number))
        assert "拟为知识文章" in str(call.ok("operator", "GET", f"/tickets/{number}/timeline"))
        # The operator may propose and nothing else; two others' words are needed before anybody reads it.
        article = f"/knowledge/articles/{draft['code']}"
        call.refused("operator", "POST", f"{article}/actions/submit", 403)
        call.refused("operator", "GET", article, 404)
        call.ok("editor", "POST", f"{article}/actions/submit")
        call.ok("editor", "POST", f"{article}/actions/decide", {"approve": True})
        assert call.ok("operator", "GET", article)["owner_unit"] == said["owner_unit"]


def test_through_a_unit_the_lead_unit_owns_the_article(call: Calls, build: Builder) -> None:
    number = build.ticket("closed", datetime.now(UTC), type="consult")
    call.ok("outsourced", "POST", f"/tickets/{number}/actions/propose_article", {})
    (draft,) = call.ok("editor", "GET", "/knowledge/drafts")["items"]
    desk = call.ok("editor", "GET", f"/knowledge/articles/{draft['code']}/desk")
    assert desk["draft"]["content"]["owner_unit"] == "market-supervision"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "complaint"},
        {"type": "report"},
        {"type": "consult", "confidential": True},
        {"type": "consult", "anonymous": True},
    ],
)
def test_what_is_secret_or_no_consultation_becomes_no_article(
    call: Calls, build: Builder, changes: dict[str, Any]
) -> None:
    number = build.ticket("closed", datetime.now(UTC), **changes)
    assert "propose_article" not in call.ok("operator", "GET", f"/tickets/{number}")["allowed_deeds"]
    call.refused("operator", "POST", f"/tickets/{number}/actions/propose_article", 409, {})
    assert call.ok("editor", "GET", "/knowledge/drafts")["items"] == []


def changes(call: Calls, number: str) -> list[tuple[str, str]]:
    found = call.ok("operator", "GET", f"/tickets/{number}")["answer_changes"]
    return [(change["kind"], change["sentence"]) for change in found]


def test_a_cited_article_that_changes_later_is_marked_on_the_ticket(
    app: Flask, call: Calls, app_context: AppContext
) -> None:
    with freeze_time(NOW) as frozen:
        publish(call)
        number = answered(call, NEW["code"])
        assert changes(call, number) == []
        assert changes(call, answered(call)) == []
        frozen.move_to(datetime.fromisoformat("2026-11-26T09:00:00+08:00"))
        call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        call.ok("editor", "POST", f"{ARTICLE}/actions/save", {**CONTENT, "body": "每平方米四元。", "version": 1})
        assert changes(call, number) == []
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        revised = ("revised", "引用的文章已于2026-11-26更新为第2版。")
        assert changes(call, number) == [revised]
        operator = Browser(app, "operator")
        page = operator.get(f"/tickets/{number}").text
        assert revised[1] in page
        see = f"/knowledge/{NEW['code']}/differences?from=1&to=2"
        assert see.replace("&", "&amp;") in page
        assert "<ins>每平方米四元。</ins>" in operator.get(see).text
        call.ok("editor", "POST", f"{ARTICLE}/actions/suspend", {"text": "有误"})
        assert changes(call, number) == [("suspended", "引用的文章于2026-11-26已暂停使用。"), revised]
        call.ok("editor", "POST", f"{ARTICLE}/actions/restore", {"text": "无误"})
        frozen.move_to(datetime.fromisoformat("2027-04-01T09:00:00+08:00"))
        assert changes(call, number) == [revised, ("expired", "引用的文章已于2027-03-31失效。")]
        call.ok("editor", "POST", f"{ARTICLE}/actions/withdraw", {"text": "停止执行"})
        assert changes(call, number)[0] == ("withdrawn", "引用的文章于2027-04-01已撤下。")


def test_an_article_that_a_file_brought_out_of_use_names_no_day(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        publish(call)
        number = answered(call, NEW["code"])
        with app_context.transaction() as ctx:
            ctx.session.execute(update(Article).where(Article.code == NEW["code"]).values(state="withdrawn"))
        assert changes(call, number) == [("withdrawn", "引用的文章已撤下。")]
