"""Enterprises on pages: confirmed on the ticket, renamed, merged and parted on their file."""

import re

from flask import Flask

from tests.casework.intake.test_enterprises import CODE, NAME, enterprise_of, logged, submitted
from tests.pages.conftest import Browser
from tests.support.calls import Calls


def test_an_enterprise_is_confirmed_and_its_name_settled_on_the_ticket(app: Flask, call: Calls) -> None:
    number, browser = submitted(call, "真名示例", CODE), Browser(app, "operator")
    logged(call, NAME, CODE)
    page, path = browser.get(f"/tickets/{number}").text, f"/tickets/{number}"
    assert "未核实" in page and "/do/confirm_enterprise" in page
    given = {"enterprise.name": "真名示例", "enterprise.credit_code": CODE, "version": "1"}
    refused = browser.post(f"{path}/do/confirm_enterprise", given, page=path)
    assert refused.status_code == 409 and "请选择沿用已核实的名称" in refused.text
    assert (
        browser.post(f"{path}/do/confirm_enterprise", {**given, "name_choice": "stored"}, page=path).status_code == 302
    )
    page = browser.get(path).text
    assert NAME in page and "登记名称：真名示例" in page and "/do/confirm_enterprise" not in page


def test_a_correction_from_a_stale_page_is_refused(app: Flask, call: Calls) -> None:
    number, browser = logged(call, NAME, CODE), Browser(app, "operator")
    path = f"/tickets/{number}"
    form = re.search(r'action="[^"]*/do/correct".*?</form>', browser.get(path).text, re.DOTALL)
    assert form and 'name="version"' in form[0]
    call.ok("supervisor", "POST", f"{path}/actions/correct", {"reason": "更正", "title": "一"})
    version = re.search(r'name="version" value="(\d+)"', form[0])
    assert version
    answer = browser.post(f"{path}/do/correct", {"title": "二", "reason": "更正", "version": version[1]}, page=path)
    assert answer.status_code == 409 and "他人更新" in answer.text


def test_enterprises_are_merged_and_parted_on_their_file(app: Flask, call: Calls) -> None:
    first, second = logged(call, NAME, CODE), logged(call, NAME, "91310000631696382C")
    one, two = (enterprise_of(call, number)["id"] for number in (first, second))
    browser = Browser(app, "supervisor")
    assert f'href="/enterprises/{one}"' in browser.get("/enterprises").text
    assert f'href="/enterprises/{two}"' in browser.get(f"/enterprises/found?name={NAME[:2]}").text
    path, given = f"/enterprises/{two}", {"into": str(one), "reason": "换码"}
    refused = browser.post(f"{path}/merge", given, page=path)
    assert refused.status_code == 409 and "信用代码不同" in refused.text and "换码" in refused.text
    assert (
        browser.post(f"{path}/merge", {**given, "confirmed": "true"}, page=path).headers["Location"]
        == f"/enterprises/{one}"
    )
    assert "撤销合并" in browser.get(f"/enterprises/{one}").text
    assert browser.post(f"{path}/split", {"reason": "误并"}, page=path).headers["Location"] == path
    assert browser.post(f"{path}/rename", {"name": "新名", "reason": "更名"}, page=path).status_code == 302
    assert "新名" in browser.get(f"/tickets/{second}").text
    assert Browser(app, "handler").get("/enterprises").status_code == 403


def test_a_doubtful_code_is_said_on_the_page(app: Flask, call: Calls) -> None:
    number = logged(call, NAME, CODE[:-1] + "6")
    assert "校验位不符" in Browser(app, "operator").get(f"/tickets/{number}").text
