"""Why something cannot be done now: the refusals that a reader would meet, worked out without doing anything."""

from hotline.rules import workflow
from hotline.rules.actors import Actor
from hotline.rules.permissions import Worked, allowed_actions, allowed_deeds, may_do, may_take
from hotline.rules.refusals import WrongState
from hotline.rules.vocabulary import Action, Deed, State


def why_not(actor: Actor, ticket: Worked) -> list[tuple[Action | Deed, WrongState]]:
    """What this reader may do in some other state of this ticket, but not in this one; each with its refusal."""
    actions, deeds = allowed_actions(actor, ticket), allowed_deeds(actor, ticket)
    elsewhere: list[Action | Deed] = [
        action
        for action in workflow.WHO
        if states_of(action) and ticket.state not in states_of(action) and may_take(actor, action, ticket.desk_path)
    ]
    elsewhere += [
        deed
        for deed, row in workflow.DEEDS.items()
        if ticket.state not in row.states and may_do(actor, deed, ticket.desk_path)
    ]
    return [(step, WrongState(step.label, ticket.state.label, actions, deeds)) for step in elsewhere]


def is_possible(state: State, step: Action | Deed) -> bool:
    """Return whether this step can be taken in this state, by somebody."""
    return state in states_of(step)


def states_of(step: Action | Deed) -> frozenset[State]:
    """The states in which this step can be taken."""
    if isinstance(step, Deed):
        return workflow.DEEDS[step].states
    return frozenset[State]().union(*(row.sources for row in workflow.TABLE if row.action is step))
