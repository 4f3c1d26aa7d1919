"""Units on the administrator's pages: seats, the duty phone, closed and opened again."""

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from hotline.app_context import AppContext
from hotline.casework.accounts.config_sync import load_units
from hotline.rules.vocabulary import Role
from hotline.settings.config_files import read_toml
from tests.pages.administered import deeds, staff_of, unit_of
from tests.pages.test_pages import Browser, at
from tests.support.build import Builder
from tests.support.cast import UNIT


def test_the_seats_of_a_unit_are_who_the_ladder_tells(admin: Browser, app_context: AppContext) -> None:
    page = f"/admin/units/{UNIT}"
    seats = {"liaison[]": ["liaison", "handler"], "leader[]": ["second_handler"]}
    assert admin.post(f"{page}/seats", seats, page=page).status_code == 302
    assert {role.role for role in staff_of(app_context, "handler").roles} == {Role.HANDLER, Role.LIAISON}
    assert {role.role for role in staff_of(app_context, "leader").roles} == set()
    assert [deed for deed, *_ in deeds(app_context)] == ["grant_role", "grant_role", "withdraw_role"]
    assert admin.post(f"{page}/seats", seats, page=page).status_code == 302
    assert len(deeds(app_context)) == 3, "what is so already is not written again"
    stranger = admin.post(f"{page}/seats", {"leader[]": ["other_leader"]}, page=page)
    assert stranger.status_code == 422 and "不是这个单位的在用账号" in stranger.text


def test_a_duty_phone_is_kept_when_the_files_are_loaded_again(admin: Browser, app_context: AppContext) -> None:
    page = "/admin/units/tax"
    assert admin.post(f"{page}/duty", {"duty_phone": "不知道"}, page=page).status_code == 422
    assert admin.post(f"{page}/duty", {"duty_phone": "0710-3456789"}, page=page).status_code == 302
    with app_context.transaction() as ctx:
        load_units(ctx.session, read_toml(app_context.settings.config / "units.toml")["unit"])
    assert unit_of(app_context, "tax").duty_phone == "+867103456789"
    assert "由“无”改为“+867103456789”" in admin.get("/admin/log?subject=tax").text


def test_a_unit_closes_when_nothing_lies_there_or_somebody_takes_it_over(
    admin: Browser, app_context: AppContext, build: Builder, app: Flask
) -> None:
    number = build.ticket("handling", datetime.now(at("2026-01-01 00:00").tzinfo) - timedelta(minutes=5))
    page, offices = f"/admin/units/{UNIT}", ("company-registration-office", "intellectual-property-office")

    def close(code: str, **fields: str) -> Any:
        return admin.post(f"/admin/units/{code}/close", fields, page=f"/admin/units/{code}")

    assert "下级单位还在用" in close(UNIT).text
    for code in offices:
        assert close(code).status_code == 302
    held = close(UNIT)
    assert held.status_code == 409 and "未了结的工单1件" in held.text and "请选择承接单位" in held.text
    asked = close(UNIT, successor="civil-air-defence")
    assert asked.status_code == 409 and 'name="confirmed" value="true"' in asked.text
    assert '<option value="civil-air-defence" selected>' in asked.text
    row = re.search(rf'<tr><th scope="row">(?:(?!</tr>).)*href="{page}".*?</tr>', admin.get("/admin/units").text, re.S)
    assert row and 'data-label="在办" class="text-lg-end">1<' in row[0]
    assert close("hotline-centre").status_code == 409
    assert close("tax-service-hall", successor="tax-service-hall").status_code == 422
    assert close("tax-service-hall", successor="justice").status_code == 302
    assert close("tax-service-hall").status_code == 409
    assert unit_of(app_context, "tax-service-hall").closed_on is not None
    dispatcher = Browser(app, "dispatcher")
    file = f"/tickets/{build.ticket('accepted', datetime.now(at('2026-01-01 00:00').tzinfo) - timedelta(minutes=5))}"
    refused = dispatcher.post(f"{file}/do/dispatch", {"unit": "tax-service-hall"}, page=file)
    assert refused.status_code == 422 and "已撤销或合并" in refused.text
    assert "襄阳市税务局办税服务厅" in admin.get("/admin/units?state=closed").text
    reopened = admin.post("/admin/units/tax-service-hall/reopen", {}, page="/admin/units/tax-service-hall")
    assert reopened.status_code == 302 and unit_of(app_context, "tax-service-hall").closed_on is None
    assert number and [deed for deed, *_ in deeds(app_context)] == [
        "close_unit",
        "close_unit",
        "close_unit",
        "reopen_unit",
    ]
