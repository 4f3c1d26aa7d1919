"""Requests that stand beside the state: who asks for what in which state, who decides, and which row an approval takes.

The unit's own requests carry its leader's signature; nobody decides what they asked for or signed. A request hides no state
and stops no clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.rules.reason_codes import DifficultGround, RejectReason, ReturnReason, SuspensionReason, TerminationGround
from hotline.rules.vocabulary import Action, RequestKind, RequestState, Role, State

K, R, S = RequestKind, Role, State


@dataclass(frozen=True, slots=True)
class RequestRow:
    """`codes`: the coded grounds it needs, if any; `needs`: what else has to be given. `action` is taken by an approval."""

    kind: RequestKind
    states: frozenset[State]
    askers: frozenset[Role]
    deciders: frozenset[Role]
    action: Action | None
    codes: type[StrEnum] | None = None
    needs: tuple[str, ...] = ()

    @property
    def of_the_unit(self) -> bool:
        """Asked for by the unit, and then signed by its leader."""
        return R.LEADER in self.askers


def _row(
    kind: RequestKind,
    states: Iterable[State],
    askers: Iterable[Role],
    deciders: Iterable[Role],
    action: Action | None,
    codes: type[StrEnum] | None = None,
    needs: tuple[str, ...] = (),
) -> RequestRow:
    return RequestRow(kind, frozenset(states), frozenset(askers), frozenset(deciders), action, codes, needs)


UNIT, CENTRE = {R.HANDLER, R.LEADER}, {R.REVIEWER, R.SUPERVISOR}
A, H, SUP = Action, {S.HANDLING}, {R.SUPERVISOR}
ROWS: Mapping[RequestKind, RequestRow] = {
    row.kind: row
    for row in (
        _row(
            K.RETURN,
            {S.DISPATCHED},
            UNIT,
            {R.DISPATCHER, R.SUPERVISOR},
            A.RETURN_APPROVED,
            ReturnReason,
            ("legal_ground", "suggested_unit"),
        ),
        _row(K.DIFFICULT, H, UNIT, SUP, A.DIFFICULTY_APPROVED, DifficultGround),
        _row(K.EXTENSION, H, UNIT, SUP, A.EXTENSION_APPROVED, None, ("days",)),
        _row(K.SUSPENSION, H, UNIT, SUP, A.SUSPEND, SuspensionReason, ("until",)),
        _row(K.REASSIGN, H, UNIT, SUP, A.REASSIGN, None, ("suggested_unit",)),
        _row(K.TERMINATE, {S.HANDLING, S.SUSPENDED}, UNIT, SUP, A.TERMINATE, TerminationGround, ("path",)),
        _row(K.REJECT, {S.SUBMITTED}, {R.DISPATCHER}, SUP, A.REJECT, RejectReason, ("path",)),
        _row(K.EXPLAINED, {S.CALLING_BACK}, CENTRE, CENTRE, None),
        _row(K.UNRESOLVED, {S.CALLING_BACK}, CENTRE, CENTRE, None),
        _row(K.PROMISED, H, UNIT, SUP, None, None, ("until",)),
        _row(K.STATUTORY, H, UNIT, SUP, None, None, ("body", "until")),
    )
}
KIND_OF: Mapping[Action, RequestKind] = {
    **{row.action: row.kind for row in ROWS.values() if row.action is not None},
    Action.RETURN_REFUSED: K.RETURN,
}


def is_asked_in(state: State, kind: RequestKind) -> bool:
    """Return whether this may be asked for in this state of the ticket."""
    return state in ROWS[kind].states


OPEN_REQUESTS = (RequestState.DRAFTED, RequestState.PENDING)


def is_open_request(state: RequestState) -> bool:
    """Return whether a request waits for its signature or for its decision."""
    return state in OPEN_REQUESTS
