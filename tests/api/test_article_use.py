"""The base learns from use: what is shown, opened, cited and helps, what is searched for in vain, what an answer becomes."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select, update

from hotline.casework import article_use, empty_searches
from hotline.jobs import tidy
from hotline.office import Office
from hotline.reading.article_use import usefulness
from hotline.records.article_use import ArticleUse, ArticleVote, EmptySearch
from hotline.records.articles import Article
from hotline.rules.article_use import Use
from tests.api.test_article_life import ARTICLE, CONTENT, NEW, NOW, publish
from tests.build import Builder
from tests.calls import Calls
from tests.pages.test_pages import CALL, Browser

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


def unheard_of(n: int) -> str:
    """Characters that no article holds."""
    return "㐀㐁" + "".join(chr(0x3410 + int(digit)) for digit in str(n))


def test_what_readers_do_is_counted(app: Flask, call: Calls, office: Office) -> None:
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
        with office.reading() as work:
            readers = select(ArticleUse.reader, func.sum(ArticleUse.times)).join(Article)
            rows = work.session.execute(readers.where(Article.code == NEW["code"]).group_by(ArticleUse.reader))
            assert {str(reader): int(times) for reader, times in rows} == {"operator": 3, "public": 2}


def test_the_suggestions_name_what_they_showed(app: Flask, call: Calls) -> None:
    with freeze_time(NOW):
        publish(call)
        page = Browser(app, "operator").post("/operator/suggestions", {"title": "冬季用热补贴"}, page="/operator").text
        assert re.search(
            rf'<input type="hidden" form="call" name="suggested\[\]" value="{NEW["code"]}" data-never-kept>', page
        )


def test_nobody_waits_in_a_ring_and_no_count_is_lost(office: Office) -> None:
    with office.reading() as work:
        codes = list(work.session.scalars(select(Article.code).order_by(Article.id).limit(20)))
    ready = Barrier(8)

    def read(number: int) -> None:
        mine = codes[::-1] if number % 2 else codes
        ready.wait()
        for _ in range(5):
            with office.deed() as work:
                article_use.count(work.session, Use.SHOWN, mine, actor=None, now=work.now)
                empty_searches.remember(work.session, "zzqq㐀㐁", now=work.now, rulebook=work.rulebook)

    with ThreadPoolExecutor(8) as people:
        list(people.map(read, range(8)))
    with office.reading() as work:
        assert set(work.session.scalars(select(ArticleUse.times))) == {40}
        assert list(work.session.scalars(select(EmptySearch.times))) == [40]


def test_one_vote_for_a_visitor_and_day_and_the_last_one_counts(call: Calls, office: Office) -> None:
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
        with office.reading() as work:
            hashes = list(work.session.scalars(select(ArticleVote.visitor_hash)))
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


def test_nobody_votes_without_end(call: Calls, office: Office) -> None:
    with freeze_time(NOW):
        with office.reading() as work:
            codes = list(work.session.scalars(select(Article.code).order_by(Article.code).limit(31)))
        for code in codes[:30]:
            call.ok("operator", "POST", f"/knowledge/articles/{code}/votes", {"solved": True})
        call.refused("operator", "POST", f"/knowledge/articles/{codes[30]}/votes", 429, {"solved": True})
        call.ok("operator", "POST", f"/knowledge/articles/{codes[0]}/votes", {"solved": False})
        call.ok("handler", "POST", f"/knowledge/articles/{codes[30]}/votes", {"solved": True})


def test_what_does_not_help_comes_first_and_a_new_version_begins_anew(call: Calls, office: Office) -> None:
    with freeze_time(NOW):
        publish(call)
        call.ok("operator", "POST", "/knowledge/articles/company-opening/votes", {"solved": True})
        call.ok("operator", "POST", f"{ARTICLE}/votes", {"solved": False})
        call.ok("handler", "POST", f"{ARTICLE}/votes", {"solved": False})
        assert call.ok("editor", "GET", "/knowledge/use")["items"][0]["code"] == NEW["code"]
        for who in ("operator", "handler", "supervisor"):
            call.refused(who, "GET", "/knowledge/use", 403)
        with office.reading() as work:
            ids = dict(work.session.execute(select(Article.code, Article.id)).all())
        mine, good, other = ids[NEW["code"]], ids["company-opening"], ids["call-back"]

        def found() -> dict[int, float]:
            with office.reading() as work:
                return usefulness(work.session, [mine, good, other])

        assert found() == {mine: 1 / 4, good: 2 / 3, other: 1 / 2}
        call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        call.ok("editor", "POST", f"{ARTICLE}/actions/save", {**CONTENT, "body": "四元", "version": 1})
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        assert found()[mine] == 1 / 2
        answered(call, NEW["code"])
        assert found()[mine] == 2 / 3


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


def test_nobody_fills_the_list(app: Flask, call: Calls, office: Office) -> None:
    with freeze_time(NOW):
        limit = office.rulebook.article_use.new_searches_a_day
        now = datetime.fromisoformat(NOW)
        with office.deed() as work:
            work.session.add_all(
                EmptySearch(text=unheard_of(n), times=1, first_at=now, last_at=now) for n in range(limit)
            )
        visitor = app.test_client()
        assert visitor.get("/policies?q=zzqq㐀㐁").status_code == 200
        visitor.get(f"/policies?q={unheard_of(1)}")
        with office.reading() as work:
            assert work.session.scalar(select(func.count()).select_from(EmptySearch)) == limit
            assert work.session.scalar(select(EmptySearch.times).where(EmptySearch.text == unheard_of(1))) == 2


def test_who_voted_and_what_nobody_asks_any_more_is_forgotten(call: Calls, app: Flask, office: Office) -> None:
    with freeze_time(NOW):
        publish(call)
        call.ok(None, "POST", f"{PUBLIC}/votes", {"solved": False})
        app.test_client().get("/policies?q=zzqq㐀㐁")
    now = datetime.fromisoformat(NOW)
    tidy.run(office, now + timedelta(hours=1))
    with office.reading() as work:
        assert work.session.scalar(select(func.count()).where(ArticleVote.visitor_hash.is_not(None))) == 1
    tidy.run(office, now + timedelta(days=200))
    with office.reading() as work:
        assert work.session.scalar(select(func.count()).where(ArticleVote.visitor_hash.is_not(None))) == 0
        assert work.session.scalar(select(func.count()).select_from(ArticleVote)) == 1
        assert work.session.scalar(select(func.count()).select_from(EmptySearch)) == 0


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


def test_a_cited_article_that_changes_later_is_marked_on_the_ticket(app: Flask, call: Calls, office: Office) -> None:
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


def test_an_article_that_a_file_brought_out_of_use_names_no_day(call: Calls, office: Office) -> None:
    with freeze_time(NOW):
        publish(call)
        number = answered(call, NEW["code"])
        with office.deed() as work:
            work.session.execute(update(Article).where(Article.code == NEW["code"]).values(state="withdrawn"))
        assert changes(call, number) == [("withdrawn", "引用的文章已撤下。")]
