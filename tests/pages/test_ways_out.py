"""What is refused on a page sends nobody to the page they are on."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import InternalServerError

from hotline import clock
from hotline.rules.refusals import (
    ConditionUnmet,
    DatabaseUnavailable,
    LinkRefused,
    Refusal,
    SecondFactorMissing,
    UnknownThing,
)
from hotline.web.access import API
from tests.pages.test_pages import Browser
from tests.support.build import Builder

PEOPLE = (None, "dispatcher", "supervisor", "handler")
MAIN = re.compile(r'<section class="panel reading">.*?</section>|<div class="alert alert-danger".*?</div>', re.DOTALL)
LINK = re.compile(r'<a[^>]* href="([^"#]+)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
AGAIN = "再试"
SENDS_HERE = ("见该事项的页面", "从列表中重新打开")
"""Ways out that name the very page on which a desk, a list or a file says them."""


def _check(browser: Browser, path: str, text: str) -> int:
    """No link of the refusal is a way to where it stands; returns how many refusals there were."""
    found = MAIN.findall(text)
    for refusal in found:
        for href, label in LINK.findall(refusal):
            target = urlsplit(unescape(href)).path
            if target == "/desk":
                target = browser.get("/desk").headers["Location"]
            assert target != path or AGAIN in label, (path, href, label)
        if "alert" in refusal[:30]:
            assert not any(words in refusal for words in SENDS_HERE), (path, refusal)
    return len(found)


def _addresses(app: Flask, method: str, number: str) -> list[str]:
    rules = [
        rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and not rule.rule.startswith(API)
    ]
    known = {"number": number, "path": "x", "filename": "x"}
    found = [re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda m: known.get(m[1], "1"), rule.rule) for rule in rules]
    return sorted({path for path in found if not path.startswith(("/static/", "/bootstrap/"))} - {"/sign-out"})


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_that_is_refused_is_its_own_way_out(app: Flask, build: Builder, who: str | None) -> None:
    number = build.ticket("handling", clock.now())
    browser = Browser(app, who)
    refused = 0
    for path in _addresses(app, "GET", number):
        for query in ("", "?limit=0&cursor=x&state=nowhere&on=x&from=x&month=x&year=1&when=never&part=x&kind=x&q=%00"):
            answer = browser.get(f"{path}{query}")
            if answer.mimetype == "text/html" and answer.status_code >= 400:
                refused += _check(browser, path, answer.text)
    for path in _addresses(app, "POST", number):
        answer = browser.post(
            path, {"version": "0", "reason": "x", "code": "AAAAAA"}, page="/account" if who else "/sign-in"
        )
        if answer.mimetype == "text/html" and answer.status_code >= 400:
            refused += _check(browser, path, answer.text)
    assert refused > 20


REFUSALS = (
    DatabaseUnavailable(),
    UnknownThing("这一页"),
    ConditionUnmet("还不行"),
    SecondFactorMissing(),
    LinkRefused(),
)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("refusal", [*REFUSALS, InternalServerError()], ids=lambda one: type(one).__name__)
def test_a_page_that_fails_itself_offers_another(app: Flask, refusal: Refusal) -> None:
    """The desk of each person, and the pages of visitors: where the usual way out would lead."""
    for who, path in (
        ("dispatcher", "/dispatch"),
        ("handler", "/unit"),
        ("supervisor", "/supervision"),
        ("editor", "/editing"),
    ):
        browser = Browser(app, who)
        text = _failing(app, browser, path, refusal)
        assert text is None or _check(browser, path, text) == 1
        assert text is None or LINK.search(text[text.index("panel reading") :])
    for path in ("/", "/submit"):
        text = _failing(app, Browser(app), path, refusal)
        assert text is None or (
            _check(Browser(app), path, text) == 1 and LINK.search(text[text.index("panel reading") :])
        )


def _failing(app: Flask, browser: Browser, path: str, refusal: Exception) -> str | None:
    """The page of this refusal at this address; None where it leads elsewhere."""
    endpoint = app.url_map.bind("localhost").match(path)[0]
    view = app.view_functions[endpoint]

    def fails(**given: str) -> str:
        raise refusal

    fails.access = view.access  # type: ignore[attr-defined,union-attr]
    app.view_functions[endpoint] = fails
    try:
        answer = browser.get(path)
    finally:
        app.view_functions[endpoint] = view
    return answer.text if answer.status_code >= 400 else None


def test_the_sentence_on_the_matter_s_own_page_names_no_page() -> None:
    for refusal in REFUSALS[1:]:
        assert refusal.sentence_here() != refusal.sentence()
        assert refusal.sentence_here().startswith(refusal.problem())
        assert "页面" not in refusal.sentence_here().replace("这一页", "")
    assert ConditionUnmet("请先改派").sentence_here() == "请先改派。"
    assert DatabaseUnavailable().sentence_here() == DatabaseUnavailable().sentence()


@pytest.mark.parametrize(
    ("who", "state", "action", "fields"),
    [
        ("supervisor", "handling", "suspend", {"reason": "情况属实"}),
        ("supervisor", "handling", "terminate", {"reason": "情况属实"}),
        ("supervisor", "handling", "return_approved", {"reason": "情况属实"}),
        ("supervisor", "dispatched", "rule_dispute", {"unit": "nowhere", "ground": "三定"}),
        ("reviewer", "calling_back", "close", {"outcome": "solved"}),
        ("leader", "handling", "submit_result", {"kind": "solved", "reply": "已办结"}),
    ],
)
def test_what_is_refused_on_a_file_does_not_send_to_the_file(
    app: Flask, build: Builder, who: str, state: str, action: str, fields: dict[str, str]
) -> None:
    path = f"/tickets/{build.ticket(state, clock.now())}"
    browser = Browser(app, who)
    answer = browser.post(f"{path}/do/{action}", fields, page=path)
    assert answer.status_code in (403, 404, 409, 422) and 'id="refusal"' in answer.text
    assert _check(browser, f"{path}/do/{action}", answer.text) == _check(browser, path, answer.text) >= 1
