"""The matrix of access: every route and method, called by everybody about one matter, against what the tables say.

What the tables say: `access` of the view, `visibility` of the ticket, `permissions` of the row of the workflow. The matter lies
with a unit and is archived, where no row leads on: whoever may do it, is refused by the state, so that nothing is changed for
the next one who asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hotline.app_context import AppContext
from hotline.casework.dispatch import assisting
from hotline.casework.handling import requests
from hotline.casework.supervision import supervision
from hotline.casework.tickets.access import ticket_for
from hotline.jobs import archive
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.supervision.orders import Order
from hotline.rules.actors import Actor
from hotline.rules.permissions import may_take
from hotline.rules.visibility import reads_attachment, scope_of
from hotline.rules.vocabulary import Action, ClockKind, RequestKind, Role
from hotline.schemas.actions import ASSIST_STEPS, CASE_STEPS, ON_TICKET, ORDER_STEPS, REQUEST_STEPS, TRACK_STEPS
from hotline.web.access import API, COOKIE
from tests.support import bodies
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
BEGUN = NOW - timedelta(days=120)
LOGGED = {"title": "标题", "content": "内容", "type": "help", "category": "no-such", "difficulty": "ordinary"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NOWHERE = 9_999_999
# They end what the next call needs; test_access and the tests of the pages hold them.
SIGNING_OUT = {"api_sessions.sign_out", "sign_in.sign_out"}
STEPS: dict[str, dict[str, Action | None]] = {
    "request_id": {**REQUEST_STEPS},
    "assist_id": {**ASSIST_STEPS},
    "order": {**ORDER_STEPS},
    "case": {**CASE_STEPS},
    "item_id": {**TRACK_STEPS},
    "rating_id": {"check": None, "contact": None},
    "enterprise_id": {"rename": None, "merge": None, "split": None},
    "number": dict.fromkeys(("take", "give_back", "book"), Action.RECORD_CALL_BACK),
}
"""The steps by the place in the address that they belong to."""
SAID_OTHERWISE = {
    # A template is put into what is typed; nothing is done yet.
    "insert": None,
    "log_call": Action.SUBMIT,
    "attach": Action.ATTACH,
    "add_attachment": Action.ATTACH,
    "reveal": Action.REVEAL_CONTACT,
}
SAME_SEAT = {"second_reviewer", "second_supervisor", "second_editor", "second_handler", "other_leader"}
SIGNED = 2


@dataclass(frozen=True)
class Matter:
    """An archived ticket and what hung on it. `desks`: where what an action is about lies, if not on the ticket's own desk."""

    ticket: Any
    values: dict[str, Any]
    desks: dict[Action, str]


@dataclass(frozen=True)
class Way:
    """A route and a method with a body; `row` of the workflow, if it is one."""

    rule: Rule
    method: str
    address: str
    body: dict[str, Any]
    access: Any
    row: Action | None

    @property
    def on_ticket(self) -> bool:
        return bool({"number", "clock_id"} & self.rule.arguments)


def _matter(build: Builder, app_context: AppContext, call: Calls, cast: Cast) -> Matter:
    number = build.ticket("handling", BEGUN)
    asked = requests.Asking(RequestKind.DIFFICULT, "因", code="testing")
    build.do("dispatcher", assisting.add_assist, number, assisting.AssistGiven("justice", "协助"), now=BEGUN)
    build.do("leader", requests.ask, number, asked, now=BEGUN)
    build.do("supervisor", supervision.place, number, supervision.Placing("请说明"), now=BEGUN)
    with app_context.snapshot() as ctx:
        of = {kind: ctx.session.scalars(select(kind)).one() for kind in (Assist, Request, Order)}
        clock = ctx.session.scalars(select(Clock.id).where(Clock.kind == ClockKind.HANDLE)).one()
    step = supervision.OrderStep(of[Order].number, "办")
    build.do("dispatcher", assisting.waive_assist, number, assisting.AssistStep(of[Assist].id, "无需"), now=BEGUN)
    build.do("supervisor", requests.decide, number, requests.Decision(of[Request].id, True, "好"), now=BEGUN)
    build.do("leader", supervision.reply, number, step, now=BEGUN)
    build.do("supervisor", supervision.close, number, step, now=BEGUN)
    file = {"file": (BytesIO(b"%PDF-1.7\n"), "合同.pdf"), "for_unit": "true"}
    token = {"Authorization": f"Bearer {cast.tokens['supervisor']}"}
    with freeze_time(BEGUN):
        kept = call.client.post(f"{API}v1/tickets/{number}/attachments", data=file, headers=token).get_json()
    build.onward(number, "closed", BEGUN, done=SIGNED)
    archive.run(Run(app_context, NOW))
    with app_context.snapshot() as ctx:
        ticket = ticket_for(ctx.by(cast.supervisor), number)
    assert ticket.state == "archived"
    values = {
        "number": number,
        "order": of[Order].number,
        "request_id": of[Request].id,
        "assist_id": of[Assist].id,
        "clock_id": clock,
        "attachment_id": kept["id"],
        "case": _case(build, call),
        "code": "company-opening",
        "username": "second_handler",
        "what": "tickets",
        "kind": "csv",
    }
    return Matter(ticket, values, {Action.REPLY_ASSIST: of[Assist].unit_path})


def _case(build: Builder, call: Calls) -> str:
    number = build.ticket("closed", NOW)
    assert build.logged is not None
    bad = {"code": build.logged.query_code, "level": "very_dissatisfied", "reasons": ["shirking"], "remark": "推诿"}
    call.ok(None, "POST", f"/public/tickets/{number}/ratings", bad)
    (case,) = call.ok("supervisor", "GET", f"/tickets/{number}")["rectifications"]
    return str(case["number"])


