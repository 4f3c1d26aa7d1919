"""Whatever stands in a body, a query or a path, the answer is one 4xx in the shape of a problem, on every endpoint."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hotline.web.access import API
from tests.support.calls import Calls

MANY = "9" * 5000
VALUES = {
    "a number of thousands of digits": MANY,
    "its negative": f"-{MANY}",
    "digits behind the point": f"1{'0' * 5000}.5",
    "a large exponent": "1e999",
    "a large negative one": "-1e999",
    "beyond 64 bits": str(2**63),
    "below 64 bits": str(-(2**63) - 1),
    "beyond 64 bits without a sign": str(2**64),
    "no number": "NaN",
    "infinity": "Infinity",
    "its opposite": "-Infinity",
    "a nesting": "[" * 40 + "]" * 40,
    "a deep nesting": "[" * 100_000 + "]" * 100_000,
    "a deep object": '{"a":' * 5000 + "1" + "}" * 5000,
    "an open nesting": "[" * 100_000,
    "a field twice": '{"a": 1, "a": 2}',
    "a lone surrogate": '"\\ud800"',
    "another": '"\\udfff\\ud800x"',
    "a NUL": '"a\\u0000b"',
    "a NUL in a name": '{"a\\u0000": 1}',
    "a control character": '"a\x01"',
    "a leading zero": "012",
    "nothing": "",
    "single quotes": "'a'",
    "a comma too many": "[1,]",
}
BODIES = {
    **{name: f'{{"title": {value}, "version": 1}}'.encode() for name, value in VALUES.items()},
    **{f"{name}, alone": value.encode() for name, value in VALUES.items() if value},
    "the title twice": b'{"title": "a", "content": "b", "title": "c"}',
    "latin": '{"title": "é"}'.encode("latin-1"),
    "GBK": '{"title": "标题"}'.encode("gbk"),
    "UTF-16": '{"title": "标题"}'.encode("utf-16"),
    "UTF-32": '{"title": "标题"}'.encode("utf-32"),
    "a surrogate in bytes": b'{"title": "\xed\xa0\x80"}',
    "an overlong form": b'{"title": "\xc0\x80"}',
    "two documents": b"{} {}",
    "a mark of order": b"\xef\xbb\xbf{}",
}


def _send(call: Calls, method: str, path: str, body: bytes, who: str = "supervisor") -> TestResponse:
    token = {"Authorization": f"Bearer {call.cast.tokens[who]}"}
    return call.client.open(path, method=method, data=body, content_type="application/json", headers=token)


def _check(answer: TestResponse, where: object) -> None:
    assert 400 <= answer.status_code < 500, (where, answer.status_code)
    assert answer.content_type == "application/problem+json", where
    problem = answer.get_json()
    assert {"type", "code", "title", "status", "detail"} <= set(problem) and problem["status"] == answer.status_code, (
        where
    )
    assert problem["detail"].endswith("。"), where


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_hostile_body_is_refused_by_its_reason(call: Calls, name: str) -> None:
    for path in ("/api/v1/tickets", "/api/v1/sessions", "/api/v1/tickets/QS1/actions/correct"):
        answer = _send(call, "POST", path, BODIES[name])
        _check(answer, (path, name))
        assert answer.status_code == 422 and answer.get_json()["code"] == "invalid-input", (path, name)


HOSTILE = (
    *(BODIES["a number of thousands of digits"], BODIES["a deep nesting"], BODIES["no number"], BODIES["a NUL"]),
    *(BODIES["the title twice"], BODIES["GBK"]),
)


def test_every_endpoint_refuses_hostile_bodies(app: Flask, call: Calls) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    tried = 0
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"} if rule.rule.startswith(API) else ():
            path = re.sub(r"<[^>]*>", "1", rule.rule)
            if path.endswith("/sessions/current"):
                continue
            for body in HOSTILE:
                answer = _send(call, method, path, body)
                # What takes no body is done, whatever is sent beside it.
                assert answer.status_code < 500, (rule.rule, body[:40])
                if answer.status_code >= 400:
                    _check(answer, rule.rule)
            tried += 1
    assert tried > 50


QUERIES = (
    f"limit={MANY}",
    "limit=1e999",
    "limit=NaN",
    f"step={2**64}",
    "q=%00",
    "limit=1&limit=2",
    "q=a%00b",
    "%00=1",
    f"{MANY}=1",
)


def test_every_endpoint_refuses_hostile_queries_and_paths(app: Flask, call: Calls) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(f"{API}v1") or "GET" not in (rule.methods or set()):
            continue
        for value in ("1", MANY, str(2**63), "-1", "%00", "%ff", "\u202a", "NaN"):
            for query in QUERIES[:3] if value == "1" else ("",):
                answer = call(
                    "supervisor", "GET", re.sub(r"<[^>]*>", value, rule.rule).removeprefix("/api/v1") + f"?{query}"
                )
                assert answer.status_code < 500, (rule.rule, value[:20], query)
    for path in ("/tickets", "/overdue", "/tracked", "/knowledge/articles", "/deliveries"):
        for query in QUERIES:
            if call("supervisor", "GET", path).status_code == 200:
                _check(call("supervisor", "GET", f"{path}?{query}"), (path, query[:30]))


def test_numbers_at_the_edge_are_taken_for_numbers(call: Calls) -> None:
    """Not refused by the reading: what is wrong with them the form says, at their place."""
    for text in (str(2**63 - 1), str(-(2**63)), "1.5e3", "0", "-0.0", "1e-999"):
        answer = _send(call, "POST", "/api/v1/tickets", f'{{"title": {text}, "content": "😀"}}'.encode(), "operator")
        assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/title"], text
