"""Did it help? One vote for a reader, article and day, and what does not help comes first."""

import re
from datetime import datetime

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.models.knowledge.article_use import ArticleVote
from hotline.models.knowledge.articles import Article
from hotline.queries.knowledge.article_use import usefulness
from tests.api.knowledge.test_article_life import ARTICLE, CONTENT, NEW, NOW, publish
from tests.api.knowledge.test_article_use import PUBLIC, answered, row
from tests.pages.test_pages import Browser
from tests.support.calls import Calls


def test_one_vote_for_a_visitor_and_day_and_the_last_one_counts(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW) as frozen:
        publish(call)
        for solved in (True, False, False):
            assert call.ok(None, "POST", f"{PUBLIC}/votes", {"solved": solved}) == {"solved": solved}
        call.ok("operator", "POST", f"{ARTICLE}/votes", {"solved": True})
        call.ok("operator", "POST", f"{ARTICLE}/votes", {"solved": True})
        assert (row(call)["solved"], row(call)["not_solved"]) == (1, 1)
        call.refused(None, "POST", f"{PUBLIC}/votes", 422, {})
        call.refused(None, "POST", f"{PUBLIC}/votes", 422, {"solved": "perhaps"})
        call.refused(None, "POST", "/public/knowledge/articles/nowhere/votes", 404, {"solved": True})
        call.refused("operator", "POST", "/knowledge/articles/nowhere/votes", 404, {"solved": True})
        call.refused(None, "POST", "/public/knowledge/articles/%00/votes", 404, {"solved": True})
        with app_context.snapshot() as ctx:
            hashes = list(ctx.session.scalars(select(ArticleVote.visitor_hash)))
            assert len(set(hashes)) == 2 and all(re.fullmatch("[0-9a-f]{64}", text or "") for text in hashes)
        frozen.move_to(datetime.fromisoformat("2026-11-25T09:00:00+08:00"))
        call.ok(None, "POST", f"{PUBLIC}/votes", {"solved": False})
        assert row(call)["not_solved"] == 2


def test_what_is_not_public_takes_no_vote_from_the_public(call: Calls) -> None:
    with freeze_time(NOW):
        call.ok("editor", "POST", "/knowledge/articles", {**NEW, "visibility": "staff"})
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.refused("operator", "POST", f"{ARTICLE}/votes", 404, {"solved": True})
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        call.refused(None, "POST", f"{PUBLIC}/votes", 404, {"solved": True})
        call.ok("operator", "POST", f"{ARTICLE}/votes", {"solved": True})


def test_nobody_votes_without_end(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        with app_context.snapshot() as ctx:
            codes = list(ctx.session.scalars(select(Article.code).order_by(Article.code).limit(31)))
        for code in codes[:30]:
            call.ok("operator", "POST", f"/knowledge/articles/{code}/votes", {"solved": True})
        call.refused("operator", "POST", f"/knowledge/articles/{codes[30]}/votes", 429, {"solved": True})
        call.ok("operator", "POST", f"/knowledge/articles/{codes[0]}/votes", {"solved": False})
        call.ok("handler", "POST", f"/knowledge/articles/{codes[30]}/votes", {"solved": True})


def test_what_does_not_help_comes_first_and_a_new_version_begins_anew(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        publish(call)
        call.ok("operator", "POST", "/knowledge/articles/company-opening/votes", {"solved": True})
        call.ok("operator", "POST", f"{ARTICLE}/votes", {"solved": False})
        call.ok("handler", "POST", f"{ARTICLE}/votes", {"solved": False})
        assert call.ok("editor", "GET", "/knowledge/use")["items"][0]["code"] == NEW["code"]
        for who in ("operator", "handler", "supervisor"):
            call.refused(who, "GET", "/knowledge/use", 403)
        with app_context.snapshot() as ctx:
            ids = dict(ctx.session.execute(select(Article.code, Article.id)).all())
        mine, good, other = ids[NEW["code"]], ids["company-opening"], ids["call-back"]

        def found() -> dict[int, float]:
            with app_context.snapshot() as ctx:
                return usefulness(ctx.session, [mine, good, other])

        assert found() == {mine: 1 / 4, good: 2 / 3, other: 1 / 2}
        call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        call.ok("editor", "POST", f"{ARTICLE}/actions/save", {**CONTENT, "body": "四元", "version": 1})
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        assert found()[mine] == 1 / 2
        answered(call, NEW["code"])
        assert found()[mine] == 2 / 3


def test_the_buttons_work_without_a_script_and_not_by_get(app: Flask, call: Calls) -> None:
    with freeze_time(NOW):
        publish(call)
        for browser, base in ((Browser(app), "/policies"), (Browser(app, "handler"), "/knowledge")):
            page = f"{base}/{NEW['code']}"
            assert browser.get(f"{page}/votes").status_code == 405
            assert browser.client.post(f"{page}/votes", data={"solved": "true"}).status_code == 400
            assert "已记下：没解决" in browser.post(f"{page}/votes", {"solved": "false"}, page=page).text
        editor = Browser(app, "editor")
        assert "多数没解决" in editor.get("/article-use").text
        assert editor.get("/article-use?days=0").status_code == 422
        assert Browser(app, "operator").get("/article-use").status_code == 403
