"""Urgent matters, counted on the wall: a pause moves the due by its own length, whatever the hour; no calendar moves it."""

from datetime import date, datetime, timedelta

import pytest

from hotline.casework.dispatch import dispatch
from hotline.casework.handling import handling, requests, resumption, review
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import Action, ClockKind, Difficulty, RequestKind, ResultKind, Urgency
from tests.rules.conftest import at
from tests.support.build import Builder
from tests.support.clocked import SHUT, Case

K = RequestKind
RESULT = handling.ResultGiven(ResultKind.SOLVED, "已办结。")


@pytest.fixture
def danger(build: Builder) -> Case:
    """Danger to life: signed on Tue 2026-12-01 10:00, a result within 24 hours."""
    return begun(build, "2026-12-01 10:00")


def begun(build: Builder, now: str, **more: object) -> Case:
    case = Case(build, build.ticket("dispatched", at(now), urgency=Urgency.DANGER, **more))
    case.take(now, Action.SIGN, dispatch.Signing(), "handler")
    given = requests.Asking(K.SUSPENSION, "等待鉴定", code="court", until=local(at(now) + timedelta(days=9)).date())
    build.do("leader", requests.ask, case.number, given, now=at(now))
    return case


def shown(case: Case) -> str:
    return f"{local(case.clock().due_at):%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        ("2026-12-01 12:00", "2026-12-01 22:00", "12-02 20:00:00"),
        ("2026-12-01 23:55", "2026-12-02 00:05", "12-02 10:10:00"),
        ("2026-12-01 12:00", "2026-12-01 12:01", "12-02 10:01:00"),
        ("2026-12-01 12:00:10", "2026-12-01 12:00:55", "12-02 10:00:45"),
        # Over a rest day, and to the last second before the due.
        ("2026-12-02 09:59", "2026-12-06 23:59", "12-07 00:00:00"),
        ("2026-12-02 10:00", "2026-12-02 11:00", "12-02 11:00:00"),
    ],
)
def test_the_due_moves_by_the_paused_time(danger: Case, begin: str, end: str, due: str) -> None:
    danger.take(begin, Action.SUSPEND)
    danger.take(end, Action.RESUME, resumption.Resuming())
    assert shown(danger) == due
    assert danger.clock().paused_seconds == (at(end) - at(begin)).total_seconds()


def test_pauses_add_up(danger: Case) -> None:
    danger.take("2026-12-01 12:00", Action.SUSPEND)
    danger.take("2026-12-01 22:00", Action.RESUME, resumption.Resuming())
    danger.ask("2026-12-01 22:30", K.SUSPENSION, code="testing", until=date(2026, 12, 4))
    danger.take("2026-12-01 23:55", Action.SUSPEND)
    danger.take("2026-12-02 00:05", Action.RESUME, resumption.Resuming())
    assert shown(danger) == "12-02 20:10:00"


def test_a_suspension_that_ends_by_itself_gives_back_its_time(danger: Case) -> None:
    danger.take("2026-12-01 20:00", Action.SUSPEND)
    danger.climb("2026-12-15 09:00")
    # From 20:00 to the close of 12-10 at 17:30.
    assert shown(danger) == "12-11 07:30:00"


def test_what_was_late_when_it_was_suspended_gains_nothing(danger: Case) -> None:
    danger.take("2026-12-02 10:01", Action.SUSPEND)
    danger.take("2026-12-03 10:00", Action.RESUME, resumption.Resuming())
    assert shown(danger) == "12-02 10:00:00" and danger.clock().paused_seconds == 0


def test_steps_follow_the_due_that_a_pause_has_moved(danger: Case) -> None:
    danger.take("2026-12-01 12:00", Action.SUSPEND)
    danger.take("2026-12-01 22:00", Action.RESUME, resumption.Resuming())
    danger.climb("2026-12-03 09:00")
    # Thirty-four hours from the start to the due: half, three quarters, the whole.
    assert [(step, when) for step, _, when in danger.steps()] == [
        (0, "12-02 03:00"),
        (1, "12-02 11:30"),
        (2, "12-02 20:00"),
    ]


def test_what_was_red_at_its_due_stays_red_where_the_pause_leaves_no_time(danger: Case) -> None:
    """Paused at the due itself, when it was red and not yet late: it goes on at the due that it has then."""
    danger.climb("2026-12-02 10:00")
    danger.take("2026-12-02 10:00", Action.SUSPEND)
    danger.take("2026-12-02 11:00", Action.RESUME, resumption.Resuming())
    danger.climb("2026-12-02 12:00")
    assert danger.badge()[1] == 2 and [step for step, _, _ in danger.steps()] == [0, 1, 2]


def test_a_signing_of_fifteen_minutes_warns_before_it_is_red(build: Builder) -> None:
    begin = datetime.fromisoformat("2026-12-01T10:00:00+08:00")
    case = Case(build, build.ticket("dispatched", begin, urgency=Urgency.DANGER))
    case.climb("2026-12-01 10:07")
    assert case.clock(ClockKind.SIGN).step == -1
    case.climb("2026-12-01 10:08", "2026-12-01 10:12", "2026-12-01 10:15")
    fired = [(step, when) for step, _, when in case.steps(ClockKind.SIGN)]
    assert fired == [(0, "12-01 10:07"), (1, "12-01 10:11"), (2, "12-01 10:15")]


def test_an_extension_is_counted_in_days_of_twenty_four_hours(build: Builder) -> None:
    """Over a week-end: no calendar has a part in it. What a pause has given back stays."""
    case = begun(build, "2026-12-04 10:00", difficulty=Difficulty.DIFFICULT)
    case.take("2026-12-04 12:00", Action.SUSPEND)
    case.take("2026-12-04 13:30", Action.RESUME, resumption.Resuming())
    case.ask("2026-12-04 14:00", K.EXTENSION, days=2)
    case.take("2026-12-04 15:00", Action.EXTENSION_APPROVED)
    assert (shown(case), case.clock().extra_days) == ("12-07 11:30:00", 2)
    case.climb("2026-12-06 23:00")
    assert [(step, when) for step, _, when in case.steps()] == [(0, "12-05 22:45"), (1, "12-06 17:07")]


def test_a_difficult_matter_keeps_its_hours_and_what_a_pause_gave_back(danger: Case) -> None:
    danger.ask("2026-12-01 11:00", K.DIFFICULT, code="testing")
    danger.take("2026-12-01 12:00", Action.SUSPEND)
    danger.take("2026-12-01 22:00", Action.RESUME, resumption.Resuming())
    danger.take("2026-12-01 23:00", Action.DIFFICULTY_APPROVED)
    assert shown(danger) == "12-02 20:00:00" and danger.clock().limit_text.startswith("24小时")


def test_no_calendar_moves_it(danger: Case) -> None:
    danger.take("2026-12-01 12:00", Action.SUSPEND)
    danger.take("2026-12-01 22:00", Action.RESUME, resumption.Resuming())
    danger.change("2026-12-01 23:00", {date(2026, 12, 2): SHUT})
    assert shown(danger) == "12-02 20:00:00" and danger.entries("due_moved") == []


def test_review_time_is_given_back_in_days_of_twenty_four_hours(danger: Case) -> None:
    danger.take("2026-12-01 11:00", Action.RECORD_CONTACT, handling.ContactReport("电话"), "handler")
    danger.take("2026-12-01 16:00", Action.SUBMIT_RESULT, RESULT, "leader")
    danger.take("2026-12-02 16:30", Action.AUDIT_REFUSE, review.Refusing(Fault.INCOMPLETE, "补"), "reviewer")
    assert shown(danger) == "12-03 10:00:00"
