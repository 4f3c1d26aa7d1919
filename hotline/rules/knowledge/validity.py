"""When an article holds: from its first day to its last, both counted; without a last day, until further notice."""

from datetime import date


def in_force(effective_from: date, effective_to: date | None, on: date) -> bool:
    """True when the article may be answered from on this day."""
    return effective_from <= on and (effective_to is None or on <= effective_to)
