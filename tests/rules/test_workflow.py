"""The table of the workflow: complete, and the only way."""

import pytest

from hotline.rules import workflow
from hotline.rules.actors import SYSTEM, VISITOR, Actor, Grant
from hotline.rules.permissions import check_not_own_work, may_do, may_take
from hotline.rules.refusals import OwnWork, WrongState
from hotline.rules.tickets.states import FINAL
from hotline.rules.vocabulary import Action, Deed, Role, State

CENTRE, UNIT, OFFICE, OTHER = "/1/", "/7/", "/7/70/", "/8/"


def who(role: Role, path: str = CENTRE) -> Actor:
    return Actor(name="甲", staff_id=1, unit_path=path, grants=(Grant(role, path),))


def test_each_row_of_the_rules_is_there_once() -> None:
    assert [row.number for row in workflow.TABLE] == list(range(1, 30))
    assert {row.action for row in workflow.TABLE} == set(Action)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_of_state_and_action_is_decided(state: State, action: Action) -> None:
    row = next((row for row in workflow.TABLE if row.action is action), None)
    assert row is not None
    if state not in row.sources:
        with pytest.raises(WrongState) as refused:
            workflow.step(state, action, ["sign"])
        assert refused.value.allowed_actions == ("sign",)
        assert action not in workflow.actions_from(state)
    else:
        assert workflow.step(state, action) is row
        assert action in workflow.actions_from(state)


def test_nothing_leaves_a_final_state_but_a_wrong_merge_and_what_was_rightly_objected_to() -> None:
    leaving = {(row.action, state) for row in workflow.TABLE for state in row.sources & FINAL}
    objected = {(Action.TAKE_UP, state) for state in (State.REJECTED, State.TERMINATED)}
    assert leaving == {(Action.UNMERGE, State.MERGED), *objected}


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_belongs_to_some_state_and_somebody(deed: Deed) -> None:
    assert workflow.DEEDS[deed].states
    assert workflow.DEEDS[deed].who


def test_a_unit_acts_on_its_own_desk_and_those_below() -> None:
    assert may_take(who(Role.HANDLER, UNIT), Action.SIGN, UNIT)
    assert may_take(who(Role.HANDLER, UNIT), Action.SIGN, OFFICE)
    assert not may_take(who(Role.HANDLER, OFFICE), Action.SIGN, UNIT)
    assert not may_take(who(Role.HANDLER, OTHER), Action.SIGN, UNIT)
    assert not may_take(who(Role.HANDLER, UNIT), Action.SIGN, None)


def test_only_the_leader_submits_the_result() -> None:
    assert may_take(who(Role.LEADER, UNIT), Action.SUBMIT_RESULT, UNIT)
    assert not may_take(who(Role.HANDLER, UNIT), Action.SUBMIT_RESULT, UNIT)


@pytest.mark.parametrize(
    "action", [a for a in Action if a not in (Action.SUBMIT, Action.ANSWER_DIRECT, Action.SUPPLY_INFO)]
)
def test_an_outsourced_operator_logs_and_answers_and_no_more(action: Action) -> None:
    assert not may_take(who(Role.OUTSOURCED_OPERATOR), action, UNIT)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR, Role.INSPECTOR])
@pytest.mark.parametrize("action", Action)
def test_who_keeps_house_or_inspects_moves_no_ticket(role: Role, action: Action) -> None:
    assert not may_take(who(role), action, UNIT)


def test_the_unit_never_withdraws_a_ticket() -> None:
    for role in (Role.HANDLER, Role.LEADER, Role.LIAISON, Role.DEPUTY):
        assert not may_take(who(role, UNIT), Action.WITHDRAW, UNIT)


def test_the_system_archives_and_nobody_else() -> None:
    assert may_take(SYSTEM, Action.ARCHIVE, None)
    assert not any(may_take(who(role), Action.ARCHIVE, CENTRE) for role in Role)


def test_an_enterprise_submits_and_rates_and_never_handles() -> None:
    assert may_take(VISITOR, Action.SUBMIT, None)
    assert may_do(VISITOR, Deed.RATE, UNIT)
    assert not may_take(VISITOR, Action.SIGN, UNIT)
    assert not may_do(who(Role.HANDLER, UNIT), Deed.RATE, UNIT)


def test_nobody_reviews_their_own_work_or_that_of_their_unit() -> None:
    check_not_own_work(who(Role.REVIEWER), UNIT, {2, None}, "审核")
    with pytest.raises(OwnWork):
        check_not_own_work(who(Role.REVIEWER), UNIT, {1}, "审核")
    with pytest.raises(OwnWork):
        check_not_own_work(who(Role.REVIEWER, OFFICE), UNIT, {2}, "审核")