def _ways(app: Flask, matter: Matter) -> Iterator[Way]:
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if access in ("all", "channel") or rule.endpoint in SIGNING_OUT:
            continue
        for values in _values(rule, matter):
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **values)
            row = _row(rule, values)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Way(rule, method, address, _body(rule, row), access, row)


def _values(rule: Rule, matter: Matter) -> Iterator[dict[str, Any]]:
    """The places of a rule filled in, once for every step that it leads to."""
    filled = {name: matter.values.get(name, NOWHERE if name.endswith("_id") else "x") for name in rule.arguments}
    if rule.endpoint.startswith("api_rectifications.case_"):
        filled["number"] = matter.values["case"]
    if rule.endpoint == "tickets.insert":
        filled["name"] = "submit_result"
    if rule.endpoint == "tickets.act":
        yield from ({**filled, "name": str(name)} for name in ON_TICKET)
    elif rule.endpoint == "api_tickets.other_action":
        yield from ({**filled, "action": str(name)} for name in (Action.SUBMIT, Action.ARCHIVE))
    elif "step" in filled:
        yield from ({**filled, "step": step} for step in _steps(rule))
    else:
        yield filled


def _steps(rule: Rule) -> list[str]:
    return next((list(steps) for place, steps in STEPS.items() if place in rule.arguments), ["no-such-step"])


def _row(rule: Rule, values: dict[str, Any]) -> Action | None:
    """The row of the workflow to which this route leads."""
    endpoint = rule.endpoint.split(".")[1]
    name = str(values.get("step") or values.get("action") or values.get("name") or endpoint)
    if endpoint in SAID_OTHERWISE:
        return SAID_OTHERWISE[endpoint]
    name = re.sub("^(act|case|track)_", "", name)
    for place in STEPS:
        if (place in rule.arguments or endpoint == f"{place}_{name}") and name in STEPS[place]:
            return STEPS[place][name]
    if "number" not in rule.arguments:
        return None
    return Action(name) if name in set(Action) else None


def _body(rule: Rule, row: Action | None) -> dict[str, Any]:
    if rule.endpoint == "api_call_backs.book":
        return {"at": (NOW + timedelta(days=1)).isoformat()}
    if row in bodies.ACTIONS:
        return LOGGED if row is Action.SUBMIT else bodies.ACTIONS[row]
    return {} if row is None else bodies.DEEDS[row][1]


def _expected(way: Way, actor: Actor, matter: Matter) -> str:
    """What the tables say of this person at this door."""
    if isinstance(way.access, frozenset) and not way.access & actor.roles:
        return "refused"
    if way.on_ticket and not scope_of(actor).covers(matter.ticket):
        return "not there"
    if way.rule.endpoint.endswith(".read_attachment"):
        return "in" if reads_attachment(actor, matter.ticket, for_unit=True) else "not there"
    if way.row is Action.MEND_CASE and Role.SUPERVISOR in actor.roles:
        return "refused"  # theirs only where no unit is to mend
    desk = matter.desks.get(way.row, matter.ticket.desk_path)  # type: ignore[arg-type]
    return "in" if way.row is None or may_take(actor, way.row, desk) else "refused"


class Caller:
    """One person at the API with a token, at the pages with a session."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        if token:
            self.client.set_cookie(COOKIE, token)
        page = self.client.get("/account" if token else "/sign-in").get_data(as_text=True)
        found = TOKEN.search(page)
        assert found
        self.csrf = found[1]

    def __call__(self, way: Way) -> TestResponse:
        file = {"file": (BytesIO(b"%PDF-1.7\n"), "合同.pdf")} if way.row is Action.ATTACH else {}
        if way.address.startswith(API):
            sent = {"data": file} if file else {"json": way.body} if way.method != "GET" else {}
            return self.client.open(way.address, method=way.method, headers=self.headers, **sent)  # type: ignore[arg-type]
        fields = {f"{name}[]" if isinstance(value, list) else name: value for name, value in way.body.items()}
        sent = {} if way.method == "GET" else {"data": {**fields, **file, "csrf_token": self.csrf}}
        return self.client.open(way.address, method=way.method, **sent)  # type: ignore[arg-type]


def _happened(way: Way, answer: TestResponse) -> str:
    status = answer.status_code
    if status == 401 or (status == 302 and answer.location.startswith("/sign-in")):
        return "not signed in"
    if status == 404:
        # A made-up errand of somebody who may: the door opened, and there was nothing.
        return "not there" if way.on_ticket else "in"
    return "refused" if status == 403 else "in" if status < 500 else "error"


def test_what_the_tables_say_is_what_happens(
    app: Flask, call: Calls, build: Builder, cast: Cast, app_context: AppContext, engine_name: str
) -> None:
    """The pages do the same actions, and are walked on one engine only."""
    with freeze_time(NOW):
        matter = _matter(build, app_context, call, cast)
        ways = list(_ways(app, matter))
        if engine_name != "sqlite":
            ways = [way for way in ways if way.address.startswith(API)]
        assert {way.row for way in ways} >= set(Action)
        wrong = []
        for who, actor in {"nobody": None, **cast.everyone()}.items():
            if who in SAME_SEAT:
                continue
            caller = Caller(app, cast.tokens[who] if actor else None)
            for way in ways:
                expected = "not signed in" if actor is None else _expected(way, actor, matter)
                answer = caller(way)
                happened = _happened(way, answer)
                if happened != expected:
                    row = f"{who:14} {way.method:6} {way.address:70} said: {expected:13} was: {happened:13}"
                    wrong.append(f"{row} ({answer.status_code})")
    assert not wrong, f"{len(wrong)} of the cells\n" + "\n".join(wrong)
