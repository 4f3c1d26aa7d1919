"""Accounts on the administrator's pages: added with a first password, their roles, shut out and let in again."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.accounts import account_admin
from hotline.casework.accounts.accounts import NewStaff, add
from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Role
from tests.pages.administered import deeds, staff_of
from tests.pages.test_pages import Browser, at
from tests.support.cast import PASSWORD, UNIT, Cast

NEW = {"username": "new-clerk", "name": "新承办", "unit": "justice", "roles[]": ["handler", "liaison"]}


def test_an_account_is_added_with_a_password_that_is_shown_once(
    app: Flask, admin: Browser, app_context: AppContext
) -> None:
    added = admin.post("/admin/staff", NEW, page="/admin/staff")
    assert added.status_code == 201
    password = re.search(r'class="first-password">([^<]+)<', added.text)[1]  # type: ignore[index]
    assert password not in admin.get("/admin/staff/new-clerk").text
    entered = Browser(app)
    said = entered.post("/sign-in", {"username": "new-clerk", "password": password}, page="/sign-in")
    assert said.status_code == 302
    assert entered.get("/unit").status_code == 200
    assert deeds(app_context) == [("hire", "new-clerk", "管理员庚")]
    with app_context.snapshot() as ctx:
        (line,) = ctx.session.scalars(select(AdministrationEntry.data))
    assert line == {"unit": "襄阳市司法局", "roles": ["handler", "liaison"], "over": "justice"}
    again = admin.post("/admin/staff", NEW, page="/admin/staff")
    assert again.status_code == 409 and "账号“new-clerk”已经有了" in again.text and "新承办" in again.text
    for wrong in ({"username": "张三"}, {"roles[]": []}, {"unit": "nowhere"}, {"phone": "1"}, {"email": "x"}):
        answer = admin.post("/admin/staff", {**NEW, "username": "other", **wrong}, page="/admin/staff")
        assert answer.status_code == 422, wrong
    assert len(deeds(app_context)) == 1


def test_the_list_is_filtered_and_goes_on(admin: Browser, app_context: AppContext) -> None:
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
    with app_context.transaction() as ctx:
        add(ctx, NewStaff("forgotten", "久未登录", PASSWORD, "tax", (Role.HANDLER,)))
    assert shown("/admin/staff?state=unused") == ["forgotten"]


def test_roles_count_at_once_and_go_with_the_person(app: Flask, admin: Browser, app_context: AppContext) -> None:
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
    held = {(role.role, role.unit.code) for role in staff_of(app_context, "handler").roles}
    assert held == {(Role.HANDLER, "tax"), (Role.LEADER, "justice")}
    log = admin.get("/admin/log?subject=handler").text
    assert "单位由“襄阳市市场监督管理局”改为“国家税务总局襄阳市税务局”；更改了接收提醒的邮箱" in log
    assert "zi@example" not in log
    assert [deed for deed, *_ in deeds(app_context)] == [
        "grant_role", "withdraw_role", "grant_role", "change_person",
    ]  # fmt: skip


def test_a_disabled_account_is_out_until_it_is_enabled(app: Flask, admin: Browser, app_context: AppContext) -> None:
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
    assert [deed for deed, *_ in deeds(app_context)] == ["disable", "enable", "set_password"]


def test_somebody_always_administers(app: Flask, admin: Browser, app_context: AppContext) -> None:
    own, other = "/admin/staff/administrator", "/admin/staff/editor"
    for deed in ("disable", "withdraw"):
        refused = admin.post(f"{own}/{deed}", {"role": "administrator"} if deed == "withdraw" else {}, page=own)
        assert refused.status_code == 409 and "请由其他系统管理员办理" in refused.text
    admin.post(f"{other}/grant", {"role": "administrator"}, page=other)
    second = Browser(app, "editor")
    assert second.post(f"{own}/disable", {}, page="/admin/staff").status_code == 302
    assert admin.get("/admin").status_code == 302
    assert second.post(f"{other}/disable", {}, page="/admin/staff").status_code == 409
    assert staff_of(app_context, "editor").disabled_at is None


def test_of_two_administrators_who_disable_each_other_at_once_one_stays(app_context: AppContext, cast: Cast) -> None:
    now, role = at("2026-11-24 10:00"), account_admin.RoleGiven(Role.ADMINISTRATOR)
    with app_context.transaction(now) as ctx:
        account_admin.grant_role(ctx.by(CONSOLE).at(now), "editor", role)
    second = replace(cast.editor, grants=cast.administrator.grants)

    def disable(actor: Any, username: str) -> bool:
        try:
            with app_context.transaction(now) as ctx:
                account_admin.disable(ctx.by(actor).at(now), username)
        except ConditionUnmet:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            both = [pool.submit(disable, cast.administrator, "editor"), pool.submit(disable, second, "administrator")]
            assert sorted(one.result() for one in both) == [False, True]
            with app_context.transaction(now) as ctx:
                for username in ("administrator", "editor"):
                    if staff_of(app_context, username).disabled_at is not None:
                        account_admin.enable(ctx.by(CONSOLE).at(now), username)


def test_the_console_keeps_the_last_administrator_too(app_context: AppContext) -> None:
    now = at("2026-11-24 10:00")
    with pytest.raises(ConditionUnmet, match="最后一位"), app_context.transaction(now) as ctx:
        account_admin.disable(ctx.by(CONSOLE).at(now), "administrator")
    assert deeds(app_context) == []
