"""What the states of a ticket mean: the named sets, held to each other and to the table of actions."""

import pytest

from hotline.rules import workflow
from hotline.rules.tickets import states
from hotline.rules.tickets.enterprise_steps import steps_in
from hotline.rules.vocabulary import Action, State


def test_a_ticket_is_open_closed_or_ended() -> None:
    assert states.OPEN | states.FINAL | {State.CLOSED} == set(State)
    assert not states.OPEN & states.FINAL and State.CLOSED not in states.OPEN | states.FINAL


def test_what_a_unit_has_is_open() -> None:
    assert states.WITH_UNIT < states.OPEN
    assert states.WAITS_FOR_CENTRE < states.OPEN
    assert not states.FINISHED & states.OPEN


def test_the_jobs_take_up_what_the_table_lets_the_service_do() -> None:
    resumed = {state for row in workflow.TABLE if row.action is Action.RESUME for state in row.sources}
    archived = {state for row in workflow.TABLE if row.action is Action.ARCHIVE for state in row.sources}
    assert (resumed, archived) == (states.TO_RESUME, states.TO_ARCHIVE)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (State.NEED_INFO, [Action.SUPPLY_INFO, Action.WITHDRAW, Action.ATTACH]),
        (State.HANDLING, [Action.REMIND, Action.WITHDRAW, Action.ATTACH]),
        (State.REVIEWING, [Action.REMIND, Action.ATTACH]),
        (State.CLOSED, [Action.ATTACH, Action.OBJECT]),
        (State.REJECTED, [Action.OBJECT]),
        (State.ARCHIVED, []),
    ],
)
def test_what_an_enterprise_may_do(state: State, steps: list[Action]) -> None:
    assert steps_in(state) == steps
