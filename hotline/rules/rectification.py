"""The loop rating - feedback - rectification - supervision: which state follows which, and the clock of each.

The record and its first clock are opened with the rating; the later steps stand here as the one table they will be taken from.
"""

from hotline.rules.vocabulary import ClockKind, RectificationState

FIRST = RectificationState.VERIFYING
NEXT: dict[RectificationState, frozenset[RectificationState]] = {
    RectificationState.VERIFYING: frozenset({RectificationState.APPEALED, RectificationState.RECTIFYING}),
    RectificationState.APPEALED: frozenset({RectificationState.CLOSED, RectificationState.RECTIFYING}),
    RectificationState.RECTIFYING: frozenset({RectificationState.RECHECKING}),
    RectificationState.RECHECKING: frozenset({RectificationState.CLOSED, RectificationState.RECTIFYING}),
    RectificationState.CLOSED: frozenset(),
}
CLOCK_OF: dict[RectificationState, ClockKind] = {
    RectificationState.VERIFYING: ClockKind.VERIFY,
    RectificationState.RECTIFYING: ClockKind.RECTIFY,
    RectificationState.RECHECKING: ClockKind.RECHECK,
}
