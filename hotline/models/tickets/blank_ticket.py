"""A new ticket's zeros, for whichever way it comes in."""

from collections.abc import Mapping
from types import MappingProxyType

from hotline.models.tickets.tickets import Ticket

ZEROS: Mapping[str, object] = MappingProxyType(
    {
        "round": 1,
        "version": 1,
        "timeline_length": 0,
        "timeline_head": "",
        "step": -1,
        "no_return": False,
        "unsigned_late": False,
        "due_provisional": False,
        "imported": False,
    }
)
"""The first round, an empty timeline, no due and no step of the ladder."""


def blank_ticket(**columns: object) -> Ticket:
    """Return a ticket of these columns; what is not given begins at zero."""
    return Ticket(**{**ZEROS, **columns})
