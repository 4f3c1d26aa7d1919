"""Every form of every page, as each person reaches it, filled in with what nobody should type: no error, no markup let through.

`HOTLINE_FUZZ_EXAMPLES` says how often each form is sent; `make fuzz` sends them often.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from random import Random
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from hotline.web.access import COOKIE
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import PASSWORD, Cast

TIMES = int(os.environ.get("HOTLINE_FUZZ_EXAMPLES", "2"))
PEOPLE = (None, "operator", "dispatcher", "handler", "leader", "reviewer", "supervisor", "editor", "administrator")
STATES = ("submitted", "need_info", "accepted", "dispatched", "handling", "reviewing", "calling_back", "closed")
RUN = ("href", "src", "action", "formaction")
MARKUP = ("<i7", "javascript:alert(7)", "54439")
"""What no answer may hold: an element that was typed, a link that runs, a template that was carried out."""
HOSTILE: tuple[bytes, ...] = (
    b"\0", b"a\0b", b"\xed\xa0\x80", b"\xff\xfe", b"\xf0\x9f\x98", "e\u0301\u200b\u200d\ufeff".encode(), b"\r\nSet-Cookie: a=b",
    "\u202e\u0645\u0631\u062d\u0628\u0627\u2066".encode(), "😀".encode() * 50, "长".encode() * 400_000, b"x" * 300_000,
    b"' OR 1=1 --", b"\"; DROP TABLE tickets; --", b"%' ESCAPE '", b"\\", b"_%",
    b"<i7 onx=1>", b"\"><i7>", b"'><i7 ", b"</textarea><i7>", b"</title><i7>", b"<!--<i7>", b"[x](javascript:alert(7))",
    b"![x](x\"onerror=y)", b"javascript:alert(7)", b"{{7*7777}}", b"{% for x in (1,) %}{{7*7777}}{% endfor %}", b"${7*7777}",
    b"=cmd|' /C calc'!A0", b"@SUM(1)", b"-1", b"0", b"9" * 400, b"-" + b"9" * 30, b"1e309", b"NaN", b"0x10", "²٣".encode(),
    b"9999-99-99", b"0000-00-00", b"9999-12-31", b"0001-01-01", b"0001-01-01T00:00", b"9999-12-31T23:59:59+23:59",
    b"2026-11-24T25:61", b"true", b"null", b"[]", b"{\"a\": 1}", b"../../etc/passwd", b"http://127.0.0.1/", b"a@b", b" ", b"\n",
)  # fmt: skip
NOT_TYPED = {"hidden", "checkbox", "radio", "submit", "button", "file"}


@dataclass
class Form:
    """A form as the page offers it. `given`: what is chosen already; `typed`: the names of what a person types."""

    action: str
    method: str
    given: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, here: str, text: str) -> None:
        super().__init__()
        self.here, self.links, self.forms = here, [], []  # type: ignore[var-annotated]
        self._choice: str | None = None
        self._outside: dict[str, Form] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and found.get("href", "").startswith(("/", "?")):
            self.links.append(urljoin(self.here, found["href"].split("#")[0]))
        elif tag == "form":
            action = urljoin(self.here, found.get("action", "").split("#")[0])
            self.forms.append(Form(action, found.get("method", "get").lower()))
            self._outside[found.get("id", "")] = self.forms[-1]
        elif self.forms:
            self._field(tag, found, self._outside.get(found.get("form", " "), self.forms[-1]))

    def _field(self, tag: str, found: dict[str, str], form: Form) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "option" and self._choice and found.get("value"):
            form.given.append((self._choice, found["value"]))
            self._choice = None
        elif tag == "select":
            self._choice = name
        elif name and tag == "textarea":
            form.typed.append(name)
        elif name and tag == "input":
            if kind == "file":
                form.files.append(name)
            elif kind in NOT_TYPED:
                form.given.append((name, found.get("value", "on")))
            else:
                form.typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._choice = None


class Visitor:
    """A person with a browser that runs no scripts."""

    def __init__(self, app: Flask, who: str | None, token: str | None) -> None:
        self.app, self.who, self.client = app, who, app.test_client()
        if token:
            self.client.set_cookie(COOKIE, token)

    def kind(self, address: str, method: str = "GET") -> tuple[str, str] | None:
        """The view, and which of its forms: the step in the address tells them apart."""
        try:
            endpoint, values = self.app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
        except HTTPException:
            return None
        return endpoint, str(values.get("name") or values.get("step") or values.get("deed") or "")

    def pages(self, starts: list[str]) -> Iterator[tuple[str, Reader]]:
        """One page of each kind, and every page of the starts."""
        seen: set[object] = set()
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            kind = self.kind(address)
            if kind is None or address in seen or (kind in seen and address not in starts):
                continue
            seen.add(address)
            answer = self.client.get(address, follow_redirects=True)
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            seen.add(kind)
            page = Reader(address, answer.get_data(as_text=True))
            waiting += page.links
            yield address, page

    def send(self, form: Form, fields: list[tuple[str, str | bytes]]) -> TestResponse:
        if form.method == "get":
            return self.client.get(form.action.split("?")[0] + "?" + urlencode([(n, v[:2000]) for n, v in fields]))
        if not form.files:
            kind = "application/x-www-form-urlencoded"
            return self.client.post(form.action, data=urlencode(fields), content_type=kind)
        sent: dict[str, object] = {n: v.decode("utf-8", "replace") if isinstance(v, bytes) else v for n, v in fields}
        sent |= {name: (BytesIO(b"%PDF-1.7\n"), '"><i7 x=".pdf') for name in form.files}
        return self.client.post(form.action, data=sent)


def _fillings(form: Form, chance: Random) -> Iterator[list[tuple[str, str | bytes]]]:
    """The form with one hostile text in all its fields, in one of them, under names that no form has, and with what is hidden."""
    for turn in range(TIMES):
        text = chance.choice(HOSTILE)
        given: list[tuple[str, str | bytes]] = [*form.given]
        typed = form.typed or [name for name, _ in form.given if name != "csrf_token"]
        if turn % 4 == 1:
            one = chance.choice(typed)
            yield [*given, *((name, text if name == one else "资料齐全") for name in typed)]
        elif turn % 4 == 2:
            ends = [chance.choice(("", "[]", ".x", ".x[]", ".", "..", "[].y")) for _ in typed]
            yield [*given, *((name + end, text) for name, end in zip(typed, ends, strict=True))]
        elif turn % 4 == 3:
            rest = [(name, value if name == "csrf_token" else text) for name, value in given]
            yield [*rest, *((name, text) for name in typed)]
        else:
            yield [*given, *((name, text) for name in typed)]


def _held(answer: TestResponse, fields: object) -> str | None:
    """What is wrong with an answer."""
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.mimetype == "text/html":
        text = answer.get_data(as_text=True)
        return next((f"{mark} unescaped" for mark in MARKUP if _runs(mark, text)), None)
    return None


def _runs(mark: str, text: str) -> bool:
    return any(f'{name}="{mark}' in text for name in RUN) if mark.startswith("javascript") else mark in text


def test_no_form_falls_over_or_lets_markup_through(app: Flask, call: Calls, build: Builder, cast: Cast) -> None:
    now, chance = datetime.now(UTC) - timedelta(hours=1), Random(7)
    tickets = [f"/tickets/{build.anywhere(state, now)}" for state in STATES]
    starts = [*tickets, "/editing/company-opening", "/knowledge/company-opening", "/admin/staff/second_handler"]
    wrong, sent, visitors = [], set(), []
    for who in PEOPLE:
        visitor = Visitor(app, who, who and cast.tokens[who])
        visitors.append(visitor)
        first = ["/", "/submit", "/policies", "/legal/check-up", "/sign-in"] if who is None else ["/desk", *starts]
        for _, page in list(visitor.pages(first)):
            for form in page.forms:
                names = tuple(sorted({*form.typed, *(name for name, _ in form.given)} - {"csrf_token"}))
                key = (visitor.kind(form.action, form.method.upper()), names)
                if key in sent or not names:
                    continue
                sent.add(key)
                for fields in _fillings(form, chance):
                    answer = visitor.send(form, fields)
                    fault = _held(answer, fields)
                    if fault is None and answer.status_code in (302, 303):
                        fault = _held(visitor.client.get(urljoin(form.action, answer.location)), fields)
                    if fault:
                        shown = str([(name, value[:40]) for name, value in fields if name != "csrf_token"])
                        wrong.append(f"{who} {form.method} {form.action}: {fault} {shown[:400]}")
    # What came in is read by everybody else.
    for visitor in visitors:
        for address in ["/", "/desk", "/tickets?sort=-received", *tickets]:
            fault = _held(visitor.client.get(address, follow_redirects=True), None)
            if fault:
                wrong.append(f"{visitor.who} reads {address}: {fault}")
    assert len(sent) > 60
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)


def test_a_field_that_is_no_text_is_refused_and_not_fallen_over(app: Flask, cast: Cast) -> None:
    """`x[]` is a list and `x.y` lies inside: where a text is wanted, neither is one."""
    editor = Visitor(app, "editor", cast.tokens["editor"])
    for name in ("q[]", "q.x"):
        assert editor.client.get("/knowledge", query_string={name: "开办"}).status_code in (200, 422)
    forms = Reader("/editing", editor.client.get("/editing").text).forms
    form = next(found for found in forms if found.action == "/editing" and found.method == "post")
    for name, value in (("questions.x", "问"), ("keywords[]", "词"), ("search[]", "1"), ("search", "9" * 400)):
        answer = editor.send(form, [*form.given, (name, value)])
        assert answer.status_code == 422, (name, answer.status_code)
    nobody = Visitor(app, None, None)
    forms = Reader("/sign-in", nobody.client.get("/sign-in").text).forms
    token = next(dict(found.given)["csrf_token"] for found in forms if "username" in found.typed)
    fields = {"username": "operator", "password": PASSWORD, "csrf_token": token, "next.x": "/"}
    assert nobody.client.post("/sign-in", data=fields).status_code == 302
