"""Supervision orders 督办单: what calls for one beside the ladder, and which of them are open.

The ladder's own order comes `order_after_days` after the due (`config/ladder.toml`); the other numbers stand in
`config/time_limits.toml`. Orders are drafted by `casework/tickets/order_drafts.py`.
"""

from hotline.rules.deadlines.time_limits import TimeLimits
from hotline.rules.vocabulary import OrderState

OPEN_ORDERS = (OrderState.DRAFT, OrderState.ISSUED, OrderState.REPLIED)


def is_open_order(state: OrderState) -> bool:
    """Return whether somebody still has to do something about an order: issue it, answer it, close it."""
    return state in OPEN_ORDERS


def repeats_call_for_order(before: int, merged: int, limits: TimeLimits) -> bool:
    """Return whether the merge that brought the repeats from `before` to `merged` calls for an order; later ones do not."""
    return before < limits.merges_to_order <= merged


def rework_calls_for_order(round: int, limits: TimeLimits) -> bool:
    """Return whether a matter that goes into this round calls for an order: round 1 is no rework."""
    return round > limits.reworks_to_order


def refused_returns_call_for_order(refused: int, limits: TimeLimits) -> bool:
    """Return whether so many refused returns of one round call for an order."""
    return refused >= limits.refused_returns_to_order
