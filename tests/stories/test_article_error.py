"""An error report that takes an article down, what it costs in time, and who may end it."""

from datetime import datetime
from typing import Any

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.rules.deadlines.working_calendar import ZONE
from tests.api.knowledge.test_article_life import ARTICLE, CONTENT, NEW, publish
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

NOW = "2026-11-24T10:00:00+08:00"
WRONG: dict[str, Any] = {"kind": "wrong", "text": "标准应为四元"}
RISKY = {**WRONG, "high_risk": True}
ERRORS = f"{ARTICLE}/errors"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def clocks(app_context: AppContext) -> dict[str, Clock]:
    with app_context.snapshot() as ctx:
        query = select(Clock).join(ArticleTask, ArticleTask.id == Clock.task_id).where(ArticleTask.kind == "error")
        return {str(clock.kind): clock for clock in ctx.session.scalars(query)}


def decide(call: Calls, who: str, error: int, true: bool, text: str = "已核对") -> Any:
    return call.ok(who, "POST", f"/knowledge/errors/{error}/actions/decide", {"true": true, "text": text})


def mend(call: Calls, reviewer: str = "second_editor") -> None:
    draft = call.ok("editor", "POST", f"{ARTICLE}/actions/revise")["draft"]
    newer = {**CONTENT, "body": "每平方米补贴四元。", "change_note": "更正标准", "version": draft["version"]}
    call.ok("editor", "POST", f"{ARTICLE}/actions/save", newer)
    call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
    call.ok(reviewer, "POST", f"{ARTICLE}/actions/decide", {"approve": True})


def told(call: Calls, who: str) -> list[str]:
    return [notice["text"] for notice in call.ok(who, "GET", "/notices")["items"]]


def test_a_disputed_article_says_so_until_it_is_mended(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW) as frozen:
        publish(call)
        call.refused(None, "POST", ERRORS, 401, WRONG)
        error = call.ok("operator", "POST", ERRORS, WRONG)
        assert (error["state"], error["clock"]["due_at"]) == ("open", "2026-11-25T17:30:00+08:00")
        call.refused("operator", "POST", ERRORS, 409, WRONG)
        for who, path in (("operator", "/knowledge/articles"), (None, "/public/knowledge/articles")):
            (item,) = [i for i in call.ok(who, "GET", f"{path}?q=冬季用热补贴")["items"] if i["code"] == NEW["code"]]
            assert item["disputed"] and "正在核实" in item["warning"]
        assert call.ok("handler", "GET", ARTICLE)["disputed"]
        assert any("请核实" in text for text in told(call, "editor"))
        call.refused("editor", "POST", f"{ARTICLE}/actions/confirm", 409, {"next_review_on": "2027-01-15"})
        frozen.move_to(at("2026-11-25 11:00"))
        path = f"/knowledge/errors/{error['id']}/actions/decide"
        call.refused("operator", "POST", path, 403, {"true": True, "text": "对"})
        call.refused("editor", "POST", "/knowledge/errors/99/actions/decide", 404, {"true": True, "text": "对"})
        # The author of the version may own up to it, and may not send the report away.
        assert call.refused("editor", "POST", path, 403, {"true": False, "text": "没错"})["code"] == "own-work"
        found = decide(call, "editor", error["id"], True)
        assert found["state"] == "confirmed" and not found["may_dismiss"]
        # Two working days from the report: a late finding buys no time.
        assert found["clock"]["due_at"] == "2026-11-26T17:30:00+08:00"
        call.refused("second_editor", "POST", path, 409, {"true": True, "text": "再次"})
        assert told(call, "operator")[0] == "您报告的错误属实，正在更正"
        frozen.move_to(at("2026-11-26 16:00"))
        mend(call)
        assert not call.ok("handler", "GET", ARTICLE)["disputed"]
        (mine,) = call.ok("operator", "GET", "/knowledge/errors?mine=true")["items"]
        assert (mine["state"], mine["mended_version"]) == ("mended", 2)
        assert told(call, "operator")[0] == "您报告的错误已更正（第2版）"
        assert call.ok("editor", "GET", "/knowledge/errors")["items"] == []
    assert {kind: clock.late for kind, clock in clocks(app_context).items()} == {
        "error_confirm": False,
        "error_mend": False,
    }


def test_a_report_of_high_risk_takes_the_article_down_at_once(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW) as frozen:
        publish(call)
        error = call.ok("operator", "POST", ERRORS, RISKY)
        assert error["article_state"] == "suspended"
        call.refused("operator", "GET", ARTICLE, 404)
        assert [i["code"] for i in call.ok(None, "GET", "/public/knowledge/articles?q=冬季用热补贴")["items"]].count(
            NEW["code"]
        ) == 0
        # Nobody answers from it any more, nobody reports it twice, and its author does not put it back alone.
        call.refused("handler", "POST", ERRORS, 404, WRONG)
        call.refused("editor", "POST", f"{ARTICLE}/actions/restore", 403, {"text": "我看没错"})
        decide(call, "second_editor", error["id"], True)
        frozen.move_to(at("2026-11-25 09:00"))
        mend(call)
        seen = call.ok("operator", "GET", ARTICLE)
        assert "四元" in seen["body"] and not seen["disputed"]
        events = [event["what"] for event in call.ok("editor", "GET", f"{ARTICLE}/desk")["events"]]
        assert "高风险，立即暂停使用" in events and "报告错误" in events


