"""The life of an article: drafted, reviewed by another person, published as a version, revised beside it, suspended at once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.settings.config_files import resource
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

NOW = "2026-11-24T09:00:00+08:00"
NEW: dict[str, Any] = {
    "code": "winter-heating-subsidy",
    "section": "policy",
    "title": "企业冬季用热补贴怎么领",
    "body": "符合条件的企业，每平方米补贴**三元**。",
    "category": "licensing-delay",
    "owner_unit": "market-supervision",
    "effective_from": "2026-11-24",
    "effective_to": "2027-03-31",
    "next_review_on": "2027-01-31",
    "change_note": "首次收录",
    "questions": ["供热补贴怎么申请"],
    "keywords": ["用热补贴"],
    "document_number": "襄政办发〔2026〕12号",
}
CONTENT = {name: value for name, value in NEW.items() if name not in ("code", "section")}
ARTICLE = "/knowledge/articles/winter-heating-subsidy"


def found(call: Calls, who: str | None) -> list[str]:
    path = "/knowledge/articles" if who else "/public/knowledge/articles"
    return [item["code"] for item in call.ok(who, "GET", f"{path}?q=冬季用热补贴")["items"]]


def publish(call: Calls) -> None:
    call.ok("editor", "POST", "/knowledge/articles", NEW)
    call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
    call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})


def test_written_at_nine_reviewed_by_another_and_answered_from_at_five_past(call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        desk = call.ok("editor", "POST", "/knowledge/articles", NEW)
        assert (desk["state"], desk["draft"]["state"]) == ("new", "draft")
        call.refused("editor", "POST", "/knowledge/articles", 409, NEW)
        call.refused("operator", "POST", "/knowledge/articles", 403, NEW)
        assert NEW["code"] not in found(call, "operator")
        call.refused("editor", "GET", ARTICLE, 404)
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.refused("editor", "POST", f"{ARTICLE}/actions/decide", 403, {"approve": True})
        call.refused("editor", "POST", f"{ARTICLE}/actions/save", 409, {**CONTENT, "version": 1})
        (waits,) = call.ok("second_editor", "GET", "/knowledge/drafts")["items"]
        assert waits["may_review"]
        frozen.move_to(datetime.fromisoformat("2026-11-24T09:05:00+08:00"))
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        for who in ("operator", "handler", None):
            assert found(call, who)[0] == NEW["code"]
        call_ = {"title": "用热补贴", "content": "怎么领", "type": "consult", "category": "licensing-delay"}
        number = call.ok("operator", "POST", "/tickets", {**call_, "difficulty": "ordinary"})["number"]
        answer = {"reply": "每平方米三元", "article": NEW["code"]}
        file = call.ok("operator", "POST", f"/tickets/{number}/actions/answer_direct", answer)
        assert file["answered_from"] == {"article": NEW["code"], "version": 1, "title": NEW["title"]}


def test_a_revision_lies_beside_what_is_published(call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        publish(call)
        frozen.move_to(datetime.fromisoformat("2026-11-26T09:00:00+08:00"))
        desk = call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        assert desk["draft"]["content"]["title"] == NEW["title"]
        call.refused("second_editor", "POST", f"{ARTICLE}/actions/revise", 409)
        # What changed has to be said, and who saves second does not overwrite who saved first.
        call.refused("editor", "POST", f"{ARTICLE}/actions/submit", 422)
        newer = {**CONTENT, "body": "每平方米补贴**四元**。", "change_note": "提高标准", "version": 1}
        call.ok("editor", "POST", f"{ARTICLE}/actions/save", newer)
        assert call.refused("second_editor", "POST", f"{ARTICLE}/actions/save", 409, newer)["code"] == "stale"
        assert "三元" in call.ok("operator", "GET", ARTICLE)["body"]
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": False, "text": "请写依据"})
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        assert "四元" in call.ok("operator", "GET", ARTICLE)["body"]
        # What was read on a day, and what the second version says otherwise.
        assert "三元" in call.ok("operator", "GET", f"{ARTICLE}?on=2026-11-25")["body"]
        assert "四元" in call.ok("operator", "GET", f"{ARTICLE}?on=2026-11-26")["body"]
        call.refused("operator", "GET", f"{ARTICLE}?on=2026-11-23", 404)
        lines = call.ok("operator", "GET", f"{ARTICLE}/differences?from=1&to=2")["lines"]
        changed = [(line["sign"], line["text"]) for line in lines if line["sign"]]
        assert changed == [("-", NEW["body"]), ("+", "每平方米补贴**四元**。")]
        assert [v["version"] for v in call.ok("operator", "GET", f"{ARTICLE}/versions")["items"]] == [2, 1]


def test_suspended_at_once_and_answered_from_no_more(call: Calls) -> None:
    with freeze_time(NOW):
        publish(call)
        call.refused("operator", "POST", f"{ARTICLE}/actions/suspend", 403, {"text": "有误"})
        call.refused("editor", "POST", f"{ARTICLE}/actions/suspend", 422, {})
        call.ok("editor", "POST", f"{ARTICLE}/actions/suspend", {"text": "标准有误"})
        for who in ("operator", None):
            assert NEW["code"] not in found(call, who)
        call.refused("operator", "GET", ARTICLE, 404)
        call.refused("editor", "POST", f"{ARTICLE}/actions/suspend", 409, {"text": "再次"})
        call.ok("editor", "POST", f"{ARTICLE}/actions/restore", {"text": "核实无误"})
        assert found(call, "operator")[0] == NEW["code"]
        desk = call.ok("editor", "POST", f"{ARTICLE}/actions/withdraw", {"text": "停止执行"})
        assert (desk["state"], desk["steps"]) == ("withdrawn", [])
        assert [event["what"] for event in desk["events"]][:3] == ["撤下", "恢复使用", "暂停使用"]


def test_what_is_wrong_is_named(call: Calls) -> None:
    with freeze_time(NOW):
        wrong = {
            "/code": {"code": "Große Straße"},
            "/category": {"category": "nowhere"},
            "/owner_unit": {"owner_unit": "nowhere"},
            "/effective_to": {"effective_to": "2026-11-23"},
            "/next_review_on": {"next_review_on": "2027-04-01"},
            "/source_url": {"source_url": "javascript:alert(1)"},
            "/level": {"level": "planet"},
        }
        for pointer, change in wrong.items():
            problem = call.refused("editor", "POST", "/knowledge/articles", 422, {**NEW, **change})
            assert pointer in [error["pointer"] for error in problem["errors"]], change


def test_internal_articles_are_for_their_keepers(call: Calls) -> None:
    with freeze_time(NOW):
        call.ok("editor", "POST", "/knowledge/articles", {**NEW, "visibility": "internal"})
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        assert found(call, "editor")[0] == NEW["code"]
        for who in ("operator", "handler", None):
            assert NEW["code"] not in found(call, who)
        call.refused("operator", "GET", f"{ARTICLE}/differences?from=1&to=1", 404)
        call.refused("operator", "GET", f"{ARTICLE}?on=2026-11-24", 404)


def test_a_file_does_not_overwrite_what_was_changed_in_the_pages(
    call: Calls, app_context: AppContext, tmp_path: Path
) -> None:
    with freeze_time(NOW):
        path = "/knowledge/articles/company-opening"
        body = call.ok("operator", "GET", path)["body"]
        call.ok("editor", "POST", f"{path}/actions/revise")
        draft = call.ok("editor", "GET", f"{path}/desk")["draft"]
        content = {**draft["content"], "body": body + "\n\n补充。", "change_note": "补充", "version": draft["version"]}
        call.ok("editor", "POST", f"{path}/actions/save", content)
        call.ok("editor", "POST", f"{path}/actions/submit")
        call.ok("second_editor", "POST", f"{path}/actions/decide", {"approve": True})
        with app_context.transaction(clock.now()) as ctx:
            report = load_all(ctx, resource("config"), resource("knowledge_base"))["articles"]
        assert (report["added"], report["changed"], report["conflict"]) == (0, 0, 0)
        # The file has changed as well: a person has to settle it.
        (tmp_path / "policy").mkdir()
        text = (resource("knowledge_base") / "policy" / "company-opening.md").read_text(encoding="utf-8")
        (tmp_path / "policy" / "company-opening.md").write_text(f"{text}\n另一处补充。\n", encoding="utf-8")
        with app_context.transaction(clock.now()) as ctx:
            report = load_all(ctx, resource("config"), tmp_path)["articles"]
        assert report == {"conflict": 1}
        assert call.ok("operator", "GET", path)["body"].endswith("\n补充。")


def test_through_the_pages(app: Flask) -> None:
    with freeze_time(NOW):
        editor, second = Browser(app, "editor"), Browser(app, "second_editor")
        fields = {**NEW, "questions": "\n".join(NEW["questions"]), "keywords": "用热补贴"}
        kept = editor.post("/editing", {**fields, "category": "nowhere"}, page="/editing")
        assert kept.status_code == 422 and NEW["title"] in kept.text
        assert editor.post("/editing", fields, page="/editing").headers["Location"] == f"/editing/{NEW['code']}"
        desk = f"/editing/{NEW['code']}"
        content = {name: value for name, value in fields.items() if name not in ("code", "section")}
        seen = editor.post(f"{desk}/preview", {**content, "version": "1", "body": "# 试一试 <script>"}, page=desk)
        assert "<h1>试一试" in seen.text and "<script>" not in seen.text
        assert "三元" in editor.get(desk).text
        editor.post(f"{desk}/submit", {}, page=desk)
        own = editor.post(f"{desk}/decide", {"approve": "true"}, page=desk)
        assert own.status_code == 403
        assert "等您审核" in second.get("/editing").text
        assert second.post(f"{desk}/decide", {"approve": "true"}, page=desk).status_code == 302
        assert "三元" in app.test_client().get(f"/policies/{NEW['code']}").text
        editor.post(f"{desk}/revise", {}, page=desk)
        editor.post(f"{desk}/save", {**content, "version": "1", "body": "四元", "change_note": "提高"}, page=desk)
        editor.post(f"{desk}/submit", {}, page=desk)
        second.post(f"{desk}/decide", {"approve": "true"}, page=desk)
        assert "<ins>四元</ins>" in editor.get(f"{desk}/differences?from=1&to=2").text
        assert editor.post(f"{desk}/suspend", {"text": "先停用"}, page=desk).status_code == 302
        assert app.test_client().get(f"/policies/{NEW['code']}").status_code == 404
