"""Supervision orders 督办单: which of them are open."""

from hotline.rules.vocabulary import OrderState

OPEN_ORDERS = (OrderState.DRAFT, OrderState.ISSUED, OrderState.REPLIED)


def is_open_order(state: OrderState) -> bool:
    """Return whether somebody still has to do something about an order: issue it, answer it, close it."""
    return state in OPEN_ORDERS
