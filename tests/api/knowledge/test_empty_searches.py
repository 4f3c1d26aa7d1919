"""What is searched for in vain is a list of work, without end or anybody's numbers, and is forgotten in time."""

from datetime import datetime, timedelta

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.jobs import cleanup
from hotline.jobs.run import Run
from hotline.models.knowledge.article_use import ArticleVote, EmptySearch
from tests.api.knowledge.test_article_life import ARTICLE, NEW, NOW, publish
from tests.api.knowledge.test_article_use import PUBLIC
from tests.pages.test_pages import Browser
from tests.support.calls import Calls


def unheard_of(n: int) -> str:
    """Characters that no article holds."""
    return "㐀㐁" + "".join(chr(0x3410 + int(digit)) for digit in str(n))


def test_searches_in_vain_become_a_list_of_work(app: Flask, call: Calls) -> None:
    with freeze_time(NOW):
        visitor, editor = app.test_client(), Browser(app, "editor")
        for text in ("zzqq㐀㐁13812345678", "ＺＺＱＱ㐀㐁13812345678！"):
            visitor.get("/policies", query_string={"q": text})
        Browser(app, "operator").get("/knowledge?q=yyww")
        visitor.get("/policies?q=xxvv&section=policy")
        found = call.ok("editor", "GET", "/knowledge/searches")["items"]
        assert [(item["text"], item["times"]) for item in found] == [("zzqq㐀㐁138****5678", 2), ("yyww", 1)]
        call.refused("operator", "GET", "/knowledge/searches", 403)
        seen = editor.get("/empty-searches").text
        assert "yyww" in seen and "12345678" not in seen
        first, second = (item["id"] for item in found)
        dismiss = f"/empty-searches/{second}/dismiss"
        assert editor.post(dismiss, {}, page="/empty-searches").status_code == 302
        call.refused("editor", "POST", f"/knowledge/searches/{second}/actions/dismiss", 404)
        begun = editor.get(f"/editing?search={first}").text
        assert 'value="zzqq㐀㐁138****5678"' in begun
        fields = {**NEW, "questions": "用热补贴", "keywords": "补贴", "search": str(first)}
        assert editor.post("/editing", fields, page="/editing").status_code == 302
        assert call.ok("editor", "GET", "/knowledge/searches")["items"] == []
        assert call.ok("editor", "GET", f"{ARTICLE}/desk")["draft"]["state"] == "draft"
        for wrong in ("9" * 30, "²", "x", "-1"):
            assert (
                editor.get(
                    "/editing",
                ).status_code
                == editor.get(f"/editing?search={wrong}").status_code
                == 200
            )


def test_a_search_is_answered_over_the_api_once(call: Calls, app: Flask) -> None:
    with freeze_time(NOW):
        app.test_client().get("/policies?q=zzqq㐀㐁")
        (search,) = call.ok("editor", "GET", "/knowledge/searches")["items"]
        path = f"/knowledge/searches/{search['id']}/actions/write"
        call.refused("operator", "POST", path, 403, NEW)
        assert call.ok("editor", "POST", path, NEW)["code"] == NEW["code"]
        call.refused("editor", "POST", path, 404, {**NEW, "code": "another"})
        call.refused("editor", "GET", "/knowledge/articles/another/desk", 404)


def test_nobody_fills_the_list(app: Flask, call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        limit = app_context.rulebook.article_use.new_searches_a_day
        now = datetime.fromisoformat(NOW)
        with app_context.transaction() as ctx:
            ctx.session.add_all(
                EmptySearch(text=unheard_of(n), times=1, first_at=now, last_at=now) for n in range(limit)
            )
        visitor = app.test_client()
        assert visitor.get("/policies?q=zzqq㐀㐁").status_code == 200
        visitor.get(f"/policies?q={unheard_of(1)}")
        with app_context.snapshot() as ctx:
            assert ctx.session.scalar(select(func.count()).select_from(EmptySearch)) == limit
            assert ctx.session.scalar(select(EmptySearch.times).where(EmptySearch.text == unheard_of(1))) == 2


def test_who_voted_and_what_nobody_asks_any_more_is_forgotten(call: Calls, app: Flask, app_context: AppContext) -> None:
    with freeze_time(NOW):
        publish(call)
        call.ok(None, "POST", f"{PUBLIC}/votes", {"solved": False})
        app.test_client().get("/policies?q=zzqq㐀㐁")
    now = datetime.fromisoformat(NOW)
    cleanup.run(Run(app_context, now + timedelta(hours=1)))
    with app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count()).where(ArticleVote.visitor_hash.is_not(None))) == 1
    cleanup.run(Run(app_context, now + timedelta(days=200)))
    with app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count()).where(ArticleVote.visitor_hash.is_not(None))) == 0
        assert ctx.session.scalar(select(func.count()).select_from(ArticleVote)) == 1
        assert ctx.session.scalar(select(func.count()).select_from(EmptySearch)) == 0


def test_the_list_goes_on_page_by_page(app: Flask, call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        with app_context.transaction() as ctx:
            at = {"first_at": ctx.now, "last_at": ctx.now}
            for number in range(60):
                ctx.session.add(EmptySearch(text=unheard_of(100 + number), times=1 + number % 7, **at))
        whole = call.ok("editor", "GET", "/knowledge/searches?limit=200")["items"]
        assert [item["times"] for item in whole] == sorted((1 + n % 7 for n in range(60)), reverse=True)
        walked, cursor = [], ""
        while cursor is not None:
            page = call.ok("editor", "GET", f"/knowledge/searches?limit=7&cursor={cursor}")
            walked, cursor = walked + page["items"], page["next_cursor"]
        assert walked == whole
        editor = Browser(app, "editor")
        cursor = call.ok("editor", "GET", "/knowledge/searches")["next_cursor"]
        assert f'cursor={cursor}"' in editor.get("/empty-searches").text
        rest = editor.get(f"/empty-searches?cursor={cursor}").text
        assert whole[50]["text"] in rest and whole[49]["text"] not in rest
        for wrong in ("x", "1", "1-2-3", "-1", f"1-{2**64}", "1-²"):
            call.refused("editor", "GET", f"/knowledge/searches?cursor={wrong}", 422)
