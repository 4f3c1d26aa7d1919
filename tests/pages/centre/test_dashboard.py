"""The wall and its lists: every number leads to exactly the rows it counts, on the demonstration's data."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from freezegun import freeze_time
from openpyxl import load_workbook
from sqlalchemy import update

from hotline import clock
from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.demo import demonstration
from hotline.jobs import scheduler
from hotline.models.database import migrate
from hotline.models.deadlines.clocks import Clock
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.settings.config_files import resource
from tests.conftest import settings_for
from tests.pages.test_pages import TOKEN, Browser
from tests.support.build import Builder

COUNT = re.compile(r'data-count="(\d+)" href="([^"]+)"')
ROW = re.compile(r"<article|<tr>(?!<td colspan)")
NEXT = re.compile(r'rel="next" href="([^"]+)"')


@pytest.fixture
def demo(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The demonstration on either engine."""
    monkeypatch.setattr("tests.pages.test_pages.PASSWORD", demonstration.PASSWORD)
    migrate.upgrade(empty_url)
    app = create_app(settings_for(empty_url, tmp_path))
    app_context: AppContext = app.extensions["hotline"]
    with app_context.transaction() as ctx:
        load_all(ctx, app_context.settings.config, resource("knowledge_base"))
    demonstration.enliven(app_context, lambda: None)
    scheduler.run_once(app_context, clock.now())
    yield app
    app_context.database.dispose()


def rows_behind(browser: Browser, address: str) -> int:
    """The rows of the list at this address, on all of its pages."""
    found, following = 0, address
    while following:
        answer = browser.get(following)
        assert answer.status_code == 200, f"{following}: {answer.status_code}"
        main = answer.text.split("<main", 1)[1]
        body = "".join(re.findall(r"<tbody>(.*?)</tbody>", main, re.DOTALL)) or main
        found += len(ROW.findall(body))
        more = NEXT.search(main)
        following = unescape(more.group(1)) if more else ""
    return found


def numbers_of(browser: Browser, address: str) -> dict[str, int]:
    """Where each number of the page leads, and the number."""
    return {unescape(href): int(number) for number, href in COUNT.findall(browser.get(address).text)}


def test_every_number_of_the_wall_is_the_number_of_the_rows_behind_it(demo: Flask) -> None:
    for who in ("supervisor", "inspector"):
        browser = Browser(demo, who)
        walls = ["/supervision", "/supervision?when=soon", "/supervision?unit=market-supervision&when=running"]
        numbers = {address: number for wall in walls for address, number in numbers_of(browser, wall).items()}
        assert {path.split("?")[0] for path in numbers} == {
            "/overdue", "/decisions", "/rectifications", "/tracked", "/sham-finishings", "/freshness/articles",
            "/freshness/queue", "/new-policies", "/deliveries",
        }  # fmt: skip
        assert sum(number > 0 for number in numbers.values()) > 20
        assert {address: rows_behind(browser, address) for address in numbers} == numbers


def test_the_wall_says_its_second_and_keeps_what_was_chosen(app: Flask, build: Builder) -> None:
    build.ticket("dispatched", clock.now() - timedelta(days=30))
    supervisor = Browser(app, "supervisor")
    wall = supervisor.get("/supervision?unit=market-supervision").text
    assert re.search(r'截至 <time datetime="[^"]+">\d\d:\d\d:\d\d</time>', wall)
    assert 'href="/overdue?unit=market-supervision&amp;when=late"' in wall
    assert 'data-count="1" href="/overdue?unit=market-supervision&amp;kind=sign&amp;when=late"' in wall
    assert 'data-count="0" href="/overdue?unit=tax&amp;when=late"' in supervisor.get("/supervision?unit=tax").text
    assert supervisor.get("/supervision?when=never").status_code == 422
    assert Browser(app, "leader").get("/supervision").status_code == 403


def test_a_unit_reads_its_own_clocks_alone(app: Flask, build: Builder) -> None:
    number = build.ticket("dispatched", clock.now() - timedelta(days=30))
    assert number in Browser(app, "leader").get("/overdue").text
    assert number not in Browser(app, "other_leader").get("/overdue").text
    for address in ("/decisions", "/sham-finishings", "/deliveries"):
        assert Browser(app, "leader").get(address).status_code == 403


def test_the_list_of_dues_names_the_day_before_yesterday(app: Flask, app_context: AppContext, build: Builder) -> None:
    """Less than 48 hours ago, and two days back on the calendar."""
    now = datetime(2026, 11, 25, 10, tzinfo=ZONE)
    build.ticket("accepted", datetime(2026, 11, 20, 10, tzinfo=ZONE))
    for due_at, words in (("23T17:30", "前天"), ("24T00:00", "昨天"), ("24T23:59", "昨天"), ("25T09:30", "30分钟前")):
        with app_context.transaction(now) as ctx:
            moved = datetime.fromisoformat(f"2026-11-{due_at}:00+08:00")
            ctx.session.execute(update(Clock).where(Clock.stopped_at.is_(None)).values(due_at=moved))
        with freeze_time(now):
            assert f"（{words}）" in Browser(app, "supervisor").get("/overdue").text, due_at


