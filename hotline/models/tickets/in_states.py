"""The states of tickets in a query: the named sets of `hotline.rules.tickets.states`, and nothing else."""

from collections.abc import Collection

from sqlalchemy import ColumnElement

from hotline.models.tickets.tickets import Ticket
from hotline.rules.vocabulary import State


def in_states(states: Collection[State]) -> ColumnElement[bool]:
    """Return the condition that a ticket is in one of these states."""
    return Ticket.state.in_([state for state in State if state in states])
