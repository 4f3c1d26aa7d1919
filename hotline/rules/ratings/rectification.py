"""The loop rating - feedback - rectification - supervision: what opens a case, which step leads where, each state's clock.

The centre verifies, the unit mends, the centre checks again, a supervisor confirms: no case closes without all of it, but by an
upheld appeal. A re-check that fails sends the case back with a supervision order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.rules.ratings.rating import is_bad
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Action, ClockKind, RectificationState, Satisfaction

S = RectificationState
FIRST = S.VERIFYING


@dataclass(frozen=True, slots=True)
class CaseStep:
    """`targets`: where it may lead (staying where it is included)."""

    action: Action
    source: RectificationState
    targets: frozenset[RectificationState]


STEPS: Mapping[str, CaseStep] = {
    "verify": CaseStep(Action.VERIFY_CASE, S.VERIFYING, frozenset({S.RECTIFYING})),
    "appeal": CaseStep(Action.APPEAL_CASE, S.RECTIFYING, frozenset({S.APPEALED})),
    "rule": CaseStep(Action.RULE_APPEAL, S.APPEALED, frozenset({S.CLOSED, S.RECTIFYING})),
    "mend": CaseStep(Action.MEND_CASE, S.RECTIFYING, frozenset({S.RECHECKING})),
    "recheck": CaseStep(Action.RECHECK_CASE, S.RECHECKING, frozenset({S.RECHECKING, S.RECTIFYING})),
    "confirm": CaseStep(Action.CONFIRM_CASE, S.RECHECKING, frozenset({S.CLOSED})),
}
CLOCK_OF: Mapping[RectificationState, ClockKind] = {
    S.VERIFYING: ClockKind.VERIFY,
    S.APPEALED: ClockKind.APPEAL,
    S.RECTIFYING: ClockKind.RECTIFY,
    S.RECHECKING: ClockKind.RECHECK,
}


def opens_rectification(level: Satisfaction, *, verified: bool) -> bool:
    """Return whether this rating opens its one case: a bad one of which we know that the enterprise gave it."""
    return verified and is_bad(level)


def check_step(state: RectificationState, name: str) -> None:
    """Refuses `ConditionUnmet` for a step out of turn."""
    if STEPS[name].source is not state:
        raise ConditionUnmet(f"整改现在是“{state.label}”，不能“{STEPS[name].action.label}”")
