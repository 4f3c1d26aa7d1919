"""Bad input of every kind: a 4xx with a pointer, one sentence, and nothing half-written."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.catalogue import metadata
from tests.support.build import Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
GOOD: dict[str, Any] = {"title": "标题", "content": "内容", "type": "help", "category": "licensing-delay"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": None}, "/title"),
    ({"title": "   "}, "/title"),
    ({"title": 5}, "/title"),
    ({"title": "长" * 121}, "/title"),
    ({"content": ["x"]}, "/content"),
    ({"type": "praise"}, "/type"),
    ({"category": "no-such"}, "/category"),
    ({"target_unit": "no-such"}, "/target_unit"),
    ({"channel": "fax"}, "/channel"),
    ({"urgency": "very"}, "/urgency"),
    ({"confidential": "perhaps"}, "/confidential"),
    ({"enterprise": "甲公司"}, "/enterprise"),
    ({"enterprise": {}}, "/enterprise/name"),
    ({"enterprise": {"name": "甲", "credit_code": "91420600MA4ABCDEF"}}, "/enterprise/credit_code"),
    ({"contact": {"phone": "转123"}}, "/contact/phone"),
    ({"contact": {"phone": "138123456789012"}}, "/contact/phone"),
    ({"contact": {"email": "王@"}}, "/contact/email"),
    ({"contact": {"age": 3}}, "/contact/age"),
    ({"surprise": 1}, "/surprise"),
    ({"__proto__": {}}, "/__proto__"),
    ({"dispatch": {"unit": ""}}, "/dispatch/unit"),
]


def count_all(app_context: AppContext) -> dict[str, int]:
    with app_context.snapshot() as ctx:
        return {
            table.name: ctx.session.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def position(at: str, id: str) -> str:
    """A place in a list, as a list itself would write it."""
    return base64.urlsafe_b64encode(f"{at}|{id}".encode()).decode().rstrip("=")


@pytest.mark.parametrize("with_key", [False, True])
def test_a_wrong_call_names_each_wrong_place_and_writes_nothing(
    call: Calls, app_context: AppContext, with_key: bool
) -> None:
    before = count_all(app_context)
    for number, (change, pointer) in enumerate(WRONG):
        headers = {"Idempotency-Key": f"k{number}"} if with_key else None
        answer = call("operator", "POST", "/tickets", {**GOOD, **change}, headers=headers)
        assert answer.status_code == 422, (change, answer.get_data(as_text=True))
        problem = answer.get_json()
        assert pointer in [error["pointer"] for error in problem["errors"]], (change, problem)
        assert problem["detail"]
    assert count_all(app_context) == before


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b'"x"', "application/json"),
        (b"null", "application/json"),
        (b"", "application/json"),
        (b"title=x", "application/x-www-form-urlencoded"),
        (b'{"title": "\\u0000"}', "application/json"),
        (b"[" * 5000, "application/json"),
    ],
)
def test_what_is_no_json_object_is_refused_as_a_problem(call: Calls, data: bytes, content_type: str) -> None:
    token = {"Authorization": f"Bearer {call.cast.tokens['operator']}"}
    answer = call.client.post("/api/v1/tickets", data=data, content_type=content_type, headers=token)
    assert answer.status_code in (400, 415, 422), answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"


def test_too_large_a_body_is_refused(call: Calls) -> None:
    assert call("operator", "POST", "/tickets", {**GOOD, "content": "长" * 600_000}).status_code == 413


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("state=open", "/state"),
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("cursor=zzz", "/cursor"),
        ("received_from=yesterday", "/received_from"),
        ("sort=title", "/sort"),
        ("colour=red", "/colour"),
        ("step=9", "/step"),
    ],
)
def test_a_wrong_question_is_refused_with_its_place(call: Calls, query: str, pointer: str) -> None:
    problem = call.refused("operator", "GET", f"/tickets?{query}", 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_zone_can_reckon_with_is_refused(call: Calls, day: str) -> None:
    """At the ends of the calendar the same instant lies outside it in another zone."""
    asked = {"from": day, "to": "2026-01-01"} if day < "2026" else {"from": "2026-01-01", "to": day}
    for path, query in (
        ("/statistics", asked),
        ("/tickets", {"received_from": f"{day}T00:00:00+08:00"}),
        ("/deadlines", {"start": f"{day}T00:00:00-08:00", "days": "5"}),
        ("/knowledge/articles", {"on": day}),
    ):
        problem = call.refused("supervisor", "GET", f"{path}?{urlencode(query)}", 422)
        assert "应在1949年至2999年之间" in str(problem["errors"]), path


@pytest.mark.parametrize(
    "place",
    [
        *("zzz", "²", "٣x", "-1", "1.5", "9" * 30),
        position("2026-01-01T00:00:00+08:00", "9" * 30),
        position("0001-01-01T00:00:00+08:00", "1"),
        position("2026-01-01T00:00:00", "1"),
    ],
)
def test_a_place_that_no_list_has_is_refused(call: Calls, place: str) -> None:
    for path in ("/tickets", "/overdue", "/rectifications"):
        problem = call.refused("supervisor", "GET", path + "?" + urlencode({"cursor": place}), 422)
        assert [error["pointer"] for error in problem["errors"]] == ["/cursor"], path


@pytest.mark.parametrize("q", ["%", "_", "'", '"', "\\", "；drop table", "😀", "QS", "210标准", " "])
def test_no_search_raises_an_error(call: Calls, build: Builder, q: str) -> None:
    build.ticket("accepted", NOW)
    for path in ("/tickets", "/knowledge/articles"):
        found = call("operator", "GET", path + "?" + urlencode({"q": q}))
        assert found.status_code == 200
    assert call.ok("operator", "GET", "/tickets?q=%25")["items"] == []


def test_a_ticket_number_that_is_none_is_not_found(call: Calls) -> None:
    for number in ("x", "0", "QS1", "%F0%9F%98%80", "a" * 300):
        call.refused("operator", "GET", f"/tickets/{number}", 404)
    call.refused("operator", "GET", "/clocks/99999999999999999999/explanation", 404)


def test_actions_by_unknown_names_and_out_of_turn(call: Calls, build: Builder) -> None:
    number = build.ticket("dispatched", NOW)
    assert call.refused("handler", "POST", f"/tickets/{number}/actions/fly", 404, {})["code"] == "unknown"
    problem = call.refused("supervisor", "POST", f"/tickets/{number}/actions/return_refused", 409, {"reason": "因"})
    assert problem["code"] == "condition-unmet" and problem["detail"].startswith("没有待审批的“退单”申请，")
    problem = call.refused("handler", "POST", f"/tickets/{number}/actions/sign", 409, {"version": 1})
    assert (problem["code"], problem["allowed_actions"]) == ("stale", ["sign"])
    problem = call.refused(
        "leader", "POST", f"/tickets/{number}/actions/submit_result", 409, {"kind": "solved", "reply": "x"}
    )
    assert (problem["code"], problem["allowed_actions"]) == ("wrong-state", ["sign"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/connected"),
        ({"connected": True}, "/satisfaction"),
        ({"connected": False, "solved": "solved"}, "/solved"),
        ({"connected": True, "solved": "solved", "satisfaction": "ok"}, "/satisfaction"),
    ],
)
def test_a_call_back_is_whole_or_refused(call: Calls, build: Builder, body: dict[str, Any], pointer: str) -> None:
    number = build.ticket("calling_back", NOW)
    problem = call.refused("second_reviewer", "POST", f"/tickets/{number}/call-backs", 422, body)
    assert pointer in [error["pointer"] for error in problem["errors"]]


def test_a_contact_in_the_future_is_refused(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", datetime.now(UTC) - timedelta(hours=1))
    body = {"summary": "电话", "at": "2099-01-01T00:00:00+08:00"}
    problem = call.refused("handler", "POST", f"/tickets/{number}/actions/record_contact", 422, body)
    assert problem["errors"][0]["pointer"] == "/at"


def test_the_same_key_makes_a_ticket_once(call: Calls, app_context: AppContext) -> None:
    headers = {"Idempotency-Key": "call-77"}
    first = call("operator", "POST", "/tickets", GOOD, headers=headers).get_json()
    again = call("operator", "POST", "/tickets", GOOD, headers=headers).get_json()
    assert first == again
    assert count_all(app_context)["tickets"] == 1
    other = call("operator", "POST", "/tickets", {**GOOD, "title": "别的"}, headers=headers)
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")
    assert call("reviewer", "POST", "/tickets", GOOD, headers=headers).status_code == 403


def test_lists_are_paged_by_key_and_miss_nothing(call: Calls, build: Builder) -> None:
    numbers = {build.ticket("accepted", NOW + timedelta(minutes=n)) for n in range(7)}
    for sort in ("due", "-received"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = call.ok("operator", "GET", f"/tickets?sort={sort}&limit=3{cursor}")
            seen += [item["number"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert len(seen) == len(set(seen)) == 7
        assert set(seen) == numbers
