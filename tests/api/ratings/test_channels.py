"""Channels rate with a token of their own, for what is theirs; files bring what they could not send."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.ratings import rated_bodies
from hotline.models.ratings.ratings import Rating
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.vocabulary import Satisfaction
from hotline.transfer.import_tickets import RATINGS, import_file
from tests.support.calls import Calls
from tests.support.channel import token_for

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
GIVEN = {"body": "city-hall-registration", "occasion": "A1", "level": "satisfied"}
BAD = {**GIVEN, "occasion": "A2", "level": "dissatisfied", "reasons": ["too_slow"]}


def send(app: Flask, headers: dict[str, str], given: dict[str, Any]) -> Any:
    return app.test_client().post("/api/v1/ratings", json=given, headers=headers)


def test_a_channel_rates_what_is_its_own_once(app: Flask, app_context: AppContext, call: Calls) -> None:
    with freeze_time(NOW):
        terminals = token_for(app_context, "hall-terminals")
        assert send(app, terminals, GIVEN).status_code == 201
        again = send(app, terminals, GIVEN)
        assert (again.status_code, again.get_json()["first"]) == (200, False)
        assert send(app, terminals, {**GIVEN, "level": "basically_satisfied"}).status_code == 409
        first, second = send(app, terminals, BAD).get_json(), send(app, terminals, BAD).get_json()
        # What was answered once is answered again, the code for the rater too.
        assert (first["number"], first["query_code"]) == (second["number"], second["query_code"])
        assert call.ok(None, "GET", f"/public/tickets/{first['number']}?code={first['query_code']}")["title"]
        assert len(call.ok("supervisor", "GET", "/rectifications")["items"]) == 1
        for wrong in ({"body": "tax-hall"}, {"body": "nowhere"}):
            answer = send(app, terminals, {**GIVEN, **wrong})
            assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/body")
        for wrong in ({"level": "good"}, {"reasons": ["too_slow"]}, {"occasion": " "}, {"level": "dissatisfied"}):
            assert send(app, terminals, {**GIVEN, "occasion": "A3", **wrong}).status_code == 422
        unheard = {**BAD, "occasion": "A4", "reasons": ["unheard_of"]}
        assert send(app, terminals, unheard).status_code == 422


def test_a_channel_that_knows_nobody_rates_unverified(app: Flask, app_context: AppContext, call: Calls) -> None:
    with freeze_time(NOW):
        answer = send(app, token_for(app_context, "open-terminals"), {**BAD, "body": "city-hall-terminal"})
        assert answer.get_json()["verified"] is False and "number" not in answer.get_json()
        assert call.ok("supervisor", "GET", "/rectifications")["items"] == []


def test_tokens_of_channels_and_of_people_are_two_things(app: Flask, app_context: AppContext, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        headers = token_for(app_context, "hall-terminals")
        assert app.test_client().get("/api/v1/tickets", headers=headers).status_code == 401
        assert call("supervisor", "POST", "/ratings", GIVEN).status_code == 401
        assert send(app, {}, GIVEN).status_code == 401
        newer = token_for(app_context, "hall-terminals")
        assert send(app, headers, GIVEN).status_code == 401
        with app_context.transaction(NOW) as ctx:
            short = rated_bodies.grant_channel_token(ctx.by(CONSOLE).at(NOW), "mobile", days=1)
        assert send(app, newer, GIVEN).status_code == 201
        frozen.move_to(datetime.fromisoformat("2026-11-26T10:00:00+08:00"))
        mobile = {"Authorization": f"Bearer {short}"}
        assert send(app, mobile, {**GIVEN, "body": "mobile"}).status_code == 401


def test_a_file_of_ratings_goes_in_once_and_a_bad_row_is_named(
    app_context: AppContext, call: Calls, tmp_path: Path
) -> None:
    lines = (
        "channel,body,occasion,level,rated_at,reasons,remark,phone,default",
        "hall-terminals,city-hall-registration,1,非常满意,2026-11-23 09:00,,,,",
        "hall-terminals,city-hall-registration,2,不满意,2026-11-23 09:05,办理太慢、attitude,等了两小时,13912345678,",
        "hall-terminals,city-hall-registration,3,满意,2026-11-23 09:06,,,,yes",
        "hall-terminals,tax-hall,4,满意,2026-11-23 09:07,,,,",
        "nowhere,city-hall,5,满意,2026-11-23 09:08,,,,",
        "hall-terminals,city-hall,6,还行,2026-11-23 09:09,,,,",
        "hall-terminals,city-hall,7,满意,2027-11-23 09:09,,,,",
    )
    file = tmp_path / "ratings.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    with freeze_time(NOW):
        dry = import_file(app_context, file, RATINGS, dry_run=True, progress=lambda rows: None)
        assert (dry.added, len(dry.bad)) == (2, 5)
        assert call.ok("supervisor", "GET", "/rectifications")["items"] == []
        done = import_file(app_context, file, RATINGS, dry_run=False, progress=lambda rows: None)
        assert (done.added, done.present, [line for line, _ in done.bad]) == (2, 0, [4, 5, 6, 7, 8])
        assert "默认评价" in dict(done.bad)[4]
        assert dict(done.bad)[7].startswith("“level”列不是可选的值：非常满意（very_satisfied）")
        with app_context.snapshot() as ctx:
            (bad,) = ctx.session.scalars(select(Rating).where(Rating.level == Satisfaction.DISSATISFIED))
            assert bad.reasons == ["too_slow", "attitude"]
        again = import_file(app_context, file, RATINGS, dry_run=False, progress=lambda rows: None)
        assert (again.added, again.present) == (0, 2)
        (case,) = call.ok("supervisor", "GET", "/rectifications")["items"]
        # Its clock begins at the import: what nobody knew of is nobody's delay.
        assert case["opened_at"] == "2026-11-24T10:00:00+08:00"
        told = next(s for s in case["stations"] if s["name"] == "told")
        assert (told["due_at"], told["late"]) == ("2026-11-25T17:30:00+08:00", False)
        assert case["stations"][0]["at"] == "2026-11-23T09:05:00+08:00"
