"""The queue of call-backs: one person at a time, given back when abandoned, booked, and never about one's own work."""

import threading
from datetime import datetime
from typing import Any

from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.call_backs import call_back_queue
from hotline.rules.refusals import UnknownThing
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


MISSED = {"connected": False}
REACHED = {"connected": True, "solved": "solved", "satisfaction": "satisfied"}


def test_the_queue_is_taken_in_the_order_of_the_dues_and_given_back(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-23T10:00:00")) as frozen:
        first = build.ticket("calling_back", clock.now())
        frozen.move_to(at("2026-11-24T10:00:00"))
        second = build.ticket("calling_back", clock.now())
        taken = call.ok("reviewer", "POST", "/call-backs/next")
        assert taken["number"] == first and taken["call"]["mine"]
        assert any(taken["title"] in line for line in taken["call"]["script"])
        # Asked again it is the same one; another person gets the next, and then there is none.
        assert call.ok("reviewer", "POST", "/call-backs/next")["number"] == first
        assert call.ok("second_reviewer", "POST", "/call-backs/next")["number"] == second
        problem = call.refused("second_reviewer", "POST", f"/tickets/{first}/call-backs/take", 409)
        assert "正在回访" in problem["detail"] and "10:30" in problem["detail"]
        call.refused("second_reviewer", "POST", f"/tickets/{first}/call-backs", 409, MISSED)
        call.ok("second_reviewer", "POST", f"/tickets/{second}/call-backs/give_back")
        # Abandoned, it is free after half an hour.
        frozen.move_to(at("2026-11-24T10:30:00"))
        assert call.ok("second_reviewer", "POST", "/call-backs/next")["number"] == first


def test_a_missed_call_is_left_in_peace_and_a_booked_one_comes_first(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")) as frozen:
        first, second = build.ticket("calling_back", clock.now()), build.ticket("calling_back", clock.now())
        call.ok("reviewer", "POST", f"/tickets/{first}/call-backs", MISSED)
        call.ok("reviewer", "POST", "/call-backs/next")
        booking = {"at": "2026-11-24T15:00", "remark": "下午有空"}
        call.ok("reviewer", "POST", f"/tickets/{second}/call-backs/book", booking)
        call.refused("reviewer", "POST", "/call-backs/next", 404)
        frozen.move_to(at("2026-11-24T12:00:01"))
        assert call.ok("reviewer", "POST", "/call-backs/next")["number"] == first
        call.ok("reviewer", "POST", f"/tickets/{first}/call-backs/give_back")
        frozen.move_to(at("2026-11-24T15:00:00"))
        assert call.ok("reviewer", "POST", "/call-backs/next")["number"] == second
        for wrong in ("2026-11-24T09:00", "2027-01-24T09:00", "morgen"):
            call.refused("reviewer", "POST", f"/tickets/{second}/call-backs/book", 422, {"at": wrong})
        # Booking buys no time.
        file = call.ok("reviewer", "GET", f"/tickets/{second}")
        assert [c["due_at"] for c in file["clocks"] if c["kind"] == "call_back"] == ["2026-12-01T17:30:00+08:00"]
        call.ok("reviewer", "POST", f"/tickets/{second}/call-backs", REACHED)
        closed = call.ok("reviewer", "POST", f"/tickets/{second}/actions/close", {"outcome": "solved"})
        assert closed["call"] is None
        assert [row["number"] for row in call.ok("reviewer", "GET", "/call-backs")["items"]] == [first]


def test_others_take_nothing(call: Calls, build: Builder) -> None:
    with freeze_time(at("2026-11-24T10:00:00")):
        number = build.ticket("calling_back", clock.now())
        for who in ("operator", "handler", "leader", "supervisor"):
            call.refused(who, "POST", "/call-backs/next", 403)
            call.refused(who, "POST", f"/tickets/{number}/call-backs/take", 403)


def test_at_once_everybody_gets_another_one(app_context: AppContext, build: Builder, cast: Cast) -> None:
    now = at("2026-11-24T10:00:00")
    numbers = {build.ticket("calling_back", now) for _ in range(3)}
    got: list[Any] = []

    def take(who: str) -> None:
        try:
            with app_context.transaction(now) as ctx:
                actor = getattr(cast, who)
                got.append(call_back_queue.take_next(ctx.by(actor).at(now)).number)
        except UnknownThing:
            got.append(None)

    for _ in range(5):
        got.clear()
        threads = [threading.Thread(target=take, args=(who,)) for who in ("reviewer", "second_reviewer")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(got)) == 2 and set(got) <= numbers
