"""Two people at the same moment: one wins, the other is told what is allowed now."""

import threading
from datetime import UTC, datetime

from flask import Flask

from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def at_once(app: Flask, cast: Cast, people: list[str], path: str, body: object) -> list[tuple[int, dict[str, object]]]:
    """Everybody posts the same as soon as all are ready."""
    ready = threading.Barrier(len(people))
    answers: list[tuple[int, dict[str, object]]] = []

    def post(who: str) -> None:
        call = Calls(app, cast)
        ready.wait()
        answer = call(who, "POST", path, body)
        answers.append((answer.status_code, answer.get_json()))

    threads = [threading.Thread(target=post, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers, key=lambda answer: answer[0])


def test_two_handlers_sign_at_the_same_moment(app: Flask, cast: Cast, build: Builder, call: Calls) -> None:
    for _ in range(5):
        number = build.ticket("dispatched", NOW)
        version = call.ok("handler", "GET", f"/tickets/{number}")["version"]
        path = f"/tickets/{number}/actions/sign"
        (won, file), (lost, problem) = at_once(app, cast, ["handler", "second_handler"], path, {"version": version})
        assert (won, lost) == (200, 409)
        assert file["state"] == "handling"
        assert problem["code"] in ("wrong-state", "stale")
        assert "allowed_actions" in problem
        entries = [line["entry"] for line in call.ok("handler", "GET", f"/tickets/{number}/timeline")["items"]]
        assert entries.count("signed") == 1


def test_many_calls_at_once_get_numbers_of_their_own(app: Flask, cast: Cast, call: Calls) -> None:
    body = {"title": "标题", "content": "内容", "type": "help", "category": "licensing-delay", "difficulty": "ordinary"}
    answers = at_once(app, cast, ["operator"] * 8, "/tickets", body)
    assert [status for status, _ in answers] == [201] * 8
    assert len({answer["number"] for _, answer in answers}) == 8


def test_the_same_key_sent_at_once_makes_one_ticket(app: Flask, cast: Cast, call: Calls) -> None:
    body = {"title": "标题", "content": "内容"}
    ready, numbers = threading.Barrier(4), []

    def post() -> None:
        mine = Calls(app, cast)
        ready.wait()
        answer = mine("operator", "POST", "/tickets", body, headers={"Idempotency-Key": "once"})
        numbers.append(answer.get_json()["number"])

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    assert len(call.ok("operator", "GET", "/tickets?sort=-received")["items"]) == 1
