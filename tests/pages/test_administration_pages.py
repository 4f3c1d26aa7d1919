"""The administrator's pages: what needs attention, people, units, the calendar with its preview, the ladder, the log."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from hotline.casework import personnel
from hotline.casework.loading import load_units
from hotline.casework.staffing import NewStaff, add
from hotline.office import Office
from hotline.reading import ladder
from hotline.records.administration import AdministrationEntry
from hotline.records.calendar_days import CalendarDay
from hotline.records.clocks import Clock
from hotline.records.staff import Staff
from hotline.records.units import Unit
from hotline.rules.administration import CONSOLE
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Role
from hotline.settings import read_toml
from tests.build import Builder
from tests.cast import PASSWORD, UNIT, Cast
from tests.pages.test_pages import Browser, at

PAGES = ("/admin", "/admin/staff", "/admin/staff/handler", "/admin/units", f"/admin/units/{UNIT}", "/admin/calendar")
PAGES += ("/admin/ladder", "/admin/log")
NEW = {"username": "new-clerk", "name": "新承办", "unit": "justice", "roles[]": ["handler", "liaison"]}
SPRING = {"year": 2026, "days": [{"name": "临时放假", "date": "2026-11-27", "isOffDay": True}]}


@pytest.fixture
def admin(app: Flask) -> Browser:
    return Browser(app, "administrator")


def deeds(office: Office) -> list[tuple[str, str, str]]:
    with office.reading() as work:
        rows = work.session.scalars(select(AdministrationEntry).order_by(AdministrationEntry.id))
        return [(str(row.deed), row.subject, row.actor) for row in rows]


def staff_of(office: Office, username: str) -> Staff:
    with office.reading() as work:
        found = work.session.scalars(select(Staff).where(Staff.username == username)).one()
        return found


def unit_of(office: Office, code: str) -> Unit:
    with office.reading() as work:
        return work.session.scalars(select(Unit).where(Unit.code == code)).one()


def test_the_administration_is_the_administrator_s(app: Flask, admin: Browser) -> None:
    others = [Browser(app, who) for who in ("supervisor", "editor", "leader")]
    for address in PAGES:
        assert admin.get(address).status_code == 200, address
        assert [other.get(address).status_code for other in others] == [403, 403, 403], address


def test_the_first_page_says_what_needs_attention(admin: Browser, office: Office, build: Builder) -> None:
    build.ticket("handling", at("2026-12-28 10:00"))
    text = admin.get("/admin").text
    assert "调度进程从未运行" in text
    provisional = re.search(r"2027年的节假日安排尚未公布</strong><br>有(\d+)项在办期限", text)
    with office.reading() as work:
        waiting = work.session.scalars(select(Clock).where(Clock.provisional, Clock.stopped_at.is_(None))).all()
    assert provisional and int(provisional[1]) == len(waiting) > 0
    assert "16个账号超过90天没有登录" not in text, "who holds a token is in use"
    assert re.search(r"\d+个单位没有可用的承办账号", text)
    without = admin.get("/admin/units?state=without").text
    assert "国家税务总局襄阳市税务局</a>" not in without and "襄阳市财政局</a>" in without


def test_an_account_is_added_with_a_password_that_is_shown_once(app: Flask, admin: Browser, office: Office) -> None:
    added = admin.post("/admin/staff", NEW, page="/admin/staff")
    assert added.status_code == 201
    password = re.search(r'class="first-password">([^<]+)<', added.text)[1]  # type: ignore[index]
    assert password not in admin.get("/admin/staff/new-clerk").text
    entered = Browser(app)
    said = entered.post("/sign-in", {"username": "new-clerk", "password": password}, page="/sign-in")
    assert said.status_code == 302
    assert entered.get("/unit").status_code == 200
    assert deeds(office) == [("hire", "new-clerk", "管理员庚")]
    with office.reading() as work:
        (line,) = work.session.scalars(select(AdministrationEntry.data))
    assert line == {"unit": "襄阳市司法局", "roles": ["handler", "liaison"], "over": "justice"}
    again = admin.post("/admin/staff", NEW, page="/admin/staff")
    assert again.status_code == 409 and "账号“new-clerk”已经有了" in again.text and "新承办" in again.text
    for wrong in ({"username": "张三"}, {"roles[]": []}, {"unit": "nowhere"}, {"phone": "1"}, {"email": "x"}):
        answer = admin.post("/admin/staff", {**NEW, "username": "other", **wrong}, page="/admin/staff")
        assert answer.status_code == 422, wrong
    assert len(deeds(office)) == 1


def test_the_list_is_filtered_and_goes_on(admin: Browser, office: Office) -> None:
    def shown(address: str) -> list[str]:
        return re.findall(r'href="/admin/staff/([^"]+)">\1<', admin.get(address).text)

    everybody = shown("/admin/staff")
    assert everybody == sorted(everybody) and len(everybody) == 17
    first = shown("/admin/staff?limit=10")
    assert first == everybody[:10] and shown(f"/admin/staff?limit=10&cursor={first[-1]}") == everybody[10:]
    assert shown("/admin/staff?role=editor") == ["editor", "second_editor"]
    assert shown(f"/admin/staff?unit={UNIT}&role=leader") == ["leader"]
    assert shown("/admin/staff?q=承办人丑") == ["second_handler"]
    assert shown("/admin/staff?q=%25") == []
    admin.post("/admin/staff/editor/disable", {}, page="/admin/staff/editor")
    assert shown("/admin/staff?state=disabled") == ["editor"]
    assert admin.get("/admin/staff?state=nonsense").status_code == 422
    with office.deed() as work:
        add(work.session, NewStaff("forgotten", "久未登录", PASSWORD, "tax", (Role.HANDLER,)), rulebook=work.rulebook)
    assert shown("/admin/staff?state=unused") == ["forgotten"]


def test_roles_count_at_once_and_go_with_the_person(app: Flask, admin: Browser, office: Office) -> None:
    page, handler = "/admin/staff/handler", Browser(app, "handler")
    assert handler.get("/supervision").status_code == 403
    assert admin.post(f"{page}/grant", {"role": "supervisor"}, page=page).status_code == 302
    assert handler.get("/supervision").status_code == 200
    assert admin.post(f"{page}/grant", {"role": "supervisor"}, page=page).status_code == 409
    assert admin.post(f"{page}/withdraw", {"role": "supervisor", "over": UNIT}, page=page).status_code == 302
    assert handler.get("/supervision").status_code == 403
    assert admin.post(f"{page}/grant", {"role": "leader", "over": "justice"}, page=page).status_code == 302
    moved = {"name": "承办人子", "unit": "tax", "email": "zi@example.gov.cn"}
    assert admin.post(f"{page}/change", moved, page=page).status_code == 302
    held = {(role.role, role.unit.code) for role in staff_of(office, "handler").roles}
    assert held == {(Role.HANDLER, "tax"), (Role.LEADER, "justice")}
    log = admin.get("/admin/log?subject=handler").text
    assert "单位由“襄阳市市场监督管理局”改为“国家税务总局襄阳市税务局”；更改了接收提醒的邮箱" in log
    assert "zi@example" not in log
    assert [deed for deed, *_ in deeds(office)] == [
        "grant_role", "withdraw_role", "grant_role", "change_person",
    ]  # fmt: skip


def test_a_disabled_account_is_out_until_it_is_enabled(app: Flask, admin: Browser, office: Office) -> None:
    page, handler = "/admin/staff/handler", Browser(app, "handler")
    assert admin.post(f"{page}/enable", {}, page=page).status_code == 409
    assert admin.post(f"{page}/disable", {}, page=page).status_code == 302
    assert handler.get("/unit").status_code == 302
    assert admin.post(f"{page}/enable", {}, page=page).status_code == 302
    assert Browser(app, "handler").get("/unit").status_code == 200
    made = admin.post(f"{page}/password", {}, page=page)
    assert made.status_code == 200 and "first-password" in made.text
    old = {"username": "handler", "password": PASSWORD}
    assert Browser(app).post("/sign-in", old, page="/sign-in").status_code == 401
    assert admin.post(f"{page}/nonsense", {}, page=page).status_code == 404
    assert admin.post("/admin/staff/nobody/disable", {}, page=page).status_code == 404
    assert [deed for deed, *_ in deeds(office)] == ["disable", "enable", "set_password"]


def test_somebody_always_administers(app: Flask, admin: Browser, office: Office) -> None:
    own, other = "/admin/staff/administrator", "/admin/staff/editor"
    for deed in ("disable", "withdraw"):
        refused = admin.post(f"{own}/{deed}", {"role": "administrator"} if deed == "withdraw" else {}, page=own)
        assert refused.status_code == 409 and "请由其他系统管理员办理" in refused.text
    admin.post(f"{other}/grant", {"role": "administrator"}, page=other)
    second = Browser(app, "editor")
    assert second.post(f"{own}/disable", {}, page="/admin/staff").status_code == 302
    assert admin.get("/admin").status_code == 302
    assert second.post(f"{other}/disable", {}, page="/admin/staff").status_code == 409
    assert staff_of(office, "editor").disabled_at is None


def test_of_two_administrators_who_disable_each_other_at_once_one_stays(office: Office, cast: Cast) -> None:
    now, role = at("2026-11-24 10:00"), personnel.RoleGiven(Role.ADMINISTRATOR)
    with office.deed(now) as work:
        personnel.grant_role(work.session, "editor", role, actor=CONSOLE, now=now)
    second = replace(cast.editor, grants=cast.administrator.grants)

    def disable(actor: Any, username: str) -> bool:
        try:
            with office.deed(now) as work:
                personnel.disable(work.session, username, actor=actor, now=now)
        except ConditionUnmet:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            both = [pool.submit(disable, cast.administrator, "editor"), pool.submit(disable, second, "administrator")]
            assert sorted(one.result() for one in both) == [False, True]
            with office.deed(now) as work:
                for username in ("administrator", "editor"):
                    if staff_of(office, username).disabled_at is not None:
                        personnel.enable(work.session, username, actor=CONSOLE, now=now)


def test_the_console_keeps_the_last_administrator_too(office: Office) -> None:
    now = at("2026-11-24 10:00")
    with pytest.raises(ConditionUnmet, match="最后一位"), office.deed(now) as work:
        personnel.disable(work.session, "administrator", actor=CONSOLE, now=now)
    assert deeds(office) == []


def test_the_seats_of_a_unit_are_who_the_ladder_tells(admin: Browser, office: Office) -> None:
    page = f"/admin/units/{UNIT}"
    seats = {"liaison[]": ["liaison", "handler"], "leader[]": ["second_handler"]}
    assert admin.post(f"{page}/seats", seats, page=page).status_code == 302
    assert {role.role for role in staff_of(office, "handler").roles} == {Role.HANDLER, Role.LIAISON}
    assert {role.role for role in staff_of(office, "leader").roles} == set()
    assert [deed for deed, *_ in deeds(office)] == ["grant_role", "grant_role", "withdraw_role"]
    assert admin.post(f"{page}/seats", seats, page=page).status_code == 302
    assert len(deeds(office)) == 3, "what is so already is not written again"
    stranger = admin.post(f"{page}/seats", {"leader[]": ["other_leader"]}, page=page)
    assert stranger.status_code == 422 and "不是这个单位的在用账号" in stranger.text


def test_a_duty_phone_is_kept_when_the_files_are_loaded_again(admin: Browser, office: Office) -> None:
    page = "/admin/units/tax"
    assert admin.post(f"{page}/duty", {"duty_phone": "不知道"}, page=page).status_code == 422
    assert admin.post(f"{page}/duty", {"duty_phone": "0710-3456789"}, page=page).status_code == 302
    with office.deed() as work:
        load_units(work.session, read_toml(office.settings.config / "units.toml")["unit"])
    assert unit_of(office, "tax").duty_phone == "+867103456789"
    assert "由“无”改为“+867103456789”" in admin.get("/admin/log?subject=tax").text


def test_a_unit_closes_when_nothing_lies_there(admin: Browser, office: Office, build: Builder, app: Flask) -> None:
    number = build.ticket("handling", datetime.now(at("2026-01-01 00:00").tzinfo) - timedelta(minutes=5))
    page, offices = f"/admin/units/{UNIT}", ("company-registration-office", "intellectual-property-office")

    def close(code: str, **fields: str) -> Any:
        return admin.post(f"/admin/units/{code}/close", fields, page=f"/admin/units/{code}")

    assert "下级单位还在用" in close(UNIT).text
    for code in offices:
        assert close(code).status_code == 302
    held = close(UNIT)
    assert held.status_code == 409 and "未办结的工单1件" in held.text and "先改派" in held.text
    row = re.search(rf'<tr><th scope="row">(?:(?!</tr>).)*href="{page}".*?</tr>', admin.get("/admin/units").text, re.S)
    assert row and 'data-label="在办" class="text-lg-end">1<' in row[0]
    assert close("hotline-centre").status_code == 409
    assert close("tax-service-hall", successor="tax-service-hall").status_code == 422
    assert close("tax-service-hall", successor="justice").status_code == 302
    assert close("tax-service-hall").status_code == 409
    assert unit_of(office, "tax-service-hall").closed_on is not None
    dispatcher = Browser(app, "dispatcher")
    file = f"/tickets/{build.ticket('accepted', datetime.now(at('2026-01-01 00:00').tzinfo) - timedelta(minutes=5))}"
    refused = dispatcher.post(f"{file}/do/dispatch", {"unit": "tax-service-hall"}, page=file)
    assert refused.status_code == 422 and "已撤销或合并" in refused.text
    assert "襄阳市税务局办税服务厅" in admin.get("/admin/units?state=closed").text
    reopened = admin.post("/admin/units/tax-service-hall/reopen", {}, page="/admin/units/tax-service-hall")
    assert reopened.status_code == 302 and unit_of(office, "tax-service-hall").closed_on is None
    assert number and [deed for deed, *_ in deeds(office)] == ["close_unit", "close_unit", "close_unit", "reopen_unit"]


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


def test_a_change_of_the_calendar_is_shown_before_it_is_made(admin: Browser, office: Office, build: Builder) -> None:
    number, page = build.ticket("handling", at("2026-11-24 10:00")), "/admin/calendar"
    file = (BytesIO(json.dumps(SPRING).encode()), "2026.json")
    shown = admin.post(f"{page}/preview", {"file": file}, page=page)
    assert "将变动在办期限1项" in shown.text and number in shown.text
    assert "2026-12-01 17:30" in shown.text and "2026-12-02 17:30</time></span>（推后）" in shown.text
    assert deeds(office) == []
    fields = dict(re.findall(r'name="(seen|document)" value="([^"]*)"', shown.text))
    fields["document"] = fields["document"].replace("&#34;", '"')
    assert admin.post(f"{page}/confirm", fields, page=page).status_code == 302
    with office.reading() as work:
        assert at("2026-12-02 17:30") in set(work.session.scalars(select(Clock.due_at)))
    stale = admin.post(f"{page}/confirm", fields, page=page)
    assert stale.status_code == 409 and "请重新预览" in stale.text
    assert [deed for deed, *_ in deeds(office)] == ["import_year"]
    assert "2026-11-27休息（临时放假），变动期限1项" in admin.get("/admin/log?subject=2026").text


def test_one_day_is_changed_in_an_announced_year(admin: Browser, office: Office, build: Builder) -> None:
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
    with office.reading() as work:
        assert work.session.scalars(select(CalendarDay.on)).all() == [date(2026, 11, 28)]


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
    ("不能超过", b"1" * 200_001),
)


def test_a_file_that_is_no_year_is_refused_with_the_reason(admin: Browser) -> None:
    page = "/admin/calendar"
    for said, content in BAD_FILES:
        answer = admin.post(f"{page}/preview", {"file": (BytesIO(content), "x.json")}, page=page)
        assert answer.status_code == 422 and said in answer.text, content[:60]
    assert admin.post(f"{page}/preview", {}, page=page).status_code == 422
    assert admin.post(f"{page}/confirm", {"document": "{}"}, page=page).status_code == 409


def test_every_number_of_the_limits_has_its_sentence(office: Office) -> None:
    limits = office.rulebook.limits
    plain = {name for name, value in vars_of(limits).items() if isinstance(value, int | str)}
    assert plain == {*ladder.NUMBERS, "handle_clock_start"}
    assert {row["key"] for row in ladder.numbers(limits)} == plain
    assert len(ladder.limits(limits)) == sum(
        len(value) if hasattr(value, "items") else 1 for name, value in vars_of(limits).items() if name not in plain
    )


def vars_of(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def test_what_would_happen_when(admin: Browser) -> None:
    def tried(**asked: str) -> Any:
        return admin.client.get("/admin/ladder", query_string={"start": "2026-11-24T10:00", "kind": "handle", **asked})

    text = tried().text
    for said in ("2026-12-01 17:30</time></strong>到期", "2026-11-27 09:15", "2026-12-01 08:30", "2026-12-03 17:30"):
        assert said in text, said
    assert "2026-12-15 17:30</time></strong>到期" in tried(difficulty="difficult").text
    assert "2026-11-25 17:30</time></strong>到期" in tried(days="1").text
    assert "暂定" in tried(start="2027-03-01T10:00").text
    none = tried(kind="assist")
    assert none.status_code == 422 and "没有固定的时限" in none.text
    for wrong in ({"start": "9999-12-31T10:00"}, {"start": "x"}, {"days": "0"}, {"kind": "x"}):
        assert tried(**wrong).status_code == 422, wrong


def test_the_log_goes_on_page_by_page_and_nobody_rewrites_it(admin: Browser, office: Office) -> None:
    page = "/admin/units/tax"
    for phone in ("0710-3456781", "0710-3456782", "0710-3456783"):
        admin.post(f"{page}/duty", {"duty_phone": phone}, page=page)
    first = admin.get("/admin/log?limit=2").text
    assert "+867103456783" in first and "由“无”改为" not in first
    cursor = re.search(r'rel="next" href="[^"]*cursor=([^"&]+)"', first)[1]  # type: ignore[index]
    rest = admin.client.get("/admin/log", query_string={"limit": "2", "cursor": cursor}).text
    assert "由“无”改为“+867103456781”" in rest and 'rel="next"' not in rest
    assert admin.get("/admin/log?cursor=x").status_code == 422
    with pytest.raises(Exception, match="append-only"), office.deed() as work:
        work.session.execute(update(AdministrationEntry).values(actor="别人"))
    with pytest.raises(Exception, match="append-only"), office.deed() as work:
        work.session.delete(work.session.scalars(select(AdministrationEntry)).first())
