"""What a call-back must have shown before a ticket may be closed or sent back.

The centre calls, never the unit. Three attempts on at least two days make an enterprise unreachable, which counts neither way;
silence is never satisfaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.rules.deadlines.time_limits import TimeLimits
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.ratings.rating import is_bad
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Outcome, Satisfaction, Solved


@dataclass(frozen=True)
class CallBackRules:
    """`hold_minutes`: how long a taken ticket stays with one person; `retry_minutes`: the peace after a missed call.

    `longest_booking_days`: calendar days within which a call may be booked.
    """

    hold_minutes: int
    retry_minutes: int
    longest_booking_days: int
    script: tuple[str, ...]

    def spoken(self, title: str, unit: str) -> list[str]:
        """The script for this matter."""
        return [line.format(title=title, unit=unit) for line in self.script]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of this round: the two answers are only there when somebody was reached."""

    at: datetime
    connected: bool
    solved: Solved | None = None
    satisfaction: Satisfaction | None = None
    no_reply_wanted: bool = False


def is_unreachable(attempts: Sequence[Attempt], limits: TimeLimits) -> bool:
    """Three attempts without an answer, on at least two different days (Asia/Shanghai)."""
    missed = [attempt for attempt in attempts if not attempt.connected]
    days = {attempt.at.astimezone(ZONE).date() for attempt in missed}
    return len(missed) == len(attempts) >= limits.attempts and len(days) >= limits.attempt_days


def last_answer(attempts: Sequence[Attempt]) -> Attempt | None:
    """The latest attempt at which the enterprise was reached."""
    return next((attempt for attempt in reversed(attempts) if attempt.connected), None)


def is_bad_answer(attempt: Attempt | None) -> bool:
    """Reached, and unsolved or dissatisfied: what a rework answers."""
    if attempt is None:
        return False
    return attempt.solved in (Solved.UNSOLVED, Solved.PARTLY) or (
        attempt.satisfaction is not None and is_bad(attempt.satisfaction)
    )


def check_outcome(
    outcome: Outcome,
    attempts: Sequence[Attempt],
    *,
    approved: bool,
    round: int,
    limits: TimeLimits,
    tracked: bool = False,
) -> None:
    """Refuses `ConditionUnmet` unless the attempts (and, where needed, a second person's approval) carry the outcome.

    `tracked`: what this round promised is tracked; the enterprise has to know, and not to be dissatisfied with it.
    """
    answer = last_answer(attempts)
    if outcome is Outcome.TRACKED:
        _check_tracked(answer, tracked)
        return
    if outcome is Outcome.SOLVED:
        if answer is None or answer.solved is not Solved.SOLVED or is_bad_answer(answer):
            raise ConditionUnmet("回访中企业没有确认已解决，不能按已解决办结")
    elif outcome is Outcome.UNREACHABLE:
        if not is_unreachable(attempts, limits):
            raise ConditionUnmet(
                f"须在至少{limits.attempt_days}天内联系{limits.attempts}次均未接通，才能按联系不上办结"
            )
    elif outcome is Outcome.NO_REPLY_WANTED:
        if answer is None or not answer.no_reply_wanted:
            raise ConditionUnmet("没有企业表示无需回复的回访记录")
    elif outcome is Outcome.UNRESOLVED and round < limits.rounds:
        raise ConditionUnmet(f"第{limits.rounds}轮办理后才能按未能解决办结")
    elif outcome in (Outcome.EXPLAINED, Outcome.UNRESOLVED):
        if answer is None:
            raise ConditionUnmet("须先回访到企业")
        if not approved:
            raise ConditionUnmet(f"按“{outcome.label}”办结须经另一人审批同意")
    else:
        raise ConditionUnmet(f"回访不能按“{outcome.label}”办结")


def _check_tracked(answer: Attempt | None, tracked: bool) -> None:
    if not tracked:
        raise ConditionUnmet("本轮没有挂账的承诺事项，不能按挂账办结")
    if answer is None:
        raise ConditionUnmet("须先回访到企业")
    if answer.satisfaction is not None and is_bad(answer.satisfaction):
        raise ConditionUnmet("企业对承诺不满意，请退回重办，或者经另一人审批按解释到位办结")


def check_rework(attempts: Sequence[Attempt], round: int, limits: TimeLimits) -> None:
    """Refuses a rework without a bad answer, or beyond the round limit."""
    if round >= limits.rounds:
        raise ConditionUnmet(f"已办理{round}轮，不能再退回重办")
    if not is_bad_answer(last_answer(attempts)):
        raise ConditionUnmet("回访中企业没有表示未解决或不满意，不能退回重办")
