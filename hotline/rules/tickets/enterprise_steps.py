"""The steps that an enterprise may take with its ticket on the public page."""

from hotline.rules.vocabulary import Action, State
from hotline.rules.workflow import is_possible

STEPS: tuple[Action, ...] = (Action.SUPPLY_INFO, Action.REMIND, Action.WITHDRAW, Action.ATTACH, Action.OBJECT)


def steps_in(state: State) -> list[Action]:
    """Return the steps that the table of actions opens in this state, in the order of the page."""
    return [step for step in STEPS if is_possible(state, step)]
