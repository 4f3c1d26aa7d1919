"""Why something cannot be done now: the refusals that a reader would meet, worked out without doing anything."""

from hotline.rules import workflow
from hotline.rules.actors import Actor
from hotline.rules.permissions import Worked, allowed_actions, allowed_deeds, may_take
from hotline.rules.refusals import WrongState
from hotline.rules.vocabulary import Action


def why_not(actor: Actor, ticket: Worked) -> list[tuple[Action, WrongState]]:
    """Return what this reader may do in some other state of this ticket, but not in this one; each with its refusal."""
    actions, deeds = allowed_actions(actor, ticket), allowed_deeds(actor, ticket)
    return [
        (action, WrongState(action.label, ticket.state.label, actions, deeds))
        for action in workflow.ROWS_OF
        if _elsewhere(action, ticket) and may_take(actor, action, ticket.desk_path)
    ]


def _elsewhere(action: Action, ticket: Worked) -> bool:
    states = workflow.states_of(action)
    return bool(states) and ticket.state not in states
