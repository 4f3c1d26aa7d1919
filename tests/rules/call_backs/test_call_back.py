"""What a call-back must have shown before a matter is closed or sent back."""

from datetime import datetime

import pytest

from hotline.rules.call_backs.call_back import Attempt, check_outcome, check_rework, is_unreachable
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Outcome, Satisfaction, Solved
from hotline.settings.config_files import resource
from hotline.settings.rulebook import rulebook_from

LIMITS = rulebook_from(resource("config")).limits


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def missed(*days: int) -> list[Attempt]:
    return [Attempt(at(day, 9 + n), connected=False) for n, day in enumerate(days)]


def heard(solved: Solved, satisfaction: Satisfaction) -> list[Attempt]:
    return [Attempt(at(24), connected=True, solved=solved, satisfaction=satisfaction)]


GOOD = heard(Solved.SOLVED, Satisfaction.BASICALLY_SATISFIED)
BAD = heard(Solved.UNSOLVED, Satisfaction.SATISFIED)
ANGRY = heard(Solved.SOLVED, Satisfaction.DISSATISFIED)


def closes(
    outcome: Outcome, attempts: list[Attempt], approved: bool = False, round: int = 1, tracked: bool = False
) -> bool:
    try:
        check_outcome(outcome, attempts, approved=approved, round=round, limits=LIMITS, tracked=tracked)
    except ConditionUnmet:
        return False
    return True


def test_solved_only_where_the_enterprise_said_so() -> None:
    assert closes(Outcome.SOLVED, GOOD)
    for attempts in (BAD, ANGRY, missed(24, 24, 25), []):
        assert not closes(Outcome.SOLVED, attempts)


def test_unreachable_after_three_attempts_on_two_days() -> None:
    assert is_unreachable(missed(24, 24, 25), LIMITS)
    assert closes(Outcome.UNREACHABLE, missed(24, 24, 25))
    for attempts in (missed(24, 24, 24), missed(24, 25), [*missed(24, 24, 25), *GOOD], []):
        assert not closes(Outcome.UNREACHABLE, attempts)


def test_explained_needs_a_second_person_and_an_answer() -> None:
    assert closes(Outcome.EXPLAINED, BAD, approved=True)
    assert not closes(Outcome.EXPLAINED, BAD)
    assert not closes(Outcome.EXPLAINED, missed(24), approved=True)


def test_unresolved_only_in_the_last_round() -> None:
    assert closes(Outcome.UNRESOLVED, BAD, approved=True, round=3)
    assert not closes(Outcome.UNRESOLVED, BAD, approved=True, round=2)
    assert not closes(Outcome.UNRESOLVED, BAD, round=3)


def test_no_reply_wanted_only_where_the_enterprise_said_so() -> None:
    assert closes(Outcome.NO_REPLY_WANTED, [Attempt(at(24), connected=True, no_reply_wanted=True)])
    assert not closes(Outcome.NO_REPLY_WANTED, GOOD)


def test_a_promise_closes_where_it_is_tracked_and_the_enterprise_is_content_with_it() -> None:
    assert closes(Outcome.TRACKED, BAD, tracked=True)
    assert not closes(Outcome.TRACKED, BAD)
    for attempts in (ANGRY, missed(24, 24, 25), []):
        assert not closes(Outcome.TRACKED, attempts, tracked=True)
    assert not closes(Outcome.SOLVED, BAD, tracked=True)


def test_a_call_back_never_closes_as_answered() -> None:
    assert not closes(Outcome.ANSWERED, GOOD, approved=True)


@pytest.mark.parametrize("attempts", [BAD, ANGRY])
def test_a_bad_answer_sends_it_back_until_the_round_limit(attempts: list[Attempt]) -> None:
    check_rework(attempts, 1, LIMITS)
    check_rework(attempts, 2, LIMITS)
    with pytest.raises(ConditionUnmet):
        check_rework(attempts, 3, LIMITS)


@pytest.mark.parametrize("attempts", [GOOD, missed(24), []])
def test_nothing_is_sent_back_without_a_bad_answer(attempts: list[Attempt]) -> None:
    with pytest.raises(ConditionUnmet):
        check_rework(attempts, 1, LIMITS)
