"""The base learns from use: what is shown, opened and cited is counted, and no count is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.knowledge import article_use, empty_searches
from hotline.models.knowledge.article_use import ArticleUse, EmptySearch
from hotline.models.knowledge.articles import Article
from hotline.rules.actors import VISITOR
from hotline.rules.knowledge.article_use import Use
from tests.api.knowledge.test_article_life import ARTICLE, NEW, NOW, publish
from tests.pages.test_pages import CALL, Browser
from tests.support.calls import Calls

PUBLIC = f"/public{ARTICLE}"
CONSULT = {"type": "consult", "category": "licensing-delay", "difficulty": "ordinary"}
ASKED = {
    **CONSULT,
    "title": "襄阳丙丁商贸有限公司问用热补贴怎么领",
    "content": "联系人李大力，13912345678。",
    "enterprise": {"name": "襄阳丙丁商贸有限公司"},
    "contact": {"name": "李大力", "phone": "13912345678"},
}
REPLY = "李先生您好，丙丁商贸可按面积领取，每平方米三元，请带信用代码91420600MA4900001X的执照。"


def row(call: Calls, code: str = NEW["code"]) -> dict[str, Any]:
    items = call.ok("editor", "GET", "/knowledge/use")["items"]
    return next(
        ({k: v for k, v in item.items() if k not in ("code", "title")} for item in items if item["code"] == code), {}
    )


def answered(call: Calls, article: str | None = None, **changes: Any) -> str:
    number = str(call.ok("operator", "POST", "/tickets", {**ASKED, **changes})["number"])
    given = {"reply": REPLY, **({"article": article} if article else {})}
    call.ok("operator", "POST", f"/tickets/{number}/actions/answer_direct", given)
    return number


def test_what_readers_do_is_counted(app: Flask, call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        publish(call)
        operator, visitor = Browser(app, "operator"), app.test_client()
        for _ in range(2):
            assert NEW["title"] in operator.get("/knowledge?q=冬季用热补贴").text
        visitor.get("/policies?q=冬季用热补贴")
        visitor.get(f"/policies/{NEW['code']}")
        # Nobody asked for anything here, or a script asks while somebody types.
        visitor.get("/policies")
        call.ok("operator", "GET", "/knowledge/articles?q=冬季用热补贴")
        operator.post("/operator/suggestions", {"title": "冬季用热补贴"}, page="/operator")
        assert row(call) == {"shown": 3, "opened": 1, "cited": 0, "solved": 0, "not_solved": 0}
        # The suggestions that stood beside a call count when the call is logged.
        logged = {**CALL, "suggested[]": [NEW["code"], "no-such-article", "\0", "x" * 5000]}
        assert operator.post("/operator", logged, page="/operator").status_code == 200
        answered(call, NEW["code"])
        assert row(call)["shown"] == 4 and row(call)["cited"] == 1
        with app_context.snapshot() as ctx:
            readers = select(ArticleUse.reader, func.sum(ArticleUse.times)).join(Article)
            rows = ctx.session.execute(readers.where(Article.code == NEW["code"]).group_by(ArticleUse.reader))
            assert {str(reader): int(times) for reader, times in rows} == {"operator": 3, "public": 2}


def test_the_suggestions_name_what_they_showed(app: Flask, call: Calls) -> None:
    with freeze_time(NOW):
        publish(call)
        page = Browser(app, "operator").post("/operator/suggestions", {"title": "冬季用热补贴"}, page="/operator").text
        assert re.search(
            rf'<input type="hidden" form="call" name="suggested\[\]" value="{NEW["code"]}" data-never-kept>', page
        )


def test_nobody_waits_in_a_ring_and_no_count_is_lost(app_context: AppContext) -> None:
    with app_context.snapshot() as ctx:
        codes = list(ctx.session.scalars(select(Article.code).order_by(Article.id).limit(20)))
    ready = Barrier(8)

    def read(number: int) -> None:
        mine = codes[::-1] if number % 2 else codes
        ready.wait()
        for _ in range(5):
            with app_context.transaction() as ctx:
                article_use.count(ctx.by(VISITOR), Use.SHOWN, mine)
                empty_searches.remember(ctx, "zzqq㐀㐁")

    with ThreadPoolExecutor(8) as people:
        list(people.map(read, range(8)))
    with app_context.snapshot() as ctx:
        assert set(ctx.session.scalars(select(ArticleUse.times))) == {40}
        assert list(ctx.session.scalars(select(EmptySearch.times))) == [40]


def test_the_list_goes_on_page_by_page(app: Flask, call: Calls, app_context: AppContext) -> None:
    with freeze_time(NOW):
        with app_context.transaction() as ctx:
            codes = ctx.session.scalars(select(Article.code).order_by(Article.id).limit(9)).all()
            for times in range(1, 4):
                article_use.count(ctx.by(VISITOR), Use.OPENED, codes[: 3 * times])
        call.ok("operator", "POST", f"/knowledge/articles/{codes[8]}/votes", {"solved": False})
        whole = call.ok("editor", "GET", "/knowledge/use")["items"]
        assert whole[0]["code"] == codes[8]
        assert [item["opened"] for item in whole] == [1, 3, 3, 3, 2, 2, 2, 1, 1]
        walked, cursor = [], ""
        while cursor is not None:
            page = call.ok("editor", "GET", f"/knowledge/use?limit=2&cursor={cursor}")
            walked, cursor = walked + page["items"], page["next_cursor"]
        assert walked == whole
        assert codes[8] not in Browser(app, "editor").get("/article-use?days=30&cursor=1-1-0-0").text
