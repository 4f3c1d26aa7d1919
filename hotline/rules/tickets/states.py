"""The meaning of a state of a ticket: named sets, and the predicates that everybody asks instead of comparing states.

A query takes the same sets (`hotline.models.tickets.in_states`).
"""

from hotline.rules.vocabulary import State

FINAL = frozenset({State.ARCHIVED, State.REJECTED, State.WITHDRAWN, State.MERGED, State.TERMINATED, State.TRANSFERRED})
OPEN = frozenset(State) - FINAL - {State.CLOSED}
WITH_UNIT = frozenset({State.DISPATCHED, State.HANDLING, State.SUSPENDED, State.REVIEWING})
WAITS_FOR_CENTRE = frozenset({State.DISPATCHED, State.REVIEWING, State.CALLING_BACK})
"""Dispatched to a unit, and at a point where the next step may be the centre's."""
FINISHED = frozenset({State.CLOSED, State.ARCHIVED})
"""Answered, and closed for it: the other endings are `FINAL` without an answer."""
ON_DISPATCH_DESK = (State.SUBMITTED, State.ACCEPTED, State.NEED_INFO)
"""In the order in which the desk lists them."""
TO_CALL_BACK = frozenset({State.CALLING_BACK})
TO_RESUME = frozenset({State.SUSPENDED})
TO_ARCHIVE = frozenset({State.CLOSED})


def is_open(state: State) -> bool:
    """Return whether somebody still has to do something."""
    return state in OPEN


def is_with_unit(state: State) -> bool:
    """Return whether a unit has it, from its dispatch until its result is reviewed."""
    return state in WITH_UNIT


def is_accepted(state: State) -> bool:
    """Return whether it waits for its dispatch."""
    return state is State.ACCEPTED


def is_unsigned(state: State) -> bool:
    """Return whether it waits for the signature of the unit that it was dispatched to."""
    return state is State.DISPATCHED


def is_suspended(state: State) -> bool:
    """Return whether its handling stands still."""
    return state in TO_RESUME


def is_to_call_back(state: State) -> bool:
    """Return whether the centre has to call the enterprise."""
    return state in TO_CALL_BACK


def is_closed(state: State) -> bool:
    """Return whether it is closed and not archived: it may be taken up again."""
    return state is State.CLOSED


def is_finished(state: State) -> bool:
    """Return whether it was closed with an answer."""
    return state in FINISHED


def is_withdrawn(state: State) -> bool:
    """Return whether the enterprise took it back."""
    return state is State.WITHDRAWN
