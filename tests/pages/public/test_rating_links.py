"""Rating links: not to be guessed, not good for another object, not after their day; reading one changes nothing."""

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.accounts import account_admin
from hotline.casework.ratings import rated_bodies, rating_links
from hotline.casework.ratings.body_rating import body_of
from hotline.jobs import deliver
from hotline.jobs.deliver import message_of
from hotline.models.database.base import Record
from hotline.models.ratings.ratings import Rating
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.vocabulary import TicketType
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.channel import Visitor, path_of, token_for

NOW = "2026-11-24T10:00:00+08:00"


def counts(app_context: AppContext) -> dict[str, int]:
    """How many rows each table has, and the state of every ticket."""
    with app_context.snapshot() as ctx:
        return {
            table.name: ctx.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Record.metadata.sorted_tables
        }


def ticket_link(app_context: AppContext, number: str, round: int = 1) -> str:
    token = rating_links.for_ticket(app_context.keys, number, round, at=clock.now(), rulebook=app_context.rulebook)
    return f"/r/{token}"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def test_a_scanner_that_follows_every_link_of_a_notice_changes_nothing(
    app: Flask, app_context: AppContext, build: Builder, visitor: Visitor
) -> None:
    with freeze_time(NOW):
        number = build.ticket("closed", clock.now())
        letter: Any = type("Letter", (), {})()
        letter.id, letter.notice_id, letter.channel, letter.to, letter.at = 1, 1, "mail", "a@example.org", clock.now()
        letter.number, letter.kind, letter.data = number, "rating_invited", {"number": number, "round": 1}
        letter.about = f"工单{number}"
        object.__setattr__(app_context.settings, "public_url", "https://12345.example.org")
        link = deliver._rating_link(app_context, letter)
        text = message_of(letter, link).text
        links = re.findall(r"https?://\S+", text)
        assert len(links) == 1
        before = counts(app_context)
        for found in links:
            path = path_of(found)
            for method in ("GET", "HEAD", "OPTIONS"):
                visitor.client.open(path, method=method)
            page = visitor.open(path).get_data(as_text=True)
            for inner in re.findall(r'(?:href|src|action)="(/[^"]*)"', page):
                visitor.open(inner)
            # Not even a post without the form's own token.
            assert visitor.client.post(path, data={"level": "very_satisfied"}).status_code == 400
        assert counts(app_context) == before
        # The link is the enterprise's: it goes to nobody else.
        letter.channel = "webhook"
        assert deliver._rating_link(app_context, letter) == ""


def test_a_link_rates_its_own_ticket_once_and_the_same_again_is_harmless(
    app_context: AppContext, build: Builder, visitor: Visitor, call: Calls
) -> None:
    with freeze_time(NOW):
        number, other = build.ticket("closed", clock.now()), build.ticket("closed", clock.now())
        assert build.logged is not None
        link, code = ticket_link(app_context, number), build.logged.query_code
        bad = {"reasons[]": ["too_slow"]}
        for _ in range(2):
            answer = visitor.rate(link, "dissatisfied", **bad)
            assert answer.status_code == 200 and "感谢" in answer.get_data(as_text=True)
        assert visitor.rate(link, "very_satisfied").status_code == 409
        file = call.ok("supervisor", "GET", f"/tickets/{number}")
        assert (len(file["ratings"]), len(file["rectifications"])) == (1, 1)
        # The query code says the same rater: no second rating by another way.
        given = {"code": code, "level": "satisfied"}
        call.ok(None, "POST", f"/public/tickets/{other}/ratings", given)
        assert visitor.rate(ticket_link(app_context, other), "dissatisfied", **bad).status_code == 409


@pytest.mark.parametrize("change", ["first", "last", "cut", "swapped", "empty", "another key", "another purpose"])
def test_a_token_is_not_to_be_guessed_or_changed_and_a_wrong_one_reveals_nothing(
    app_context: AppContext, build: Builder, visitor: Visitor, change: str
) -> None:
    with freeze_time(NOW):
        number, other = build.ticket("closed", clock.now()), build.ticket("closed", clock.now())
        token = ticket_link(app_context, number).removeprefix("/r/")
        payload, signature = token.split(".")
        far = type(app_context.keys)("another secret of the service", app_context.keys.data_key)
        wrong = {
            "first": ("A" if token[0] != "A" else "B") + token[1:],
            "last": token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
            "cut": payload,
            "swapped": f"{ticket_link(app_context, other).removeprefix('/r/').split('.')[0]}.{signature}",
            "empty": f"{payload}.",
            "another key": far.sign(rating_links.PURPOSE, ["t", number, 1, 4102444800]),
            "another purpose": app_context.keys.sign("something-else", ["t", number, 1, 4102444800]),
        }[change]
        answers = [visitor.open(f"/r/{wrong}"), visitor.rate(f"/r/{wrong}", "satisfied")]
        nowhere = visitor.open("/r/nothing-at-all")
        assert [answer.status_code for answer in answers[:1]] == [404]
        assert answers[1].status_code in (400, 404)
        text = answers[0].get_data(as_text=True)
        assert number not in text and "链接无效或已过期" in text
        strip = re.compile(r'value="[^"]+"')
        assert strip.sub("", text) == strip.sub("", nowhere.get_data(as_text=True))
        with app_context.snapshot() as ctx:
            assert ctx.session.scalar(select(func.count(Rating.id))) == 0


