"""Who comes in where: every route has a decision, and whoever does not belong is refused on every path."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from hotline.rules.vocabulary import Role
from tests.support import bodies
from tests.support.build import Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
OPEN_TO_ALL = {
    "/", "/look-up", "/rate", "/submit", "/policies", "/policies/<code>", "/static/<release>/<name>", "/sign-in",
    "/bootstrap/static/<path:filename>", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/docs",
    "/api/v1/sessions", "/sign-in/code", "/session",
    "/api/v1/public/tickets", "/api/v1/public/tickets/<number>", "/api/v1/public/tickets/<number>/ratings",
    "/api/v1/public/knowledge/articles", "/attach",
    "/api/v1/public/tickets/<number>/attachments", "/act/<any(supply_info,remind,withdraw,object):name>",
    "/api/v1/public/tickets/<number>/actions/supply_info", "/api/v1/public/tickets/<number>/actions/remind",
    "/api/v1/public/tickets/<number>/actions/withdraw",
    "/api/v1/public/tickets/<number>/actions/object", "/r/<token>", "/ratings", "/api/v1/public/ratings",
    "/policies/sections/<code>", "/policies/events/<code>", "/legal", "/legal/<any('consultation', 'check-up'):form>",
    "/api/v1/public/knowledge/sections", "/api/v1/public/knowledge/sections/<code>",
    "/api/v1/public/knowledge/life-events", "/api/v1/public/knowledge/life-events/<code>",
    "/api/v1/public/knowledge/articles/<code>", "/api/v1/public/legal/consultations", "/api/v1/public/legal/check-ups",
    "/checks/<any('credit-code', 'phone'):name>",
    "/policies/<code>/votes", "/api/v1/public/knowledge/articles/<code>/votes",
}  # fmt: skip


def test_every_route_has_an_access_decision(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        assert access in ("all", "staff", "channel") or (access and access <= set(Role)), f"{rule.rule} says nothing"
        assert (access == "all") is (rule.rule in OPEN_TO_ALL), rule.rule


def test_nobody_gets_past_a_door_without_signing_in(app: Flask) -> None:
    client = app.test_client()
    client.get("/sign-in")
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN_TO_ALL:
            continue
        values: dict[str, object] = {name: 1 if "id" in name else "x" for name in rule.arguments}
        values |= {name: known for name, known in (("what", "tickets"), ("kind", "csv")) if name in values}
        if "step" in values:
            named = {
                "request_id": "decision",
                "assist_id": "reply",
                "rating_id": "check",
                "item_id": "note",
                "enterprise_id": "merge",
            }
            values["step"] = next((step for name, step in named.items() if name in values), "take")
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(address, method=method)
            wanted = {401} if address.startswith("/api/") else {302} if method == "GET" else {400, 401}
            assert answer.status_code in wanted, f"{method} {address} {answer.status_code}"


def paths_of(number: str) -> list[tuple[str, str, object]]:
    """Every way to touch one ticket."""
    base = f"/tickets/{number}"
    return [
        ("GET", base, None),
        ("GET", f"{base}/timeline", None),
        *(("POST", f"{base}/actions/{action}", body) for action, body in bodies.ACTIONS.items()),
        *(("POST", path if path.startswith("/") else f"{base}/{path}", body) for path, body in bodies.DEEDS.values()),
    ]


@pytest.mark.parametrize("state", ["accepted", "dispatched", "handling", "reviewing", "calling_back", "closed"])
def test_another_unit_and_whoever_sees_no_tickets_find_nothing_there(call: Calls, build: Builder, state: str) -> None:
    number = build.ticket(state, NOW)
    for who in ("other_handler", "other_leader", "administrator", "editor"):
        for method, path, body in paths_of(number):
            problem = call.refused(who, method, path, 404, body)
            assert problem["code"] in ("unknown-ticket", "unknown"), path
        assert call.ok(who, "GET", "/tickets?sort=-received")["items"] == []
        assert call.ok(who, "GET", "/tickets")["items"] == []
        assert call.ok(who, "GET", "/overdue")["items"] == []
    file = call.ok("supervisor", "GET", f"/tickets/{number}")
    assert file["state"] == state
    for clock in file["clocks"]:
        call.refused("other_handler", "GET", f"/clocks/{clock['id']}/explanation", 404)


@pytest.mark.parametrize("secret", [{"confidential": True}, {"anonymous": True}])
def test_no_path_tells_a_unit_whose_secret_ticket_it_is(call: Calls, build: Builder, secret: dict[str, bool]) -> None:
    number = build.ticket("handling", NOW, **secret)
    for who in ("handler", "leader", "liaison"):
        for path in (
            f"/tickets/{number}",
            f"/tickets/{number}/timeline",
            "/tickets",
            "/tickets?sort=-received",
            "/overdue",
        ):
            text = call(who, "GET", path).get_data(as_text=True)
            assert "甲乙机械" not in text, path
            assert "王" not in text and "5678" not in text, path
        call.refused(who, "POST", f"/tickets/{number}/actions/reveal_contact", 403, {"reason": "联系企业"})
        call.refused(who, "GET", "/enterprises?name=襄阳甲乙", 403)
        call.refused(who, "GET", "/suggestions?phone=13812345678", 403)
    assert call.ok("operator", "GET", f"/tickets/{number}")["enterprise"]["name"] == "襄阳甲乙机械有限公司"


def test_contacts_are_masked_and_shown_for_a_reason_that_is_kept(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    contact = call.ok("handler", "GET", f"/tickets/{number}")["contact"]
    assert contact["name"] == "王**" and "1234" not in contact["phone"]
    path = f"/tickets/{number}/actions/reveal_contact"
    assert call.refused("handler", "POST", path, 422, {})["errors"][0]["pointer"] == "/reason"
    assert call.ok("handler", "POST", path, {"reason": "核实材料"})["phone"] == "+8613812345678"


@pytest.mark.parametrize("who", ["operator", "outsourced", "inspector", "handler", "liaison", "reviewer"])
def test_dispatching_is_the_dispatcher_s(call: Calls, build: Builder, who: str) -> None:
    number = build.ticket("accepted", NOW)
    status = 404 if who in ("handler", "liaison") else 403
    call.refused(who, "POST", f"/tickets/{number}/actions/dispatch", status, {"unit": "tax"})


def test_dispatch_inside_a_call_needs_the_dispatcher_and_else_nothing_is_written(call: Calls) -> None:
    body = {"title": "标题", "content": "内容", "type": "help", "category": "licensing-delay", "difficulty": "ordinary"}
    with_dispatch = {**body, "dispatch": {"unit": "tax"}}
    call.refused("operator", "POST", "/tickets", 403, with_dispatch)
    call.refused("outsourced", "POST", "/tickets", 403, with_dispatch)
    assert call.ok("supervisor", "GET", "/tickets?sort=-received")["items"] == []


def test_a_report_never_reaches_the_reported_unit(call: Calls) -> None:
    body = {
        "title": "举报",
        "content": "内容",
        "type": "report",
        "category": "licensing-delay",
        "difficulty": "ordinary",
    }
    logged = call.ok("operator", "POST", "/tickets", {**body, "target_unit": "tax"})
    assert logged["confidential"] is True
    path = f"/tickets/{logged['number']}/actions/dispatch"
    assert call.refused("dispatcher", "POST", path, 403, {"unit": "tax"})["code"] == "secrecy-guard"
    assert call.ok("dispatcher", "POST", path, {"unit": "justice", "confirmed": True})["state"] == "dispatched"


def test_another_enterprise_s_code_opens_nothing(call: Calls, build: Builder) -> None:
    first = build.ticket("closed", NOW)
    assert build.logged is not None
    code = build.logged.query_code
    second = build.ticket("closed", NOW)
    assert call(None, "GET", f"/public/tickets/{first}?code={code}").status_code == 200
    wrong = call.refused(None, "GET", f"/public/tickets/{second}?code={code}", 404)
    missing = call.refused(None, "GET", f"/public/tickets/QS20000101000001?code={code}", 404)
    assert wrong == missing
    rating = {"code": code, "level": "satisfied"}
    call.refused(None, "POST", f"/public/tickets/{second}/ratings", 404, rating)


def test_guessing_a_query_code_is_locked_with_the_right_code_as_well(call: Calls, build: Builder) -> None:
    number = build.ticket("dispatched", NOW)
    assert build.logged is not None
    for _ in range(5):
        call.refused(None, "GET", f"/public/tickets/{number}?code=AAAAAA", 404)
    call.refused(None, "GET", f"/public/tickets/{number}?code={build.logged.query_code}", 429)


def test_the_public_file_holds_no_names_and_no_inner_words(call: Calls, build: Builder) -> None:
    number = build.ticket("closed", NOW)
    assert build.logged is not None
    seen = call.ok(None, "GET", f"/public/tickets/{number}?code={build.logged.query_code}")
    text = str(seen)
    for word in ("王小明", "13812345678", "承办人", "督办", "回访已", "回访未", "甲乙机械"):
        assert word not in text
    assert set(seen) == {
        "number", "type_label", "title", "status", "received_at", "due_at", "unit", "reply", "replied_at", "closed_at",
        "rated", "may", "master", "may_rate", "rate_until", "object_until", "where", "next", "promise", "stations", "timeline",
    }  # fmt: skip


def test_a_revoked_token_and_a_disabled_account_are_out(call: Calls) -> None:
    answer = call.ok(None, "POST", "/sessions", {"username": "operator", "password": "correct horse battery"})
    call.cast.tokens["visitor"] = answer["token"]
    assert call.ok("visitor", "GET", "/sessions/current")["name"] == "坐席甲"
    assert call("visitor", "DELETE", "/sessions/current").status_code == 204
    call.refused("visitor", "GET", "/sessions/current", 401)
    call.refused(None, "POST", "/sessions", 401, {"username": "operator", "password": "wrong password"})
    call.refused(None, "POST", "/sessions", 401, {"username": "nobody", "password": "wrong password"})
