"""The administrator's pages: who may open them, what needs attention, the ladder and its limits, the log."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from hotline.app_context import AppContext
from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.models.deadlines.clocks import Clock
from hotline.queries.deadlines import ladder
from tests.pages.test_pages import Browser, at
from tests.support.build import Builder
from tests.support.cast import UNIT

PAGES = ("/admin", "/admin/staff", "/admin/staff/handler", "/admin/units", f"/admin/units/{UNIT}", "/admin/calendar")
PAGES += ("/admin/ladder", "/admin/log")


def test_the_administration_is_the_administrator_s(app: Flask, admin: Browser) -> None:
    others = [Browser(app, who) for who in ("supervisor", "editor", "leader")]
    for address in PAGES:
        assert admin.get(address).status_code == 200, address
        assert [other.get(address).status_code for other in others] == [403, 403, 403], address


def test_the_first_page_says_what_needs_attention(admin: Browser, app_context: AppContext, build: Builder) -> None:
    build.ticket("handling", at("2026-12-28 10:00"))
    text = admin.get("/admin").text
    assert "调度进程从未运行" in text
    provisional = re.search(r"2027年的节假日安排尚未公布</strong><br>有(\d+)项在办期限", text)
    with app_context.snapshot() as ctx:
        waiting = ctx.session.scalars(select(Clock).where(Clock.provisional, Clock.stopped_at.is_(None))).all()
    assert provisional and int(provisional[1]) == len(waiting) > 0
    assert "16个账号超过90天没有登录" not in text, "who holds a token is in use"
    assert re.search(r"\d+个单位没有可用的承办账号", text)
    without = admin.get("/admin/units?state=without").text
    assert "国家税务总局襄阳市税务局</a>" not in without and "襄阳市财政局</a>" in without


def test_every_number_of_the_limits_has_its_sentence(app_context: AppContext) -> None:
    limits = app_context.rulebook.limits
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


def test_the_log_goes_on_page_by_page_and_nobody_rewrites_it(admin: Browser, app_context: AppContext) -> None:
    page = "/admin/units/tax"
    for phone in ("0710-3456781", "0710-3456782", "0710-3456783"):
        admin.post(f"{page}/duty", {"duty_phone": phone}, page=page)
    first = admin.get("/admin/log?limit=2").text
    assert "+867103456783" in first and "由“无”改为" not in first
    cursor = re.search(r'rel="next" href="[^"]*cursor=([^"&]+)"', first)[1]  # type: ignore[index]
    rest = admin.client.get("/admin/log", query_string={"limit": "2", "cursor": cursor}).text
    assert "由“无”改为“+867103456781”" in rest and 'rel="next"' not in rest
    assert admin.get("/admin/log?cursor=x").status_code == 422
    with pytest.raises(Exception, match="append-only"), app_context.transaction() as ctx:
        ctx.session.execute(update(AdministrationEntry).values(actor="别人"))
    with pytest.raises(Exception, match="append-only"), app_context.transaction() as ctx:
        ctx.session.delete(ctx.session.scalars(select(AdministrationEntry)).first())
