"""The calendar on the administrator's pages: a year in words, and a change that is shown before it is made."""

import json
import re
from datetime import date
from io import BytesIO

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.models.deadlines.calendar_days import CalendarDay
from hotline.models.deadlines.clocks import Clock
from tests.pages.administered import deeds
from tests.pages.test_pages import Browser, at
from tests.support.build import Builder
from tests.support.year_files import entry, year_file

SPRING = year_file(2026, entry("2026-11-27", "临时放假"))


def test_a_year_stands_in_twelve_months_with_words(admin: Browser) -> None:
    text = admin.get("/admin/calendar?year=2026").text
    assert text.count('<table class="month">') == 12 and text.count("<caption>") == 12
    assert re.search(r'<td class="rest stated"><span>1</span><span class="day-mark">休</span>', text)
    assert re.search(r'<td class=" stated"><span>4</span><span class="day-mark">班</span>', text)
    assert "全年248个工作日" in text and "随程序附带的节假日数据" in text
    unknown = admin.get("/admin/calendar?year=2031").text
    assert "暂定" in unknown and "provisional" in unknown
    for year in ("1999", "9999", "x"):
        assert admin.get(f"/admin/calendar?year={year}").status_code == 422


def test_a_change_of_the_calendar_is_shown_before_it_is_made(
    admin: Browser, app_context: AppContext, build: Builder
) -> None:
    number, page = build.ticket("handling", at("2026-11-24 10:00")), "/admin/calendar"
    file = (BytesIO(json.dumps(SPRING).encode()), "2026.json")
    shown = admin.post(f"{page}/preview", {"file": file}, page=page)
    assert "将变动在办期限1项" in shown.text and number in shown.text
    assert "2026-12-01 17:30" in shown.text and "2026-12-02 17:30</time></span>（推后）" in shown.text
    assert deeds(app_context) == []
    fields = dict(re.findall(r'name="(seen|document)" value="([^"]*)"', shown.text))
    fields["document"] = fields["document"].replace("&#34;", '"')
    assert admin.post(f"{page}/confirm", fields, page=page).status_code == 302
    with app_context.snapshot() as ctx:
        assert at("2026-12-02 17:30") in set(ctx.session.scalars(select(Clock.due_at)))
    stale = admin.post(f"{page}/confirm", fields, page=page)
    assert stale.status_code == 409 and "请重新预览" in stale.text
    assert [deed for deed, *_ in deeds(app_context)] == ["import_year"]
    assert "等40天，变动期限1项" in admin.get("/admin/log?subject=2026").text


def test_days_that_a_year_no_longer_names_are_shown(admin: Browser) -> None:
    page, year = "/admin/calendar", year_file(2026, without=["2026-10-10", "2026-05-05"])
    marked = json.dumps(year, ensure_ascii=False).encode("utf-8-sig")
    text = admin.post(f"{page}/preview", {"file": (BytesIO(marked), "2026.json")}, page=page).text
    assert "不再写明的2天" in text and "2026-10-10 星期六</span>，现为上班（国庆节调休上班）" in text


def test_one_day_is_changed_in_an_announced_year(admin: Browser, app_context: AppContext, build: Builder) -> None:
    build.ticket("handling", at("2026-11-24 10:00"))
    page, day = "/admin/calendar", {"on": "2026-11-28", "working": "true", "name": "补班"}
    shown = admin.post(f"{page}/preview", day, page=page)
    assert "2026-11-30 17:30</time></span>（提前）" in shown.text
    seen = re.search(r'name="seen" value="([^"]*)"', shown.text)[1]  # type: ignore[index]
    assert admin.post(f"{page}/confirm", {**day, "seen": seen}, page=page).status_code == 302
    text = admin.get(f"{page}?year=2026").text
    assert "补班" in text and "在本页或用命令导入" in text and "全年249个工作日" in text
    unknown = admin.post(f"{page}/preview", {**day, "on": "2031-01-02"}, page=page)
    assert unknown.status_code == 409 and "请先导入整年的安排" in unknown.text
    whole = admin.post(f"{page}/preview", {"file": (BytesIO(json.dumps(SPRING).encode()), "2026.json")}, page=page)
    assert "2026-11-30 17:30" in whole.text and "2026-12-02 17:30" in whole.text, (
        "the day goes with the year's new file"
    )
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(CalendarDay.on)).all() == [date(2026, 11, 28)]


BAD_FILES = (
    ("这不是", b"not json"),
    ("这不是", b"[]"),
    ("这不是", b'{"year": 2026}'),
    ("还是空的", b'{"year": 2026, "days": []}'),
    ("年份应在", b'{"year": 9999, "days": [{"name": "x", "date": "9999-12-31", "isOffDay": true}]}'),
    ("不属于2026年", b'{"year": 2026, "days": [{"name": "x", "date": "2020-12-31", "isOffDay": true}]}'),
    (
        "不能超过60个字",
        json.dumps({"year": 2026, "days": [{"name": "x" * 61, "date": "2026-12-31", "isOffDay": True}]}).encode(),
    ),
    ("这不是", b"[" * 100_000),
    ("不是UTF-8编码", json.dumps(SPRING, ensure_ascii=False).encode("gb18030")),
    ("不是UTF-8编码", json.dumps(SPRING, ensure_ascii=False).encode("utf-16")),
    (
        "缺少2026年春节的放假安排",
        json.dumps({**SPRING, "days": [d for d in SPRING["days"] if d["name"] != "春节"]}).encode(),
    ),
    (
        "2026-11-27出现了两次",
        json.dumps({**SPRING, "days": [*SPRING["days"], entry("2026-11-27", "临时放假")]}).encode(),
    ),
    ("不能超过", b"1" * 200_001),
)


def test_a_file_that_is_no_year_is_refused_with_the_reason(admin: Browser) -> None:
    page = "/admin/calendar"
    for said, content in BAD_FILES:
        answer = admin.post(f"{page}/preview", {"file": (BytesIO(content), "x.json")}, page=page)
        assert answer.status_code == 422 and said in answer.text, content[:60]
    assert admin.post(f"{page}/preview", {}, page=page).status_code == 422
    assert admin.post(f"{page}/confirm", {"document": "{}"}, page=page).status_code == 409
