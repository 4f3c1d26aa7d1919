"""Every address that can be read: each GET route with its places filled in, and its lists asked for in other ways."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.net import lists

STATIC = ("/static/", "/bootstrap/")
# A place that is called alike means something else below each of these.
CODE = (
    ("/admin/units", "unit"),
    ("/rated-bodies", "body"),
    ("/policies/sections", "section"),
    ("/policies/events", "event"),
    ("/api/v1/public/knowledge/sections", "section"),
    ("/api/v1/public/knowledge/life-events", "event"),
)
# Two places that belong together: the second, and where the pairs are found.
TOGETHER = {"attachment_id": "attachment", "conflict_id": "conflict", "order": "order", "request_id": "request_id"}
TOGETHER |= {"assist_id": "assist_id", "item_id": "item_id", "case": "case"}
FIXED: dict[str, list[Any]] = {
    "what": ["tickets", "overdue", "statistics"],
    "kind": ["csv", "xlsx"],
    "form": ["consultation", "check-up"],
}
WITH_CODE = "/api/v1/public/tickets/"


def readable(app: Flask, values: dict[str, list[Any]], codes: dict[str, str]) -> list[str]:
    """Return all addresses of GET routes, in order."""
    found: set[str] = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(STATIC):
            found |= set(_asked(rule.rule, list(filled(app, rule, values)), codes))
    return sorted(found)


def _asked(rule: str, plain: list[str], codes: dict[str, str]) -> Iterator[str]:
    """The addresses as they are, and with what may be asked for."""
    yield from plain
    queries: tuple[str, ...] = ()
    if rule.endswith("/differences"):
        queries = lists.DIFFERENCES
    elif rule in ("/tickets/<number>", "/api/v1/tickets/<number>/timeline"):
        queries, plain = lists.OF_A_TICKET, plain[:3]
    elif rule.endswith("/articles/<code>") or rule in ("/knowledge/<code>", "/policies/<code>"):
        queries, plain = lists.OF_AN_ARTICLE, plain[:3]
    for address in plain:
        yield from (f"{address}?{query}" for query in queries or lists.ODD.get(address, ()))
        if address.startswith(WITH_CODE):
            yield f"{address}?code=AAAAAA"
    if rule == f"{WITH_CODE}<number>":
        yield from (f"{WITH_CODE}{number}?code={code}" for number, code in codes.items())


def filled(
    app: Flask, rule: Rule, values: dict[str, list[Any]], fixed: dict[str, list[Any]] | None = None
) -> Iterator[str]:
    """Yield the rule's addresses, one for each combination of what its places may hold."""
    known = FIXED | (fixed or {})
    together = next((name for name in TOGETHER if name in rule.arguments), None)
    first = "code" if together == "conflict_id" else "number"
    places: list[list[dict[str, Any]]] = []
    if together:
        places.append([{first: one, together: other} for one, other in values[TOGETHER[together]]])
    for name in sorted(rule.arguments - ({together, first} if together else set())):
        places.append([{name: value} for value in known.get(name) or values[_source(rule.rule, name)]])
    with app.test_request_context():
        for chosen in product(*places):
            given: dict[str, Any] = {}
            for part in chosen:
                given |= part
            yield app.url_for(rule.endpoint, **given)


def _source(rule: str, name: str) -> str:
    if name == "number" and rule.startswith("/api/v1/rectifications"):
        return "case_number"
    if name != "code":
        return name
    return next((source for start, source in CODE if rule.startswith(start)), "article")
