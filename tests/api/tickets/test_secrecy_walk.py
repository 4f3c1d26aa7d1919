"""Every address that can be read, read by everybody: who must not know, finds nothing there."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Flask
from werkzeug.routing import Rule

from hotline.app_context import AppContext
from hotline.casework.dispatch import assisting
from hotline.casework.handling import requests
from hotline.casework.ratings import rating_links
from hotline.casework.supervision import supervision
from hotline.casework.tickets.access import ticket_for
from hotline.rules.actors import Actor
from hotline.rules.visibility import scope_of, sees_identity
from hotline.rules.vocabulary import RequestKind, Role
from hotline.web.access import COOKIE
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

SECRETS = ("甲乙机械", "王小明", "13812345678", "12345678")
TITLE = "窗口人员索要好处"


def _addresses(app: Flask, rule: Rule, known: dict[str, list[Any]]) -> list[str]:
    """The addresses of a rule with every value that is known for its places."""
    found: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        found = [{**values, name: value} for values in found for value in known[name]]
    with app.test_request_context():
        return [app.url_for(rule.endpoint, **values) for values in found]


def _everything(call: Calls, build: Builder) -> tuple[str, dict[str, list[Any]]]:
    """A secret matter with all that can hang on one: a helper, a request, an order, a file, a reminder."""
    now = datetime.now(UTC) - timedelta(minutes=10)
    number = build.ticket("handling", now, title=TITLE, confidential=True)
    assert build.logged is not None
    code, path = build.logged.query_code, f"/tickets/{number}"
    build.do("dispatcher", assisting.add_assist, number, assisting.AssistGiven("justice", "协助"), now=now)
    build.do("leader", requests.ask, number, requests.Asking(RequestKind.DIFFICULT, "因", code="testing"), now=now)
    build.do("supervisor", supervision.place, number, supervision.Placing("请说明"), now=now)
    call.ok(None, "POST", f"/public{path}/actions/remind", {"code": code, "text": "我是王小明，电话13812345678"})
    data = {"code": code, "file": (BytesIO(b"%PDF-1.7\n"), "襄阳甲乙机械有限公司合同.pdf")}
    assert call.client.post(f"/api/v1/public{path}/attachments", data=data).status_code == 201
    file = call.ok("supervisor", "GET", path)
    return number, {
        "number": [number],
        "token": [build.app_context.keys.sign(rating_links.PURPOSE, ["s", "city-hall", 1])],
        "clock_id": [clock["id"] for clock in file["clocks"]],
        "attachment_id": [row["id"] for row in file["attachments"]],
        "code": ["company-opening", "legal", "opening"],
        "form": ["consultation", "check-up"],
        "conflict_id": [1],
        "enterprise_id": [1],
        "import_id": [1],
        "username": ["handler"],
        "name": ["hotline.css"],
        "release": ["any"],
        "what": ["tickets", "overdue", "statistics"],
        "kind": ["csv"],
        "filename": ["css/bootstrap.min.css"],
    }


def _read(call: Calls, who: str, address: str) -> str:
    token = call.cast.tokens[who]
    client = call.app.test_client()
    client.set_cookie(COOKIE, token)
    answer = client.get(address, headers={"Authorization": f"Bearer {token}"} if address.startswith("/api/") else {})
    assert answer.status_code < 500, (who, address, answer.status_code)
    return _text(answer.get_data())


def _text(content: bytes) -> str:
    """What a person reads of it, also of what comes packed."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def test_nobody_reads_what_is_not_theirs(
    app: Flask, call: Calls, build: Builder, cast: Cast, app_context: AppContext
) -> None:
    number, known = _everything(call, build)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    addresses = [address for rule in rules for address in _addresses(app, rule, known)]
    asked = ["/tickets?sort=-received", "/tickets?q=索要", "/suggestions?phone=13812345678&text=索要好处"]
    asked += ["/enterprises?phone=13812345678", "/enterprises?name=襄阳甲乙", "/overdue"]
    addresses += [f"/api/v1{path}" for path in asked] + ["/tickets?sort=-received"]
    assert len(addresses) > 50
    with app_context.snapshot() as ctx:
        ticket = ticket_for(ctx.by(cast.supervisor), number)
    known_to: set[str] = set()
    for who, actor in cast.everyone().items():
        for address in addresses:
            text = _read(call, who, address)
            if not sees_identity(actor, ticket):
                assert not any(secret in text for secret in SECRETS), (who, address)
            if not _sees(actor, ticket):
                assert TITLE not in text and (number not in text or number in address), (who, address)
            if any(secret in text for secret in SECRETS):
                known_to.add(who)
    # The walk would see it: the centre does read who it is.
    assert known_to >= {"operator", "dispatcher", "reviewer", "supervisor"}


def _sees(actor: Actor, ticket: Any) -> bool:
    return scope_of(actor).covers(ticket) and bool(actor.roles - {Role.ADMINISTRATOR, Role.EDITOR})


def test_a_helper_sees_the_matter_and_whoever_keeps_out_does_not(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", datetime.now(UTC))
    call.refused("other_handler", "GET", f"/tickets/{number}", 404)
    call.ok("dispatcher", "POST", f"/tickets/{number}/assists", {"unit": "tax", "task": "协助核实"})
    for path in (f"/tickets/{number}", f"/tickets/{number}/timeline"):
        call.ok("other_handler", "GET", path)
    assert [row["number"] for row in call.ok("other_handler", "GET", "/tickets")["items"]] == [number]
    call.refused(
        "other_handler", "POST", f"/tickets/{number}/actions/draft_result", 403, {"kind": "solved", "reply": "x"}
    )
    call.ok("handler", "POST", f"/tickets/{number}/actions/recuse", {"reason": "亲属"})
    call.refused("handler", "GET", f"/tickets/{number}", 404)
    assert call.ok("handler", "GET", "/tickets")["items"] == []
    assert call.ok("handler", "GET", "/notices")["items"] == []
    assert call.ok("second_handler", "GET", f"/tickets/{number}")["number"] == number