def test_a_list_goes_both_ways(app: Flask, build: Builder) -> None:
    numbers = [build.ticket("accepted", clock.now() - timedelta(minutes=minutes)) for minutes in range(5)]
    browser = Browser(app, "supervisor")
    pages, address = [], "/tickets?sort=-received&limit=2"
    while address:
        text = browser.get(address).text
        pages.append(text)
        found = NEXT.search(text)
        address = unescape(found.group(1)) if found else ""
    shown = [list(dict.fromkeys(re.findall(r"/tickets/(QS\d+)", page))) for page in pages]
    assert shown == [numbers[:2], numbers[2:4], numbers[4:]]
    for place in (2, 1):
        back = re.search(r'rel="prev" href="([^"]+)"', pages[place])
        assert back is not None
        text = browser.get(unescape(back.group(1))).text
        assert list(dict.fromkeys(re.findall(r"/tickets/(QS\d+)", text))) == shown[place - 1]
        assert ('rel="prev"' in text) is (place == 2) and 'rel="next"' in text


def test_a_search_says_how_far_it_came_and_goes_on_from_there(
    app: Flask, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.queries.paging.DEPTH", 2)
    numbers = [build.ticket("accepted", clock.now() - timedelta(minutes=minutes)) for minutes in range(6)]
    browser = Browser(app, "supervisor")
    text = browser.get("/tickets?sort=-received&state=closed").text
    assert "已按收到时间查到" in text and "还没有找到" in text
    following = NEXT.search(text)
    for _ in range(2):
        assert following is not None
        text = browser.get(unescape(following.group(1))).text
        following = NEXT.search(text)
    assert following is None and "没有这样的工单" in text
    assert numbers[-1] in browser.get(f"/tickets?sort=-received&q={numbers[-1]}").text


def test_a_filter_is_kept_used_and_forgotten_by_whom_it_belongs_to(app: Flask) -> None:
    supervisor, reviewer = Browser(app, "supervisor"), Browser(app, "reviewer")
    page = "/tickets?state=handling"
    given = {"page": "/tickets", "name": "在办的", "query": "state=handling&cursor=abc"}
    kept = supervisor.post("/saved-filters", given, page=page)
    assert kept.status_code == 302 and kept.headers["Location"].endswith("/tickets?state=handling")
    text = supervisor.get(page).text
    assert ">在办的</a>" in text and 'aria-current="true"' in text
    assert "在办的</a>" not in reviewer.get("/tickets").text and "在办的</a>" not in supervisor.get("/overdue").text
    action = re.search(r"/saved-filters/\d+/forget", text)
    assert action is not None and TOKEN.search(text)
    assert reviewer.post(action.group(), {}, page="/tickets").status_code == 404
    assert supervisor.post(action.group(), {}, page=page).headers["Location"].endswith("/tickets")
    assert "在办的</a>" not in supervisor.get("/tickets").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": "//elsewhere.example", "name": "名", "query": "a=b"},
        {"page": "/tickets", "name": "名" * 21, "query": "a=b"},
        {"page": "/tickets", "name": "名", "query": ""},
        {"page": "/tickets", "name": "", "query": "a=b"},
    ],
)
def test_what_is_no_filter_is_refused_with_a_sentence(app: Flask, wrong: dict[str, str]) -> None:
    answer = Browser(app, "supervisor").post("/saved-filters", wrong, page="/tickets")
    assert answer.status_code == 422 and "没有保存这个筛选" in answer.text and 'href="//' not in answer.text


@pytest.mark.parametrize(
    "address", ["/tickets", "/overdue", "/decisions", "/rectifications", "/tracked", "/statistics", "/supervision"]
)
def test_no_form_stands_in_another(app: Flask, address: str) -> None:
    """A browser drops the inner one."""
    text = Browser(app, "supervisor").get(f"{address}?unit=tax").text
    assert "保存这个筛选" in text
    assert re.findall(r"<(/?)form", text) == ["", "/"] * text.count("<form")


def test_a_list_as_a_file_holds_its_rows_and_no_enterprise(app: Flask, build: Builder) -> None:
    number = build.ticket("accepted", clock.now(), title="=1+1 找13812345678")
    supervisor = Browser(app, "supervisor")
    answer = supervisor.get("/exports/tickets/csv?state=accepted")
    text = answer.data.decode("utf-8-sig")
    assert answer.headers["Content-Disposition"].endswith("tickets.csv") and number in text and "'=1+1" in text
    assert "甲乙机械" not in text and "13812345678" not in text
    assert number not in supervisor.get("/exports/tickets/csv?state=handling").data.decode()
    sheet = load_workbook(BytesIO(supervisor.get("/exports/statistics/xlsx").data)).active
    assert sheet is not None and sheet["A1"].value == "分组" and sheet["A2"].value == "合计"
    assert supervisor.get("/exports/overdue/csv?when=never").status_code == 422
    assert Browser(app, "outsourced").get("/exports/tickets/csv").status_code == 403
