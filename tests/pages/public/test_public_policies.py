"""The policies as everybody reads them: by section, by event, by search, printed; nothing that is not public."""

import re
from datetime import datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time

from hotline.app_context import AppContext
from hotline.casework.knowledge import drafting
from hotline.casework.knowledge.article_files import article_files, article_sources
from hotline.context import Context
from hotline.pages import static_files
from hotline.queries.public.public_sections import FILE, shelves_from
from hotline.rules.actors import Actor
from hotline.rules.knowledge.article import ArticleStep
from hotline.schemas.base import load
from hotline.schemas.knowledge.articles import NewArticleForm
from hotline.settings.config_files import BadSettings, resource
from tests.api.knowledge.test_article_life import NEW
from tests.pages.test_pages import Browser
from tests.support.calls import Calls
from tests.support.cast import Cast

NOW = "2026-11-24T09:00:00+08:00"
POLICIES = "/policies"


def _as(actor: Actor, ctx: Context, deed: Any, *given: Any) -> None:
    deed(ctx.by(actor), *given)


def publish(app_context: AppContext, cast: Cast, **changes: Any) -> str:
    """A published article by two people; its address."""
    given = load(NewArticleForm(), {**NEW, **changes})
    with app_context.transaction() as ctx:
        drafting.create(ctx.by(cast.editor), given)
        drafting.submit(ctx.by(cast.editor), given.code)
        verdict = drafting.Verdict(True, "")
        _as(cast.second_editor, ctx, drafting.decide, given.code, verdict)
    return f"{POLICIES}/{given.code}"


def take(app_context: AppContext, cast: Cast, code: str, step: ArticleStep) -> None:
    with app_context.transaction() as ctx:
        _as(cast.editor, ctx, drafting.take, code, step, drafting.Why("因"))


def test_every_shelf_has_its_page_and_its_articles(app: Flask) -> None:
    browser = Browser(app)
    landing = browser.get(POLICIES).text
    shelves = shelves_from(resource("config"))
    for kind, known in (("sections", shelves.sections), ("events", shelves.events)):
        for shelf in known:
            assert f'href="{POLICIES}/{kind}/{shelf.code}"' in landing
            page = browser.get(f"{POLICIES}/{kind}/{shelf.code}")
            assert page.status_code == 200 and page.text.count("<h1") == 1
            assert re.search(rf'<article.*?href="{POLICIES}/[a-z0-9-]+"', page.text, re.S), f"{shelf.code} is empty"
    for address in ("sections/nowhere", "events/nowhere", "nowhere"):
        assert browser.get(f"{POLICIES}/{address}").status_code == 404
    assert browser.get(f"{POLICIES}?section=legal").text == browser.get(f"{POLICIES}/sections/legal").text


def test_what_the_shelves_name_exists() -> None:
    known = {source.code for source in article_sources(article_files(resource("knowledge_base")))}
    named = {code for event in shelves_from(resource("config")).events for code in event.articles}
    assert named and named <= known


def test_an_article_says_whose_it_is_how_long_it_holds_and_what_it_was(
    app: Flask, app_context: AppContext, cast: Cast
) -> None:
    browser = Browser(app)
    with freeze_time(NOW) as frozen:
        address = publish(app_context, cast, source_url="https://www.xiangyang.gov.cn/x", policy_title="供热补贴办法")
        page = browser.get(address).text
        for word in (
            "2026-11-24起至2027-03-31",
            NEW["document_number"],
            "供热补贴办法",
            "襄阳市市场监督管理局",
            "https://www.xiangyang.gov.cn/x",
            "第1版",
            '最近修改：<time datetime="2026-11-24T09:00:00+08:00">2026-11-24 09:00</time>',
            f'<link rel="canonical" href="http://localhost{address}">',
            'lang="zh-CN"',
            "<strong>三元</strong>",
        ):
            assert word in page, word
        assert "各个版本" not in page
        frozen.move_to(datetime.fromisoformat("2026-11-26T09:00:00+08:00"))
        code = NEW["code"]
        with app_context.transaction() as ctx:
            draft = drafting.revise(ctx.by(cast.editor), code)
            content = drafting.content_of({**draft.content, "body": "四元", "change_note": "提高标准"})
            drafting.save(ctx.by(cast.editor), code, drafting.Saving(content, draft.version))
            drafting.submit(ctx.by(cast.editor), code)
            verdict = drafting.Verdict(True, "")
            _as(cast.second_editor, ctx, drafting.decide, code, verdict)
        page = browser.get(address).text
        assert "四元" in page and "提高标准" in page and f'href="{address}?on=2026-11-24"' in page
        before = browser.get(f"{address}?on=2026-11-24").text
        assert "三元" in before and "这是2026-11-24当天的文本（第1版）" in before
        assert f'<link rel="canonical" href="http://localhost{address}">' in before
        assert browser.get(f"{address}?on=2026-11-23").status_code == 404
        assert browser.get(f"{address}?on=9999-12-31").status_code == 422


def test_what_is_not_public_is_not_there(app: Flask, app_context: AppContext, cast: Cast) -> None:
    browser = Browser(app)
    with freeze_time(NOW):
        hidden = [publish(app_context, cast, code="for-staff", visibility="staff")]
        hidden += [publish(app_context, cast, code="for-keepers", visibility="internal")]
        for code, step in (("suspended-one", ArticleStep.SUSPEND), ("withdrawn-one", ArticleStep.WITHDRAW)):
            hidden.append(publish(app_context, cast, code=code))
            assert browser.get(hidden[-1]).status_code == 200
            take(app_context, cast, code, step)
        with app_context.transaction() as ctx:
            given = load(NewArticleForm(), {**NEW, "code": "draft-only"})
            drafting.create(ctx.by(cast.editor), given)
        hidden.append(f"{POLICIES}/draft-only")
        lists = (f"{POLICIES}?q=冬季用热补贴", POLICIES, f"{POLICIES}/sections/policy", f"{POLICIES}/company-opening")
        shown = "".join(browser.get(address).text for address in lists)
        for address in hidden:
            for asked in (address, f"{address}?on=2026-11-24"):
                assert browser.get(asked).status_code == 404, asked
                assert (
                    browser.get(f"/api/v1/public/knowledge/articles/{asked.removeprefix(POLICIES + '/')}").status_code
                    == 404
                )
            assert f'href="{address}"' not in shown, address


