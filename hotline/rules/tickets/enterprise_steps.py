"""What an enterprise may do with its ticket on the public page."""

from hotline.rules.tickets.unavailable_actions import is_possible
from hotline.rules.vocabulary import Action, Deed, State

STEPS: tuple[Action | Deed, ...] = (Action.SUPPLY_INFO, Deed.REMIND, Action.WITHDRAW, Deed.ATTACH, Deed.OBJECT)


def steps_in(state: State) -> list[Action | Deed]:
    """Return the steps that the table of actions opens in this state, in the order of the page."""
    return [step for step in STEPS if is_possible(state, step)]
