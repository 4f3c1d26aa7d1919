"""The desks of the loop through their pages: calls one by one, unverified ratings, rectifications, figures, printed codes."""

import re

import pytest
from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from tests.pages.test_pages import Browser
from tests.stories.test_hall import at, slip
from tests.support.build import Builder
from tests.support.channel import Visitor, path_of

NOW = at("2026-11-24T10:00:00")


def test_a_reviewer_takes_gives_back_and_books_a_call(app: Flask, build: Builder) -> None:
    with freeze_time(NOW):
        number = build.ticket("calling_back", clock.now())
        reviewer, second = Browser(app, "reviewer"), Browser(app, "second_reviewer")
        taken = reviewer.post("/call-backs/next", {}, page="/call-backs")
        assert taken.headers["Location"] == f"/tickets/{number}#call"
        page = reviewer.get(f"/tickets/{number}").text
        assert "放回队列" in page and "您好，这里是" in page
        assert "审核员丁" in second.get("/call-backs").text
        refused = second.post("/call-backs/next", {}, page="/call-backs")
        assert refused.status_code == 404 and "现在可以回访的工单" in refused.text
        assert second.post(f"/call-backs/{number}/take", {}, page="/call-backs").status_code == 409
        reviewer.post(f"/call-backs/{number}/give_back", {}, page="/call-backs")
        assert second.post(f"/call-backs/{number}/take", {}, page="/call-backs").status_code == 302
        wrong = second.post(f"/call-backs/{number}/book", {"at": "2020-01-01T09:00"}, page="/call-backs")
        assert wrong.status_code == 422
        second.post(f"/call-backs/{number}/book", {"at": "2026-11-25T09:00"}, page="/call-backs")
        assert re.search(r"预约 <time[^>]*>2026-11-25 09:00<", reviewer.get("/call-backs").text)


def test_from_the_printed_code_to_the_unverified_list_to_the_case(app: Flask) -> None:
    with freeze_time(NOW):
        supervisor, reviewer = Browser(app, "supervisor"), Browser(app, "reviewer")
        sheet = supervisor.get("/rated-bodies/city-hall-registration/sheet").text
        assert "<svg" in sheet and "viewBox" in sheet
        link = path_of(re.search(r'href="([^"]+/r/[^"]+)"', sheet).group(1))  # type: ignore[union-attr]
        Visitor(app).rate(link, "very_dissatisfied", **{"reasons[]": ["attitude"], "phone": "13912345678"})
        waiting = reviewer.get("/unverified-ratings")
        assert "态度不好" in waiting.text and "139" not in waiting.text
        rating = re.search(r'id="rating-(\d+)"', waiting.text).group(1)  # type: ignore[union-attr]
        shown = reviewer.post(f"/unverified-ratings/{rating}/contact", {"reason": "回访"}, page="/unverified-ratings")
        assert "+8613912345678" in shown.text
        kept = reviewer.post(f"/unverified-ratings/{rating}/check", {"confirmed": "true"}, page="/unverified-ratings")
        assert kept.status_code == 422
        fields = {"confirmed": "true", "note": "本人确认"}
        assert (
            reviewer.post(f"/unverified-ratings/{rating}/check", fields, page="/unverified-ratings").status_code == 302
        )
        assert "没有待核实的评价" in reviewer.get("/unverified-ratings").text
        assert "本人确认" in reviewer.get("/unverified-ratings?on=2026-11-24").text
        for who in ("supervisor", "leader", "reviewer", "inspector"):
            assert re.search(r"CP\d{14}", Browser(app, who).get("/rectifications").text), who
        assert "没有整改事项" in Browser(app, "other_leader").get("/rectifications").text
        renewed = supervisor.post(
            "/rated-bodies/city-hall-registration/renew", {}, page="/rated-bodies/city-hall/sheet"
        )
        assert renewed.status_code == 302 and Visitor(app).open(link).status_code == 404


def test_lists_keep_their_filters_and_say_what_is_wrong(app: Flask, app_context: AppContext) -> None:
    with freeze_time(NOW):
        for n in range(2):
            Visitor(app).rate(slip(app, app_context, f"L{n}"), "dissatisfied", **{"reasons[]": ["too_slow"]})
        supervisor = Browser(app, "supervisor")
        first = supervisor.get("/rectifications?state=verifying&limit=1").text
        assert (
            first.count("CP2026") == 1 and 'rel="next"' in first and "state=verifying&amp;limit=1&amp;cursor=" in first
        )
        assert "没有整改事项" in supervisor.get("/rectifications?state=closed").text
        assert "没有整改事项" in supervisor.get("/rectifications?late=true").text
        assert supervisor.get("/rectifications?state=nowhere").status_code == 422
        assert supervisor.get("/statistics?from=never&to=2026-01-01").status_code == 422
        turned = supervisor.get("/statistics?from=2026-12-01&to=2026-11-01")
        assert turned.status_code == 422 and "截止日期应晚于起始日期" in turned.text
        for by in ("unit", "channel", "matter", "month"):
            assert "100.0%" in supervisor.get(f"/statistics?from=2026-11-01&to=2026-12-01&by={by}").text


@pytest.mark.parametrize("month", ["2026-11", "2026-13", "nonsense"])
def test_a_month_that_is_not_over_is_not_published(app: Flask, month: str) -> None:
    with freeze_time(NOW):
        answer = app.test_client().get(f"/ratings?month={month}")
        assert answer.status_code == 422 and "2026-10" in answer.text
