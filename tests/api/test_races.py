"""Two hundred races of two deeds on one ticket: never two winners, never a lost line."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.call_backs import call_back
from hotline.casework.handling import handling, requests
from hotline.casework.tickets import timeline
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.vocabulary import RequestKind, Satisfaction, Solved
from tests.support import bodies
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

RACES = 200
RETURN = requests.Asking(
    RequestKind.RETURN, "不属本单位", code="not_our_duty", legal_ground="三定", suggested_unit="tax"
)
BAD = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.DISSATISFIED)
# state -> (what is done before the race, who may win it by which action)
COURSES: dict[str, tuple[tuple[tuple[str, Any, Any], ...], tuple[tuple[str, str], ...]]] = {
    "accepted": ((), (("dispatcher", "dispatch"), ("operator", "withdraw"), ("dispatcher", "transfer"))),
    "dispatched": (
        (("leader", requests.ask, RETURN),),
        (
            ("handler", "sign"),
            ("second_handler", "sign"),
            ("dispatcher", "return_approved"),
            ("supervisor", "return_refused"),
            ("operator", "withdraw"),
        ),
    ),
    "handling": (
        (("leader", requests.ask, requests.Asking(RequestKind.REASSIGN, "因", suggested_unit="tax")),),
        (("leader", "submit_result"), ("supervisor", "reassign"), ("operator", "withdraw")),
    ),
    "reviewing": ((), (("reviewer", "audit_pass"), ("second_reviewer", "audit_refuse"), ("reviewer", "audit_refuse"))),
    "calling_back": (
        (("reviewer", call_back.record_call_back, BAD),),
        (("reviewer", "rework"), ("second_reviewer", "rework"), ("supervisor", "rework")),
    ),
    "closed": ((), (("supervisor", "reopen"), ("second_supervisor", "reopen"))),
}


def test_of_two_who_act_at_once_one_wins(
    app: Flask, cast: Cast, build: Builder, call: Calls, app_context: AppContext
) -> None:
    dice, now = random.Random(20261124), datetime.now(UTC) - timedelta(minutes=5)
    callers = [Calls(app, cast), Calls(app, cast)]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(RACES):
            state = dice.choice(sorted(COURSES))
            before, runners = COURSES[state]
            number = build.ticket(state, now)
            assert build.logged is not None
            for who, deed, given in before:
                build.do(who, deed, number, given, now=now)
            if state == "handling":
                build.do("handler", handling.record_contact, number, handling.ContactReport("电话"), now=now)
            file = call.ok("supervisor", "GET", f"/tickets/{number}")
            lines = _length(app_context, number)
            pair = [dice.choice(runners), dice.choice(runners)]
            code = build.logged.query_code

            def run(lane: int) -> Any:
                who, action = pair[lane]  # noqa: B023
                body = {**_body(action, code), "version": file["version"]}  # noqa: B023
                return callers[lane](who, "POST", f"/tickets/{number}/actions/{action}", body)  # noqa: B023

            answers = list(pool.map(run, (0, 1)))
            statuses = sorted(answer.status_code for answer in answers)
            refused = [answer.get_json() for answer in answers if answer.status_code != 200]
            told = (state, pair, [problem.get("detail") for problem in refused])
            # A refused return leaves the ticket where it is, for whoever comes next: then the other is merely stale.
            assert statuses[0] == 200 and statuses[1] in (404, 409), (told, statuses)
            assert _length(app_context, number) > lines
    with app_context.snapshot() as ctx:
        assert [broken for _, broken in timeline.verify(ctx.session) if broken] == []


def _body(action: str, code: str) -> dict[str, Any]:
    known = {str(name): body for name, body in bodies.ACTIONS.items()}
    return {"code": code} if action == "withdraw" else known[action]


def _length(app_context: AppContext, number: str) -> int:
    """Lines that are stored, and not only counted."""
    with app_context.snapshot() as ctx:
        query = select(TimelineEntry.id).join(Ticket, Ticket.id == TimelineEntry.ticket_id)
        return len(ctx.session.scalars(query.where(Ticket.number == number)).all())
