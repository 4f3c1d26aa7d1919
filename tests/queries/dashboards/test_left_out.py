"""A list that has no room for all says how many it left out; what has pages is whole through them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.handling import requests
from hotline.queries.dashboards import desk
from hotline.queries.shown import Shown
from hotline.rules.vocabulary import RequestKind
from tests.pages.public.test_rating_links import NOW, sheet_of
from tests.pages.test_pages import Browser
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import OTHER_UNIT, Cast
from tests.support.channel import Visitor


def _left(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"还有(\d+)件没有列出", text)]


def test_the_queue_of_calls_says_how_many_it_left_out(
    app: Flask, call: Calls, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    numbers = [build.ticket("calling_back", now + timedelta(minutes=n)) for n in range(5)]
    assert call.ok("reviewer", "GET", "/call-backs")["left_out"] == 0
    assert _left(Browser(app, "reviewer").get("/call-backs").text) == []
    monkeypatch.setattr("hotline.queries.call_backs.call_backs.MOST_WAITING", 2)
    found = call.ok("reviewer", "GET", "/call-backs")
    assert (len(found["items"]), found["left_out"]) == (2, 3)
    text = Browser(app, "reviewer").get("/call-backs").text
    assert _left(text) == [3] and 'href="/tickets?state=calling_back"' in text
    whole = call.ok("reviewer", "GET", "/tickets?state=calling_back")["items"]
    assert {row["number"] for row in whole} == set(numbers)


def test_the_decisions_that_wait_say_how_many_are_left_out(
    app: Flask, build: Builder, app_context: AppContext, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    asked = requests.Asking(
        RequestKind.RETURN, "不属本单位", code="not_our_duty", legal_ground="三定", suggested_unit=OTHER_UNIT
    )
    for n in range(4):
        build.do("leader", requests.ask, build.ticket("dispatched", now + timedelta(minutes=n)), asked, now=now)
    monkeypatch.setattr(desk, "MOST", 3)
    with app_context.snapshot(actor=cast.dispatcher) as ctx:
        found = desk.decisions_waiting(ctx)
    assert (len(found["requests"]), found["requests"].left_out) == (3, 1)
    assert all(isinstance(rows, Shown) and rows.left_out == 0 for name, rows in found.items() if name != "requests")
    text = Browser(app, "dispatcher").get("/dispatch").text
    assert _left(text) == [1] and 'href="/decisions?what=request"' in text


def test_withdrawals_to_call_about_say_how_many_are_left_out(
    app: Flask, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        build.anywhere("withdrawn", clock.now() + timedelta(minutes=n))
    monkeypatch.setattr(desk, "MOST", 1)
    assert _left(Browser(app, "reviewer").get("/call-backs").text) == [2]


def test_all_unverified_ratings_of_a_day_are_on_its_pages(
    app: Flask, call: Calls, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.queries.ratings.ratings.MOST_UNVERIFIED", 2)
    with freeze_time(NOW):
        link = sheet_of(app_context)
        for _ in range(5):
            Visitor(app).rate(link, "dissatisfied", **{"reasons[]": ["attitude"]})
        found, cursor = [], ""
        for length in (2, 2, 1):
            page = call.ok("reviewer", "GET", f"/ratings/unverified?on=2026-11-24{cursor}")
            assert len(page["items"]) == length
            found += [row["id"] for row in page["items"]]
            cursor = f"&cursor={page['next_cursor']}"
        assert page["next_cursor"] is None and len(set(found)) == 5
        text = Browser(app, "reviewer").get("/unverified-ratings?on=2026-11-24").text
        assert text.count("<article") == 2 and 'rel="next"' in text
        call.refused("reviewer", "GET", "/ratings/unverified?cursor=x", 422)


def test_late_or_not_is_asked_for_either_way(app: Flask, call: Calls, build: Builder) -> None:
    """What is asked not to be late is not the same as everything."""
    with freeze_time(NOW):
        link = sheet_of(app.extensions["hotline"])
        Visitor(app).rate(link, "very_dissatisfied", **{"reasons[]": ["attitude"], "phone": "13912345678"})
        (waits,) = call.ok("reviewer", "GET", "/ratings/unverified")["items"]
        call.ok("reviewer", "POST", f"/ratings/{waits['id']}/actions/check", {"confirmed": True, "note": "本人确认"})
        found = {late: len(_cases(call, late)) for late in ("", "?late=true", "?late=false")}
        assert found == {"": 1, "?late=true": 0, "?late=false": 1}
    with freeze_time("2026-12-21T10:00:00+08:00"):
        found = {late: len(_cases(call, late)) for late in ("", "?late=true", "?late=false")}
        assert found == {"": 1, "?late=true": 1, "?late=false": 0}
    with freeze_time(NOW):
        mine, other = build.ticket("accepted", clock.now()), call.ok("operator", "GET", "/tickets?mine=false")["items"]
        assert mine not in [row["number"] for row in other]
        assert [row["number"] for row in call.ok("operator", "GET", "/tickets?mine=true")["items"]] == [mine]
        assert mine in [row["number"] for row in call.ok("supervisor", "GET", "/tickets?mine=false")["items"]]


def _cases(call: Calls, query: str) -> list[Any]:
    found: list[Any] = call.ok("supervisor", "GET", f"/rectifications{query}")["items"]
    return found