def test_a_false_alarm_is_dismissed_by_another_and_the_article_restored(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        publish(call)
        error = call.ok("handler", "POST", ERRORS, RISKY)
        assert decide(call, "second_editor", error["id"], False, "标准是三元")["state"] == "dismissed"
        assert told(call, "handler")[0] == "您报告的错误经核实不属实"
        call.refused("operator", "GET", ARTICLE, 404)
        call.ok("editor", "POST", f"{ARTICLE}/actions/restore", {"text": "核实无误"})
        assert not call.ok("operator", "GET", ARTICLE)["disputed"]
        call.refused(
            "second_editor",
            "POST",
            f"/knowledge/errors/{error['id']}/actions/decide",
            409,
            {"true": True, "text": "又"},
        )
    (confirm,) = clocks(app_context).values()
    assert confirm.late is False and confirm.stopped_at is not None


def test_what_is_not_decided_climbs_and_is_late_for_good(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        publish(call)
        error = call.ok("operator", "POST", ERRORS, WRONG)
    for _ in range(2):
        escalate.run(Run(app_context, at("2026-11-26 09:00")))
    with freeze_time("2026-11-27T09:00:00+08:00"):
        decide(call, "second_editor", error["id"], True)
        late = {row["kind"]: row["late"] for row in call.ok("supervisor", "GET", "/knowledge/freshness")["clocks"]}
        assert late["error_mend"] == 1
        call.ok("editor", "POST", f"{ARTICLE}/actions/withdraw", {"text": "停止执行"})
    found = clocks(app_context)
    assert found["error_confirm"].late and found["error_mend"].late
    with app_context.snapshot() as ctx:
        rows = ctx.session.execute(select(Escalation.clock_id, Escalation.step, Escalation.at)).all()
    fired = {(row.clock_id, row.step): row.at for row in rows}
    assert len(fired) == len(rows) == 6
    assert fired[(found["error_confirm"].id, 2)] == at("2026-11-25 17:30")
    # The mending was due before it was found: recorded when the article was taken down, at its true instant.
    assert fired[(found["error_mend"].id, 2)] == at("2026-11-26 17:30")


def test_a_version_published_meanwhile_has_mended_what_is_found_true_after_it(call: Calls) -> None:
    with freeze_time(NOW):
        publish(call)
        error = call.ok("operator", "POST", ERRORS, WRONG)
        mend(call)
        assert call.ok("operator", "GET", ARTICLE)["disputed"]
        assert decide(call, "second_editor", error["id"], True)["mended_version"] == 2
        assert not call.ok("operator", "GET", ARTICLE)["disputed"]


def test_people_see_their_own_reports_and_internal_articles_stay_inside(call: Calls) -> None:
    with freeze_time(NOW):
        publish(call)
        call.ok("operator", "POST", ERRORS, WRONG)
        for who in ("handler", "administrator"):
            assert call.ok(who, "GET", "/knowledge/errors")["items"] == []
        for who in ("operator", "inspector", "supervisor"):
            assert len(call.ok(who, "GET", "/knowledge/errors")["items"]) == 1
        call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        hidden = {**CONTENT, "visibility": "internal", "change_note": "转为内部", "version": 1}
        call.ok("editor", "POST", f"{ARTICLE}/actions/save", hidden)
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        call.refused("handler", "POST", ERRORS, 404, WRONG)
        piles = "/knowledge/freshness/articles?pile=disputed"
        assert call.ok("supervisor", "GET", piles)["items"] == []
        assert len(call.ok("editor", "GET", piles)["items"]) == 1


def test_through_the_pages(app: Flask) -> None:
    call_of = Browser(app, "editor")
    with freeze_time(NOW):
        fields = {**NEW, "questions": "问", "keywords": "用热补贴"}
        call_of.post("/editing", fields, page="/editing")
        desk = f"/editing/{NEW['code']}"
        call_of.post(f"{desk}/submit", {}, page=desk)
        second = Browser(app, "second_editor")
        second.post(f"{desk}/decide", {"approve": "true"}, page=desk)
        operator, page = Browser(app, "operator"), f"/knowledge/{NEW['code']}"
        kept = operator.post(f"{page}/errors", {"kind": "wrong"}, page=page)
        assert kept.status_code == 422 and "必须填写" in kept.text
        assert operator.post(f"{page}/errors", {**WRONG}, page=page).status_code == 302
        assert "有争议" in operator.get(page).text and "有争议" in operator.get("/knowledge?q=冬季用热补贴").text
        seen = app.test_client().get(f"/policies/{NEW['code']}").text
        assert "正在核实" in seen and "报告错误" not in seen
        assert WRONG["text"] in operator.get("/article-errors").text
        errors = "/article-errors"
        own = call_of.post(f"{errors}/1/decide", {"true": "false", "text": "没错"}, page=errors)
        assert own.status_code == 403 and "不能由本人" in own.text
        assert second.post(f"{errors}/1/decide", {"true": "false", "text": "没错"}, page=errors).status_code == 302
        assert "有争议" not in operator.get(page).text
        assert Browser(app, "handler").get(errors).status_code == 200
