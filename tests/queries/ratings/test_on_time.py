"""A round that was late when it was ended stays late; what ended in time without being met counts nowhere.

Each life below says by hand what it counts for; nothing is asked of the product but its figures.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from hotline.casework.dispatch import disputes, recall
from hotline.casework.handling import early_closing, handling, reassignment, requests, review
from hotline.casework.intake import merging
from hotline.casework.tickets.access import ticket_for
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.queries.ratings.figures import figures
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.reason_codes import RecallReason
from hotline.rules.vocabulary import RequestKind, ResultKind
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


# Dispatched or signed on Monday: the signing is due on Tuesday, a handling that began on Monday the Monday after.
MONDAY, IN_TIME, UNSIGNED, LATE = at("03-02 09:00"), at("03-03 10:00"), at("03-04 09:00"), at("03-12 09:00")
END = at("03-20 09:00")
ASKED = requests.Asking(RequestKind.TERMINATE, "已起诉", code="court", path="请向法院")
RESULT = handling.ResultGiven(ResultKind.SOLVED, "已办结。")
Fate = Callable[[Builder, str, datetime], None]


def recalled(build: Builder, number: str, now: datetime) -> None:
    build.do("dispatcher", recall.recall, number, recall.Recalling(RecallReason.OTHER, "重新分拨"), now=now)


def reassigned(build: Builder, number: str, now: datetime) -> None:
    ruling = disputes.DisputeRuling(OTHER_UNIT, "三定方案")
    build.do("supervisor", disputes.rule_dispute, number, ruling, now=now)
    build.do("supervisor", reassignment.reassign, number, requests.Ruling("改派"), now=now)


def merged(build: Builder, number: str, now: datetime) -> None:
    build.do("supervisor", merging.merge, number, merging.Merge(build.ticket("accepted", now)), now=now)


def withdrawn(build: Builder, number: str, now: datetime) -> None:
    given = early_closing.Withdrawal(CODES[number])
    build.do("operator", early_closing.withdraw, number, given, now=now)


def terminated(build: Builder, number: str, now: datetime) -> None:
    build.do("leader", requests.ask, number, ASKED, now=now)
    with build.app_context.transaction(now) as ctx:
        supervisor = ctx.by(build.cast.supervisor)
        ticket = ticket_for(supervisor, number, lock=True)
        requests.settle(supervisor, ticket, RequestKind.TERMINATE, "同意")


def finished(build: Builder, number: str, now: datetime) -> None:
    build.do("handler", handling.record_contact, number, handling.ContactReport("已电话联系"), now=now)
    build.do("leader", handling.submit_result, number, RESULT, now=now)
    build.do("reviewer", review.audit_pass, number, review.Passing(), now=now)


def nothing(build: Builder, number: str, now: datetime) -> None:
    """Nobody does anything."""


CODES: dict[str, str] = {}
# From which state, what happens and when; then what it counts for by the end: (signed in time, of), (finished in time, of).
Lives = list[tuple[str, Fate, datetime, tuple[int, int], tuple[int, int]]]
LIVES: Lives = [
    ("dispatched", recalled, IN_TIME, (0, 0), (0, 0)),
    ("dispatched", recalled, UNSIGNED, (0, 1), (0, 0)),
    ("dispatched", recalled, LATE, (0, 1), (0, 1)),
    ("dispatched", reassigned, IN_TIME, (0, 0), (0, 0)),
    ("dispatched", reassigned, LATE, (0, 1), (0, 1)),
    ("dispatched", merged, IN_TIME, (0, 0), (0, 0)),
    ("dispatched", merged, LATE, (0, 1), (0, 1)),
    ("dispatched", withdrawn, IN_TIME, (0, 0), (0, 0)),
    ("dispatched", withdrawn, LATE, (0, 1), (0, 1)),
    ("dispatched", nothing, END, (0, 1), (0, 1)),
    ("handling", reassigned, IN_TIME, (1, 1), (0, 0)),
    ("handling", reassigned, LATE, (1, 1), (0, 1)),
    ("handling", merged, IN_TIME, (1, 1), (0, 0)),
    ("handling", merged, LATE, (1, 1), (0, 1)),
    ("handling", withdrawn, LATE, (1, 1), (0, 1)),
    ("handling", terminated, IN_TIME, (1, 1), (0, 0)),
    ("handling", terminated, LATE, (1, 1), (0, 1)),
    ("handling", finished, IN_TIME, (1, 1), (1, 1)),
    ("handling", finished, LATE, (1, 1), (0, 1)),
    ("handling", nothing, END, (1, 1), (0, 1)),
]


def live(build: Builder, life: Any) -> None:
    state, fate, now, *_ = life
    number = build.ticket(state, MONDAY)
    assert build.logged is not None
    CODES[number] = build.logged.query_code
    fate(build, number, now)


def total(build: Builder, name: str, **asked: Any) -> tuple[int, int]:
    with build.app_context.snapshot(END) as ctx:
        period = {"begin": at("03-01 00:00").date(), "end": at("04-01 00:00").date(), "by": "unit", **asked}
        found = figures(ctx.by(build.cast.supervisor), **period)["total"][name]
    return found["counted"], found["total"]


def expected(place: int) -> tuple[int, int]:
    return sum(life[place][0] for life in LIVES), sum(life[place][1] for life in LIVES)  # type: ignore[index,misc]


def test_whatever_ended_it_late_stays_late_in_every_figure(build: Builder) -> None:
    for life in LIVES:
        live(build, life)
    while escalate.run(Run(build.app_context, END)):
        pass
    for by in ("unit", "month", "channel", "matter"):
        assert total(build, "sign_on_time", by=by) == expected(3), by
        assert total(build, "finish_on_time", by=by) == expected(4), by
    nowhere = {"begin": at("03-03 00:00").date(), "end": at("03-03 00:00").date()}
    assert total(build, "sign_on_time", **nowhere) == (0, 0)
    # What was withdrawn, merged or terminated was finished by no unit: nobody need call about it.
    assert total(build, "call_back") == (0, 0)
    assert total(build, "sham_finishing") == (0, 2)


@pytest.mark.parametrize("life", [LIVES[1], LIVES[6], LIVES[16]])
def test_it_is_late_at_once_and_once_for_all(life: Any, build: Builder) -> None:
    live(build, life)
    for name, place in (("sign_on_time", 3), ("finish_on_time", 4)):
        assert total(build, name) == life[place], name