def test_links_end(app: Flask, app_context: AppContext, build: Builder, visitor: Visitor, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        number = build.ticket("closed", clock.now())
        link = ticket_link(app_context, number)
        headers = token_for(app_context, "hall-terminals")
        given = {"body": "city-hall", "occasion": "A1", "days": 2}
        made = app.test_client().post("/api/v1/ratings/links", json=given, headers=headers).get_json()
        slip = path_of(made["url"])
        frozen.move_to(datetime.fromisoformat("2026-11-26T10:00:01+08:00"))
        assert visitor.open(slip).status_code == 404 and visitor.open(link).status_code == 200
        frozen.move_to(datetime.fromisoformat("2026-12-24T10:00:01+08:00"))
        late = visitor.open(link)
        assert late.status_code == 404
        # Late and wrong are one answer.
        wrong = visitor.open("/r/wrong").get_data(as_text=True)
        assert late.get_data(as_text=True) == wrong


def test_an_earlier_rounds_link_is_void(app_context: AppContext, build: Builder, visitor: Visitor) -> None:
    with freeze_time(NOW):
        number = build.ticket("closed", clock.now())
        assert visitor.open(ticket_link(app_context, number, 2)).status_code == 404


def test_a_printed_sheet_counts_nothing_until_the_centre_has_called(
    app: Flask, app_context: AppContext, call: Calls, visitor: Visitor
) -> None:
    with freeze_time(NOW) as frozen:
        link = sheet_of(app_context)
        bad = {"reasons[]": ["attitude"], "phone": "13912345678"}
        answer = visitor.rate(link, "very_dissatisfied", **bad)
        assert "核实后计入" in answer.get_data(as_text=True)
        assert visitor.rate(link, "very_dissatisfied", **bad).status_code == 200
        assert Visitor(app).rate(link, "dissatisfied", **{"reasons[]": ["attitude"]}).status_code == 200
        assert call.ok("supervisor", "GET", "/rectifications")["items"] == []
        found = call.ok("supervisor", "GET", "/statistics?from=2026-11-24&to=2026-11-25")["total"]
        assert found["satisfaction"]["total"] == 0
        assert found["real_name_bad_call_back"] == {"counted": 0, "total": 1, "rate": 0.0}
        assert len(call.ok("reviewer", "GET", "/ratings/unverified?on=2026-11-24")["items"]) == 2
        (waits,) = call.ok("reviewer", "GET", "/ratings/unverified")["items"]
        assert "139" not in str(waits)
        path = f"/ratings/{waits['id']}/actions/check"
        call.refused("supervisor", "POST", path, 403, {"confirmed": True, "note": "属实"})
        assert call.ok("reviewer", "POST", path, {"confirmed": True, "note": "本人确认"})["verified"]
        call.refused("reviewer", "POST", path, 409, {"confirmed": True, "note": "本人确认"})
        (case,) = call.ok("supervisor", "GET", "/rectifications")["items"]
        assert case["state"] == "verifying"
        found = call.ok("supervisor", "GET", "/statistics?from=2026-11-24&to=2026-11-25")["total"]
        assert found["bad_rating"] == {"counted": 1, "total": 1, "rate": 1.0}
        assert found["real_name_bad_call_back"]["rate"] == 1.0
        # Another day is another occasion; a new sheet makes the old one void.
        frozen.move_to(datetime.fromisoformat("2026-11-25T10:00:00+08:00"))
        assert visitor.rate(link, "satisfied").status_code == 200
        with app_context.transaction(clock.now()) as ctx:
            rated_bodies.renew_sheet(ctx.by(call.cast.supervisor), "city-hall-registration")
        assert visitor.open(link).status_code == 404
        assert visitor.open(sheet_of(app_context)).status_code == 200


def sheet_of(app_context: AppContext) -> str:
    with app_context.snapshot() as ctx:
        return f"/r/{rating_links.for_sheet(app_context.keys, body_of(ctx.session, 'city-hall-registration'))}"


def test_staff_do_not_rate(app: Flask, app_context: AppContext, call: Calls, build: Builder, visitor: Visitor) -> None:
    with freeze_time(NOW):
        number = build.ticket("closed", clock.now())
        visitor.client.set_cookie("hotline_session", call.cast.tokens["handler"])
        link = ticket_link(app_context, number)
        answer = visitor.rate(link, "very_satisfied")
        assert answer.status_code == 403 and "不能由本人评价" in answer.get_data(as_text=True)
        # Nor by telephone at the sheet of the own unit.
        with app_context.transaction(clock.now()) as ctx:
            account_admin.set_addresses(ctx.by(CONSOLE), "handler", None, "+8613900000000")
        refused = Visitor(app).rate(sheet_of(app_context), "very_satisfied", phone="13900000000")
        assert refused.status_code == 403
        assert call.ok("supervisor", "GET", f"/tickets/{number}")["ratings"] == []


def test_an_operator_does_not_rate_what_it_answered(call: Calls, build: Builder) -> None:
    with freeze_time(NOW):
        number = build.ticket("accepted", clock.now(), type=TicketType.CONSULT)
        call.ok("operator", "POST", f"/tickets/{number}/actions/answer_direct", {"reply": "已答复"})
        call.refused("operator", "POST", f"/tickets/{number}/ratings", 403, {"level": "very_satisfied"})
