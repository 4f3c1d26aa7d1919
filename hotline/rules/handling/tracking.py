"""What is only promised 挂账: a result that says when it will be done, or which body decides, is tracked until it is done.

It needs a supervisor's consent and the interim reply. The unit owes a note every month and reports when it is done; the item is
struck off only after a second call-back by the centre that finds it done.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Action, RequestKind, ResultKind, Word

CONSENT: Mapping[ResultKind, RequestKind] = {
    ResultKind.PROMISED: RequestKind.PROMISED,
    ResultKind.STATUTORY: RequestKind.STATUTORY,
}
"""The results that are tracked, each with the request by which a supervisor consents."""


class TrackState(Word):
    """`LAPSED`: a new round took its place. `UNREACHED`: reported, but nobody could be asked; it never counts as solved."""

    OPEN = "open", "挂账中"
    CHECKING = "checking", "待销账回访"
    STRUCK_OFF = "struck_off", "已销账"
    UNREACHED = "unreached", "联系不上，终结"
    LAPSED = "lapsed", "已失效"


RUNNING = (TrackState.OPEN, TrackState.CHECKING)


class TrackNote(Word):
    """What was written on a tracked item."""

    NOTE = "note", "进展"
    REPORT = "report", "申请销账"
    CHECK = "check", "销账回访"


@dataclass(frozen=True, slots=True)
class TrackStep:
    action: Action
    source: TrackState


STEPS: Mapping[str, TrackStep] = {
    "note": TrackStep(Action.NOTE_TRACKED, TrackState.OPEN),
    "report": TrackStep(Action.REPORT_TRACKED, TrackState.OPEN),
    "check": TrackStep(Action.CHECK_TRACKED, TrackState.CHECKING),
}


def check_step(state: TrackState, name: str) -> None:
    """Refuses `ConditionUnmet` for a step out of turn."""
    if STEPS[name].source is not state:
        raise ConditionUnmet(f"挂账事项现在是“{state.label}”，不能“{STEPS[name].action.label}”")