def test_a_shelf_is_read_page_by_page(call: Calls, app_context: AppContext, cast: Cast) -> None:
    with freeze_time(NOW):
        for number in range(3):
            publish(app_context, cast, code=f"trade-{number}", category="cross-border-trade")
    path, found, cursor = "/public/knowledge/life-events/trade", [], ""
    with freeze_time("2026-11-25T09:00:00+08:00"):
        for _ in range(10):
            page = call.ok(None, "GET", f"{path}?limit=2{cursor}")
            found += [item["code"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert found == ["trade-2", "trade-1", "trade-0", "cross-border-trade"]
        for wrong in (
            "cursor=x",
            "cursor=MjAyNi0xMS0yNFQwMDowMDowMCswMDowMHwxMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA",
            "limit=0",
        ):
            call.refused(None, "GET", f"{path}?{wrong}", 422)
    # What has expired lies on no shelf.
    with freeze_time("2027-04-01T09:00:00+08:00"):
        assert [item["code"] for item in call.ok(None, "GET", path)["items"]] == ["cross-border-trade"]


def test_the_api_tells_what_the_pages_tell(call: Calls) -> None:
    sections = call.ok(None, "GET", "/public/knowledge/sections")["items"]
    events = call.ok(None, "GET", "/public/knowledge/life-events")["items"]
    assert {"code": "legal", "name": "法律服务"}.items() <= next(s for s in sections if s["code"] == "legal").items()
    assert "company-opening" in next(event for event in events if event["code"] == "opening")["categories"]
    codes = [item["code"] for item in call.ok(None, "GET", "/public/knowledge/sections/legal?limit=100")["items"]]
    assert {"legal-zone", "legal-check-up", "check-up-form"} <= set(codes)
    article = call.ok(None, "GET", "/public/knowledge/articles/legal-zone")
    assert article["owner_unit_name"] == "襄阳市司法局" and len(article["versions"]) == 1
    assert "legal-zone" not in [item["code"] for item in article["related"]] != []
    paths = call.ok(None, "GET", "/openapi.json")["paths"]
    described = paths["/api/v1/public/knowledge/articles/{code}"]["get"]
    assert [place["name"] for place in described["parameters"]] == ["code", "on"] or "on" in str(
        described["parameters"]
    )
    assert "/api/v1/public/knowledge/life-events/{code}" in paths


def test_printed_it_carries_its_address_and_its_day(app: Flask) -> None:
    with freeze_time(NOW):
        page = Browser(app).get(f"{POLICIES}/company-opening").text
    assert re.search(
        r'class="print-only[^"]*">打印自 [^<]*/policies/company-opening，<time[^>]*>2026-11-24 09:00<', page
    )
    assert "Ctrl+P" in page
    style = app.test_client().get(static_files.address("print.css")).text
    assert re.search(r"@media print \{[^@]*\.print-only \{ display: block", style)


def test_the_front_page_leads_to_everything(app: Flask) -> None:
    page = Browser(app).get("/").text
    for address in ("/submit", "/legal", "/ratings", POLICIES, f"{POLICIES}/events/opening"):
        assert f'href="{address}"' in page
    assert 'action="/look-up"' in page and 'action="/policies"' in page
    assert "企业开办" in Browser(app).get(f"{POLICIES}?q=企业开办").text
    for query in ("%", "'", '"', "(", "〔2020〕53号", "a" * 300, "\x00", "NEAR/", "*"):
        assert app.test_client().get(POLICIES, query_string={"q": query}).status_code == 200


WRONG = {
    'code = "opening"\nname': ('code = "Opening!"\nname', "只能用小写字母"),
    'name = "开办企业"\n': ("", "缺少“name”"),
    '"company-opening", ': ('"no-such-category", ', "没有类别“no-such-category”"),
    'code = "tax"\n': ('code = "opening"\n', "代码“opening”重复"),
    'categories = ["tax-service", "charge-cuts", "arbitrary-charges"]': ("categories = 5", "应为代码的列表"),
    'categories = ["cross-border-trade"]\n': ("", "至少要有一个"),
    'sentence = "进出口、通关和单一窗口"': ('words = "进出口"', "不认识“words”"),
    'name = "跨境贸易"': ('name = "跨境', "有误"),
    '[[life_event]]\ncode = "opening"': ('[[event]]\ncode = "opening"', "不认识“event”"),
}


@pytest.mark.parametrize("place", WRONG)
def test_a_wrong_shelf_keeps_the_service_from_starting(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "config"
    copytree(resource("config"), folder)
    text = (folder / FILE).read_text(encoding="utf-8")
    wrong, said = WRONG[place]
    assert text.count(place) == 1
    (folder / FILE).write_text(text.replace(place, wrong), encoding="utf-8")
    with pytest.raises(BadSettings) as refused:
        shelves_from(folder)
    assert said in str(refused.value) and FILE in str(refused.value)
    if "[[" not in place and "有误" not in said:
        line = int(re.search(r"第(\d+)行", str(refused.value)).group(1))  # type: ignore[union-attr]
        assert (folder / FILE).read_text(encoding="utf-8").splitlines()[line - 1] == "[[life_event]]"
