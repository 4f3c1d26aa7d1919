"""The table of the workflow: complete, and the only way."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.rules import workflow
from hotline.rules.actors import SYSTEM, VISITOR, Actor, Grant
from hotline.rules.permissions import check_action, check_not_own_work, may_take
from hotline.rules.refusals import OwnWork, RoleMissing, WrongState
from hotline.rules.tickets.states import FINAL
from hotline.rules.vocabulary import Action, Role, State
from tests.support import workflow_page

MOVES = [row.action for row in workflow.TABLE if row.number is not None]
CENTRE, UNIT, OFFICE, OTHER = "/1/", "/7/", "/7/70/", "/8/"


def who(role: Role, path: str = CENTRE) -> Actor:
    return Actor(name="甲", staff_id=1, unit_path=path, grants=(Grant(role, path),))


def test_each_row_of_the_rules_is_there_once() -> None:
    assert [row.number for row in workflow.TABLE if row.number is not None] == list(range(1, 32))
    assert [row.number for row in workflow.TABLE if row.number is None] == [None] * 41
    assert {row.action for row in workflow.TABLE} == set(Action)
    assert len(workflow.ROWS) == sum(len(row.sources or {None}) for row in workflow.TABLE)


def test_a_numbered_row_counts_a_version_and_of_the_others_what_changes_what_was_logged() -> None:
    counted = {row.action for row in workflow.TABLE if row.counts_version}
    numbered = {row.action for row in workflow.TABLE if row.number is not None}
    assert counted == numbered | {Action.CORRECT, Action.CONFIRM_ENTERPRISE}
    stays = {row.number for row in workflow.TABLE if row.number is not None and row.target is None}
    assert stays == {12, 14, 15}
    assert all(row.target is None for row in workflow.TABLE if row.number is None)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_of_state_and_action_is_decided(state: State, action: Action) -> None:
    rows = [row for row in workflow.TABLE if row.action is action and state in row.sources]
    assert list(workflow.rows_of(action, state)) == rows
    assert (state in workflow.states_of(action)) is workflow.is_possible(state, action) is bool(rows)
    if not rows:
        with pytest.raises(WrongState) as refused:
            workflow.step(state, action, ["sign"])
        assert refused.value.allowed_actions == ("sign",)
        assert action not in {row.action for row in workflow.rows_from(state)}
    else:
        assert [workflow.step(state, action)] == rows
        assert workflow.step(state, action) in workflow.rows_from(state)


def test_nothing_leaves_a_final_state_but_a_wrong_merge_and_what_was_rightly_objected_to() -> None:
    moving = [row for row in workflow.TABLE if row.target is not None]
    leaving = {(row.action, state) for row in moving for state in row.sources & FINAL}
    objected = {(Action.TAKE_UP, state) for state in (State.REJECTED, State.TERMINATED)}
    assert leaving == {(Action.UNMERGE, State.MERGED), *objected}


@pytest.mark.parametrize("action", Action)
def test_every_action_belongs_to_some_state_and_somebody(action: Action) -> None:
    assert workflow.states_of(action) or action is Action.SUBMIT
    assert all(row.who for row in workflow.rows_of(action))


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
    "action", [a for a in MOVES if a not in (Action.SUBMIT, Action.ANSWER_DIRECT, Action.SUPPLY_INFO)]
)
def test_an_outsourced_operator_logs_and_answers_and_no_more(action: Action) -> None:
    assert not may_take(who(Role.OUTSOURCED_OPERATOR), action, UNIT)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR, Role.INSPECTOR])
@pytest.mark.parametrize("action", Action)
def test_who_keeps_house_or_inspects_takes_no_action(role: Role, action: Action) -> None:
    assert not may_take(who(role), action, UNIT)


def test_the_unit_never_withdraws_a_ticket() -> None:
    for role in (Role.HANDLER, Role.LEADER, Role.LIAISON, Role.DEPUTY):
        assert not may_take(who(role, UNIT), Action.WITHDRAW, UNIT)


def test_the_system_archives_and_nobody_else() -> None:
    assert may_take(SYSTEM, Action.ARCHIVE, None)
    assert not any(may_take(who(role), Action.ARCHIVE, CENTRE) for role in Role)


def test_an_enterprise_submits_and_rates_and_never_handles() -> None:
    assert may_take(VISITOR, Action.SUBMIT, None)
    assert may_take(VISITOR, Action.RATE, UNIT)
    assert not may_take(VISITOR, Action.SIGN, UNIT)
    assert not may_take(who(Role.HANDLER, UNIT), Action.RATE, UNIT)


@pytest.fixture
def two_rows_of_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give one action a second row, for another role from another state."""
    second = replace(workflow.ROWS[State.SUBMITTED, Action.MERGE], sources=frozenset({State.HANDLING}))
    second = replace(second, number=99, who=frozenset({Role.SUPERVISOR}))
    monkeypatch.setitem(workflow.ROWS, (State.HANDLING, Action.MERGE), second)
    rows = (*workflow.rows_of(Action.MERGE), second)
    monkeypatch.setitem(workflow.ROWS_OF, Action.MERGE, rows)


@pytest.mark.usefixtures("two_rows_of_merge")
def test_who_may_belongs_to_the_row_of_state_and_action() -> None:
    operator, supervisor = who(Role.OPERATOR), who(Role.SUPERVISOR)
    assert may_take(operator, Action.MERGE, None, State.SUBMITTED)
    assert not may_take(operator, Action.MERGE, None, State.HANDLING)
    assert may_take(supervisor, Action.MERGE, None, State.HANDLING)
    assert not may_take(supervisor, Action.MERGE, None, State.SUBMITTED)
    assert may_take(operator, Action.MERGE) and may_take(supervisor, Action.MERGE), "from some state"
    assert not may_take(operator, Action.MERGE, None, State.CLOSED), "no row leads on from there"


@pytest.mark.usefixtures("two_rows_of_merge")
def test_the_refusal_names_who_may_from_this_state() -> None:
    with pytest.raises(RoleMissing) as refused:
        check_action(who(Role.OPERATOR), Action.MERGE, None, State.HANDLING)
    assert refused.value.holders == "督办员"
    check_action(who(Role.OPERATOR), Action.MERGE, None, State.CLOSED)
    with pytest.raises(RoleMissing) as refused:
        check_action(who(Role.REVIEWER), Action.MERGE, None, State.CLOSED)
    assert refused.value.holders == "坐席、分拨员、督办员"


def test_nobody_reviews_their_own_work_or_that_of_their_unit() -> None:
    check_not_own_work(who(Role.REVIEWER), UNIT, {2, None}, "审核")
    with pytest.raises(OwnWork):
        check_not_own_work(who(Role.REVIEWER), UNIT, {1}, "审核")
    with pytest.raises(OwnWork):
        check_not_own_work(who(Role.REVIEWER, OFFICE), UNIT, {2}, "审核")


def test_the_page_of_the_workflow_is_drawn_from_the_table() -> None:
    assert (Path(__file__).parents[2] / "docs/workflow.md").read_text(encoding="utf-8") == workflow_page.page()
