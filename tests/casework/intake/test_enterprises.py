"""Who an enterprise is: names from outside stay on their tickets, staff establish, rename, merge and part."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.models.intake.enterprises import Enterprise
from tests.support.build import Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
CODE, OTHER_CODE = "91420600MA48XUD545", "91310000631696382C"
NAME, FALSE_NAME = "襄阳真名示例股份有限公司", "某骗子公司"
KNOWN = {"type": "complaint", "category": "licensing-delay", "difficulty": "ordinary"}


def logged(call: Calls, name: str, code: str | None = None, who: str = "operator", **more: Any) -> str:
    phone = {"name": "李", "phone": "13800138008"}
    body = {
        "title": "真实诉求",
        "content": "内容内容",
        "enterprise": {"name": name, "credit_code": code},
        "contact": phone,
    }
    return str(call.ok(who, "POST", "/tickets", {**body, **KNOWN, **more})["number"])


def submitted(call: Calls, name: str, code: str | None = None, **more: Any) -> str:
    phone = {"name": "王", "phone": "13800138009"}
    body = {
        "title": "测试",
        "content": "内容内容内容",
        "enterprise": {"name": name, "credit_code": code},
        "contact": phone,
    }
    return str(call.ok(None, "POST", "/public/tickets", {**body, "type": "complaint", **more})["number"])


def enterprise_of(call: Calls, number: str, who: str = "operator") -> dict[str, Any]:
    found = call.ok(who, "GET", f"/tickets/{number}")["enterprise"]
    assert isinstance(found, dict)
    return found


def act(call: Calls, number: str, action: str, body: dict[str, Any], who: str = "operator") -> Any:
    return call.ok(who, "POST", f"/tickets/{number}/actions/{action}", body)


def test_what_a_visitor_calls_a_code_is_the_name_of_nobody_else(call: Calls) -> None:
    outside = submitted(call, FALSE_NAME, CODE)
    inside = logged(call, NAME, CODE)
    assert enterprise_of(call, inside)["name"] == NAME
    found = enterprise_of(call, outside)
    assert (found["name"], found["credit_code"], found["verified"]) == (FALSE_NAME, CODE, False)
    lines = {row["number"]: row for row in call.ok("operator", "GET", "/tickets?sort=-received")["items"]}
    assert (lines[outside]["enterprise"], lines[outside]["enterprise_verified"]) == (FALSE_NAME, False)
    assert (lines[inside]["enterprise"], lines[inside]["enterprise_verified"]) == (NAME, True)
    act(
        call,
        inside,
        "correct",
        {"reason": "少一个字", "title": "另一个标题", "enterprise": {"name": NAME, "credit_code": CODE}},
    )


def test_the_first_at_the_phone_is_not_offered_a_false_name(call: Calls) -> None:
    submitted(call, FALSE_NAME, CODE)
    logged(call, NAME, CODE)
    first, second = call.ok("operator", "GET", f"/enterprises?credit_code={CODE}")["items"]
    assert (first["name"], first["verified"], second["name"], second["verified"]) == (NAME, True, FALSE_NAME, False)


@pytest.mark.parametrize("who", ["outsourced"])
def test_an_outsourced_operator_establishes_nothing(call: Calls, who: str) -> None:
    number = logged(call, FALSE_NAME, CODE, who=who, difficulty=None)
    assert enterprise_of(call, number)["verified"] is False
    call.refused(who, "POST", f"/tickets/{number}/actions/confirm_enterprise", 403, {})
    assert enterprise_of(call, logged(call, NAME, CODE))["name"] == NAME


def test_staff_confirm_what_came_from_outside(call: Calls) -> None:
    outside, inside = submitted(call, "襄阳真名示例", CODE), logged(call, NAME, CODE)
    problem = call.refused("operator", "POST", f"/tickets/{outside}/actions/confirm_enterprise", 409, {})
    assert problem["code"] == "enterprise-named-otherwise" and NAME in problem["detail"]
    body = {"name_choice": "stored", "version": call.ok("operator", "GET", f"/tickets/{outside}")["version"]}
    act(call, outside, "confirm_enterprise", body)
    found = enterprise_of(call, outside)
    assert (found["name"], found["verified"], found["given_name"]) == (NAME, True, "襄阳真名示例")
    assert found["id"] == enterprise_of(call, inside)["id"]
    call.refused("operator", "POST", f"/tickets/{outside}/actions/confirm_enterprise", 409, {})


def test_a_stale_page_confirms_and_corrects_nothing(call: Calls) -> None:
    number = submitted(call, NAME, CODE)
    version = call.ok("operator", "GET", f"/tickets/{number}")["version"]
    act(call, number, "correct", {"reason": "更正", "title": "一", "version": version})
    for action, body in (("correct", {"reason": "更正", "title": "二"}), ("confirm_enterprise", {})):
        path = f"/tickets/{number}/actions/{action}"
        assert call.refused("supervisor", "POST", path, 409, {**body, "version": version})["code"] == "stale"


def test_confirming_establishes_what_nobody_had(call: Calls) -> None:
    number = submitted(call, NAME, CODE)
    act(call, number, "confirm_enterprise", {}, who="supervisor")
    assert enterprise_of(call, number)["verified"] is True
    assert enterprise_of(call, logged(call, NAME))["credit_code"] == CODE
    assert enterprise_of(call, submitted(call, NAME, CODE))["verified"] is False


def test_correcting_asks_which_name_holds(call: Calls) -> None:
    first, second = logged(call, FALSE_NAME, CODE), logged(call, "别的公司")
    named = {"reason": "核对执照", "enterprise": {"name": NAME, "credit_code": CODE}}
    path = f"/tickets/{second}/actions/correct"
    assert call.refused("operator", "POST", path, 409, named)["code"] == "enterprise-named-otherwise"
    assert enterprise_of(call, second)["name"] == "别的公司"
    act(call, second, "correct", {**named, "name_choice": "rename"})
    assert enterprise_of(call, first)["name"] == enterprise_of(call, second)["name"] == NAME
    file = call.ok("operator", "GET", f"/enterprises/{enterprise_of(call, first)['id']}")
    assert [(row["name"], row["kind"]) for row in file["names"]] == [(FALSE_NAME, "former")]
    assert enterprise_of(call, logged(call, FALSE_NAME))["name"] == NAME


def test_another_name_at_the_phone_stays_on_its_ticket(call: Calls) -> None:
    logged(call, NAME, CODE)
    found = enterprise_of(call, logged(call, "真名示例", CODE))
    assert (found["name"], found["given_name"], found["verified"]) == (NAME, "真名示例", True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("襄阳甲乙（集团）有限公司", "襄阳甲乙(集团)有限公司"),
        ("ＡＢ商贸有限公司", "ab商贸 有限公司"),
        ("襄阳\u200b甲乙有限公司", "襄阳甲乙有限公司"),
        ("阿里·买买提商行", "阿里•买买提商行"),
    ],
)
def test_the_same_name_without_and_with_a_code_is_one_enterprise(call: Calls, one: str, other: str) -> None:
    first, second = logged(call, one), logged(call, other, CODE)
    assert enterprise_of(call, first)["id"] == enterprise_of(call, second)["id"]
    assert enterprise_of(call, first)["credit_code"] == CODE
    assert enterprise_of(call, logged(call, other))["id"] == enterprise_of(call, first)["id"]


def test_two_codes_are_two_enterprises_and_a_proposal(call: Calls) -> None:
    first, second = logged(call, NAME, CODE), logged(call, NAME, OTHER_CODE)
    one, two = (enterprise_of(call, number)["id"] for number in (first, second))
    assert one != two
    (group,) = call.ok("supervisor", "GET", "/enterprises/proposals")["items"]
    assert {row["id"] for row in group} == {one, two}
    merging = {"into": one, "reason": "换发了新的代码"}
    assert (
        "确认后再合并" in call.refused("operator", "POST", f"/enterprises/{two}/actions/merge", 409, merging)["detail"]
    )
    call.ok("operator", "POST", f"/enterprises/{two}/actions/merge", {**merging, "confirmed": True})
    assert call.ok("supervisor", "GET", "/enterprises/proposals")["items"] == []
    assert enterprise_of(call, second)["id"] == one
    call.ok("operator", "POST", f"/enterprises/{two}/actions/split", {"reason": "误并"})
    assert (enterprise_of(call, second)["id"], enterprise_of(call, second)["credit_code"]) == (two, OTHER_CODE)
    assert len(call.ok("supervisor", "GET", "/enterprises/proposals")["items"][0]) == 2


def test_merges_are_undone_in_any_order(call: Calls, build: Builder) -> None:
    numbers = [logged(call, name) for name in ("甲公司", "乙公司", "丙公司")]
    a, b, c = (enterprise_of(call, number)["id"] for number in numbers)

    def step(who: int, action: str, **more: Any) -> None:
        call.ok("supervisor", "POST", f"/enterprises/{who}/actions/{action}", {"reason": "一家", **more})

    def shown() -> list[int]:
        return [enterprise_of(call, number)["id"] for number in numbers]

    step(a, "merge", into=b)
    step(b, "merge", into=c)
    assert shown() == [c, c, c]
    step(b, "split")
    assert shown() == [b, b, c]
    step(b, "merge", into=c)
    step(a, "split")
    assert shown() == [a, c, c]
    for path, body in (
        (f"{a}/actions/split", {}),
        (f"{b}/actions/merge", {"into": a}),
        (f"{a}/actions/merge", {"into": b}),
    ):
        call.refused("supervisor", "POST", f"/enterprises/{path}", 409, {"reason": "一家", **body})
    with build.app_context.snapshot() as ctx:
        lines = [row.deed for row in ctx.session.query(AdministrationEntry).order_by(AdministrationEntry.id)]
    assert lines.count("merge_enterprises") == 3 and lines.count("split_enterprise") == 2


def test_the_one_with_a_code_stays(call: Calls) -> None:
    with_code, without = logged(call, NAME, CODE), logged(call, "真名示例")
    one, two = (enterprise_of(call, number)["id"] for number in (with_code, without))
    kept = call.ok("operator", "POST", f"/enterprises/{one}/actions/merge", {"into": two, "reason": "一家"})
    assert (kept["id"], enterprise_of(call, without)["credit_code"]) == (one, CODE)


@pytest.mark.parametrize("secret", ["confidential", "anonymous"])
def test_merging_shows_nobody_more(call: Calls, secret: str) -> None:
    hidden, plain = logged(call, "甲公司", **{secret: True}), logged(call, "乙公司")
    for number in (hidden, plain):
        call.ok("dispatcher", "POST", f"/tickets/{number}/actions/dispatch", {"unit": "market-supervision"})
    seen = {who: call.ok(who, "GET", f"/tickets/{hidden}")["enterprise"] for who in ("handler", "inspector")}
    before = {
        who: call(who, "GET", "/tickets?sort=-received").get_json()["items"] for who in ("handler", "other_handler")
    }
    one, two = (enterprise_of(call, number)["id"] for number in (hidden, plain))
    call.ok("supervisor", "POST", f"/enterprises/{one}/actions/merge", {"into": two, "reason": "一家"})
    assert seen == {"handler": None, "inspector": None}
    assert {who: call.ok(who, "GET", f"/tickets/{hidden}")["enterprise"] for who in seen} == seen
    assert {who: call(who, "GET", "/tickets?sort=-received").get_json()["items"] for who in before} == before
    for who in ("handler", "inspector", "outsourced", "administrator", "editor"):
        call.refused(who, "GET", f"/enterprises/{two}", 403)
        call.refused(who, "POST", f"/enterprises/{two}/actions/split", 403, {"reason": "x"})


def test_tickets_of_unverified_enterprises_are_not_merged_by_name(call: Calls) -> None:
    first = logged(call, NAME, CODE)
    body = {"contact": {"phone": "13900000000"}}
    second = submitted(call, NAME, CODE, **body)
    problem = call.refused("operator", "POST", f"/tickets/{second}/actions/merge", 409, {"master": first})
    assert "尚未核实" in problem["detail"]
    act(call, second, "confirm_enterprise", {})
    act(call, second, "merge", {"master": first})


def test_a_code_that_may_be_wrong_is_kept_and_said(call: Calls) -> None:
    wrong = CODE[:-1] + "6"
    number = logged(call, NAME, wrong)
    found = enterprise_of(call, number)
    assert found["credit_code"] == wrong and "校验位不符" in found["credit_code_warning"]
    assert enterprise_of(call, logged(call, "好公司", CODE))["credit_code_warning"] is None


def test_the_extension_is_kept_and_the_caller_is_found_by_the_number(call: Calls) -> None:
    number = logged(call, NAME, contact={"name": "李", "phone": "0710-3512345 转 8001"})
    shown = call.ok("operator", "POST", f"/tickets/{number}/actions/reveal_contact", {"reason": "核实"})
    assert shown["phone"] == "+867103512345转8001"
    for phone in ("0710-3512345", "0710-3512345-8001", "0710-3512345%238002"):
        (item,) = call.ok("operator", "GET", f"/enterprises?phone={phone}")["items"]
        assert item["name"] == NAME


def test_a_title_that_nobody_sees_is_refused(call: Calls) -> None:
    for title in ("\u202a\u200b", "\u3164", "\u2800 \u00ad"):
        body = {"title": title, "content": "内容", **KNOWN}
        problem = call.refused("operator", "POST", "/tickets", 422, body)
        assert {error["pointer"] for error in problem["errors"]} == {"/title"}


def test_each_outside_ticket_has_a_name_of_its_own(call: Calls, build: Builder) -> None:
    first, second = submitted(call, NAME, CODE), submitted(call, NAME, CODE)
    act(call, first, "confirm_enterprise", {})
    assert enterprise_of(call, second)["verified"] is False
    with build.app_context.snapshot() as ctx:
        assert ctx.session.query(Enterprise).filter(Enterprise.credit_code == CODE).count() == 1
