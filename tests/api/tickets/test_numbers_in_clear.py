"""Numbers in texts: the centre reads them, an outsourced operator the last four digits, on every way to a ticket."""

from collections.abc import Iterator

import pytest
from flask import Flask
from freezegun import freeze_time

from tests.api.test_access import NOW
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

PHONE, SAID, MASKED = "13912345678", "13787654321", "4321"
CALLER = {"enterprise": {"name": "襄阳甲乙机械有限公司"}, "contact": {"name": "王小明", "phone": PHONE}}
MATTER = {"title": f"请回电{SAID}说明", "content": f"经办人的电话是+86 137-8765-4321，也就是{SAID}。", **CALLER}
KNOWN = {"type": "consult", "category": "licensing-delay", "difficulty": "ordinary"}
ASKED = f"phone={PHONE}"
WRITTEN = (SAID, "137-8765-4321", "8765")


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with freeze_time(NOW):
        yield


def in_clear(text: str) -> bool:
    return any(number in text for number in WRITTEN)


def api_texts(call: Calls, who: str, number: str) -> dict[str, str]:
    ways = (
        *(f"/tickets/{number}", f"/tickets/{number}/timeline", "/tickets?sort=-received", "/tickets"),
        *(f"/suggestions?{ASKED}", f"/suggestions?text=请回电说明&{ASKED}", f"/enterprises?{ASKED}", "/overdue"),
    )
    return {way: str(call.ok(who, "GET", way)) for way in ways}


def page_texts(app: Flask, who: str, number: str) -> dict[str, str]:
    browser = Browser(app, who)
    ways = (f"/tickets/{number}", f"/tickets/{number}/print", "/tickets?sort=-received", "/tickets")
    found = {way: browser.get(way) for way in (*ways, f"/operator?{ASKED}", "/operator")}
    assert {answer.status_code for answer in found.values()} == {200}
    return {way: answer.text for way, answer in found.items()}


@pytest.mark.parametrize("logged_by", ["outsourced", "operator"])
def test_an_outsourced_operator_reads_the_last_four_digits_of_what_was_said(
    app: Flask, call: Calls, logged_by: str
) -> None:
    number = call.ok(logged_by, "POST", "/tickets", MATTER)["number"]
    found = {**api_texts(call, "outsourced", number), **page_texts(app, "outsourced", number)}
    assert [way for way, text in found.items() if in_clear(text)] == []
    assert MASKED in found[f"/tickets/{number}"] and MASKED in found[f"/operator?{ASKED}"]


def test_an_operator_of_the_centre_reads_them(app: Flask, call: Calls) -> None:
    number = call.ok("outsourced", "POST", "/tickets", MATTER)["number"]
    found = {**api_texts(call, "operator", number), **page_texts(app, "operator", number)}
    hidden = {way for way, text in found.items() if MASKED in text and not in_clear(text)}
    assert hidden == set() and in_clear(found[f"/tickets/{number}"]) and in_clear(found[f"/operator?{ASKED}"])


def test_what_the_centre_answered_is_masked_for_an_outsourced_operator_too(app: Flask, call: Calls) -> None:
    answered = {**MATTER, **KNOWN, "answer": {"reply": f"请打窗口的电话{SAID}。"}}
    number = call.ok("operator", "POST", "/tickets", answered)["number"]
    assert SAID in call.ok("operator", "GET", f"/tickets/{number}")["reply"]
    assert call.ok("outsourced", "GET", f"/tickets/{number}")["reply"] == "请打窗口的电话137****4321。"
    assert not in_clear(Browser(app, "outsourced").get(f"/tickets/{number}").text)


def test_the_file_of_the_caller_and_the_calls_show_no_telephone(app: Flask, call: Calls) -> None:
    call.ok("outsourced", "POST", "/tickets", MATTER)
    begun = call.ok("outsourced", "POST", "/calls", {"phone": PHONE})
    listed = str(call.ok("outsourced", "GET", "/calls"))
    assert "5678" in begun["phone"] and PHONE not in str(begun) and PHONE not in listed
    assert "王小明" not in Browser(app, "outsourced").get(f"/operator?{ASKED}").text


def test_a_unit_reads_what_it_wrote_itself_and_masked_what_the_enterprise_said(call: Calls) -> None:
    number = call.ok("operator", "POST", "/tickets", {**MATTER, **KNOWN, "type": "complaint"})["number"]
    call.ok("dispatcher", "POST", f"/tickets/{number}/actions/dispatch", {"unit": "market-supervision"})
    for who, name, body in (
        ("handler", "sign", {}),
        ("handler", "record_contact", {"summary": "已联系"}),
        ("leader", "submit_result", {"kind": "solved", "reply": f"已办结，窗口电话{SAID}。"}),
    ):
        call.ok(who, "POST", f"/tickets/{number}/actions/{name}", body)
    own = call.ok("leader", "GET", f"/tickets/{number}")
    assert not in_clear(own["title"] + own["content"]) and SAID in own["results"][0]["reply"]
    assert not in_clear(str(call.ok("outsourced", "GET", f"/tickets/{number}")))
