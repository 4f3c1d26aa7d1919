"""The workflow as one literal table: every row of the rules, and nothing else is possible.

The permission check, the buttons on a page, the API's `allowed_actions` and the diagram in the documents are all drawn from
`TABLE` and `DEEDS`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.rules.refusals import WrongState
from hotline.rules.vocabulary import Action, Deed, Role, State

S, A, R = State, Action, Role
ENTERPRISE = "enterprise"
SYSTEM = "system"
OPERATORS = frozenset({R.OPERATOR})
INTAKE = frozenset({R.OPERATOR, R.OUTSOURCED_OPERATOR})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: from which states, by which action, to which state (None: it stays), by whom."""

    number: int
    sources: frozenset[State]
    action: Action
    target: State | None
    who: frozenset[str]


def _row(number: int, sources: Iterable[State], action: Action, target: State | None, who: Iterable[str]) -> Row:
    return Row(number, frozenset(sources), action, target, frozenset(who))


BEFORE_REVIEW = (S.SUBMITTED, S.NEED_INFO, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED)

OBJECTED_IN = frozenset({S.CLOSED, S.REJECTED, S.TERMINATED})

TABLE: tuple[Row, ...] = (
    _row(1, (), A.SUBMIT, S.SUBMITTED, {ENTERPRISE, *INTAKE}),
    _row(2, {S.SUBMITTED}, A.ASK_INFO, S.NEED_INFO, {R.OPERATOR, R.DISPATCHER}),
    _row(3, {S.NEED_INFO}, A.SUPPLY_INFO, S.SUBMITTED, {ENTERPRISE, *INTAKE}),
    _row(4, {S.NEED_INFO}, A.NO_INFO, S.TERMINATED, {R.SUPERVISOR}),
    _row(5, {S.SUBMITTED}, A.REJECT, S.REJECTED, {R.DISPATCHER}),
    _row(6, {S.SUBMITTED, S.ACCEPTED}, A.MERGE, S.MERGED, {R.OPERATOR, R.DISPATCHER}),
    _row(7, {S.SUBMITTED}, A.ACCEPT, S.ACCEPTED, {R.OPERATOR, R.DISPATCHER}),
    _row(8, {S.ACCEPTED}, A.ANSWER_DIRECT, S.CLOSED, INTAKE),
    _row(9, {S.ACCEPTED}, A.DISPATCH, S.DISPATCHED, {R.DISPATCHER}),
    _row(10, {S.DISPATCHED}, A.SIGN, S.HANDLING, {R.HANDLER, R.LEADER}),
    _row(11, {S.DISPATCHED}, A.RETURN_APPROVED, S.ACCEPTED, {R.DISPATCHER, R.SUPERVISOR}),
    _row(12, {S.DISPATCHED}, A.RETURN_REFUSED, None, {R.DISPATCHER, R.SUPERVISOR}),
    _row(13, {S.HANDLING}, A.REASSIGN, S.ACCEPTED, {R.SUPERVISOR}),
    _row(14, {S.HANDLING}, A.DIFFICULTY_APPROVED, None, {R.SUPERVISOR}),
    _row(15, {S.HANDLING}, A.EXTENSION_APPROVED, None, {R.SUPERVISOR}),
    _row(16, {S.HANDLING}, A.SUSPEND, S.SUSPENDED, {R.SUPERVISOR}),
    _row(17, {S.SUSPENDED}, A.RESUME, S.HANDLING, {R.SUPERVISOR, SYSTEM}),
    _row(18, {S.HANDLING}, A.SUBMIT_RESULT, S.REVIEWING, {R.LEADER}),
    _row(19, {S.REVIEWING}, A.AUDIT_REFUSE, S.HANDLING, {R.REVIEWER}),
    _row(20, {S.REVIEWING}, A.AUDIT_PASS, S.CALLING_BACK, {R.REVIEWER}),
    _row(21, {S.CALLING_BACK}, A.CLOSE, S.CLOSED, {R.REVIEWER, R.SUPERVISOR}),
    _row(22, {S.CALLING_BACK}, A.REWORK, S.HANDLING, {R.REVIEWER, R.SUPERVISOR}),
    _row(23, {S.CLOSED}, A.REOPEN, S.HANDLING, {R.SUPERVISOR}),
    _row(24, {S.CLOSED}, A.ARCHIVE, S.ARCHIVED, {SYSTEM}),
    _row(25, BEFORE_REVIEW, A.WITHDRAW, S.WITHDRAWN, {ENTERPRISE, *OPERATORS}),
    _row(26, {S.HANDLING, S.SUSPENDED}, A.TERMINATE, S.TERMINATED, {R.SUPERVISOR}),
    _row(27, {S.MERGED}, A.UNMERGE, S.SUBMITTED, {R.SUPERVISOR}),
    _row(28, {S.SUBMITTED, S.ACCEPTED}, A.TRANSFER, S.TRANSFERRED, {R.DISPATCHER, R.OPERATOR}),
    _row(29, OBJECTED_IN, A.TAKE_UP, S.SUBMITTED, {R.REVIEWER, R.SUPERVISOR}),
)
ROWS: dict[tuple[State, Action], Row] = {(state, row.action): row for row in TABLE for state in row.sources}
WHO: dict[Action, frozenset[str]] = {row.action: row.who for row in TABLE}

LIVE = frozenset(S) - {S.ARCHIVED, S.REJECTED, S.WITHDRAWN, S.MERGED, S.TERMINATED, S.TRANSFERRED}
AFTER_ANSWER = frozenset({S.CALLING_BACK, S.CLOSED})


@dataclass(frozen=True, slots=True)
class DeedRow:
    """A deed that moves no state: in which states, by whom."""

    deed: Deed
    states: frozenset[State]
    who: frozenset[str]


def _deed(deed: Deed, states: Iterable[State], who: Iterable[str]) -> DeedRow:
    return DeedRow(deed, frozenset(states), frozenset(who))


UNIT_WORK = {R.HANDLER, R.LIAISON, R.DEPUTY, R.LEADER}
CENTRE = {R.OPERATOR, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}
IN_HAND = frozenset({S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.REVIEWING, S.CALLING_BACK})
ASKED_IN = frozenset({S.SUBMITTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.CALLING_BACK})
ASSISTED_IN = frozenset({S.DISPATCHED, S.HANDLING})
REMINDED_IN = frozenset({S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.REVIEWING})
DEEDS: dict[Deed, DeedRow] = {
    row.deed: row
    for row in (
        _deed(Deed.RECORD_CONTACT, {S.HANDLING}, {R.HANDLER, R.LEADER}),
        _deed(Deed.DRAFT_RESULT, {S.HANDLING}, {R.HANDLER, R.LEADER}),
        _deed(Deed.ADD_NOTE, LIVE, {*UNIT_WORK, *CENTRE, R.OUTSOURCED_OPERATOR}),
        _deed(Deed.RECORD_CALL_BACK, {S.CALLING_BACK}, {R.REVIEWER}),
        _deed(Deed.PROGRESS, {S.HANDLING, S.SUSPENDED}, {R.HANDLER, R.LEADER}),
        _deed(Deed.RELAY, IN_HAND, {R.OPERATOR, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
        _deed(Deed.CORRECT, LIVE, {R.OPERATOR, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
        _deed(Deed.PASS_DOWN, {S.DISPATCHED, S.HANDLING}, {R.HANDLER, R.LIAISON, R.LEADER}),
        _deed(Deed.RULE_DISPUTE, {S.ACCEPTED, S.HANDLING}, {R.SUPERVISOR}),
        _deed(Deed.REMIND, REMINDED_IN, {ENTERPRISE, *INTAKE}),
        _deed(Deed.ATTACH, LIVE, {ENTERPRISE, *UNIT_WORK, *CENTRE, R.OUTSOURCED_OPERATOR}),
        _deed(Deed.RECUSE, LIVE, {*UNIT_WORK, *CENTRE, R.OUTSOURCED_OPERATOR}),
        _deed(Deed.QUALITY_CALL, {S.WITHDRAWN}, {R.REVIEWER}),
        _deed(Deed.REQUEST, ASKED_IN, {R.HANDLER, R.LEADER, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
        _deed(Deed.SIGN_REQUEST, {S.DISPATCHED, S.HANDLING, S.SUSPENDED}, {R.LEADER}),
        _deed(Deed.DECIDE_REQUEST, ASKED_IN, {R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
        _deed(Deed.ADD_ASSIST, ASSISTED_IN, {R.DISPATCHER, R.SUPERVISOR}),
        _deed(Deed.REPLY_ASSIST, ASSISTED_IN | {S.SUSPENDED}, {R.HANDLER, R.LEADER}),
        _deed(Deed.WAIVE_ASSIST, ASSISTED_IN | {S.SUSPENDED}, {R.LEADER, R.DISPATCHER, R.SUPERVISOR}),
        _deed(Deed.REVEAL_CONTACT, S, {*CENTRE, R.HANDLER, R.LEADER}),
        _deed(Deed.PLACE_ORDER, IN_HAND, {R.SUPERVISOR}),
        _deed(Deed.SEND_BACK_ORDER, S, {R.SUPERVISOR}),
        _deed(Deed.RECORD_MEASURE, LIVE, {R.SUPERVISOR}),
        _deed(Deed.ISSUE_ORDER, S, {R.SUPERVISOR}),
        _deed(Deed.DECLINE_ORDER, S, {R.SUPERVISOR}),
        _deed(Deed.REPLY_ORDER, S, {R.LEADER}),
        _deed(Deed.CLOSE_ORDER, S, {R.SUPERVISOR}),
        _deed(Deed.VERIFY_CASE, S, {R.REVIEWER}),
        _deed(Deed.APPEAL_CASE, S, {R.LEADER}),
        _deed(Deed.RULE_APPEAL, S, {R.SUPERVISOR}),
        _deed(Deed.MEND_CASE, S, {R.LEADER, R.SUPERVISOR}),
        _deed(Deed.RECHECK_CASE, S, {R.REVIEWER}),
        _deed(Deed.CONFIRM_CASE, S, {R.SUPERVISOR}),
        _deed(Deed.PROPOSE_ARTICLE, {S.CLOSED}, {*INTAKE, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
        _deed(Deed.NOTE_TRACKED, AFTER_ANSWER, {R.HANDLER, R.LEADER}),
        _deed(Deed.REPORT_TRACKED, AFTER_ANSWER, {R.LEADER}),
        _deed(Deed.CHECK_TRACKED, AFTER_ANSWER, {R.REVIEWER}),
        _deed(Deed.OBJECT, OBJECTED_IN, {ENTERPRISE, *INTAKE}),
        _deed(Deed.DECIDE_OBJECTION, OBJECTED_IN, {R.REVIEWER, R.SUPERVISOR}),
        _deed(Deed.RATE, AFTER_ANSWER, {ENTERPRISE, R.OPERATOR, R.OUTSOURCED_OPERATOR}),
    )
}


def actions_from(state: State) -> tuple[Action, ...]:
    """The actions that are carried out from this state, in the table's order."""
    return tuple(row.action for row in TABLE if state in row.sources)


def step(state: State, action: Action, actions: Iterable[str] = (), deeds: Iterable[str] = ()) -> Row:
    """The row that this action takes from this state; refuses `WrongState`, with what is allowed."""
    row = ROWS.get((state, action))
    if row is None:
        raise WrongState(action.label, state.label, tuple(actions), tuple(deeds))
    return row


def check_deed(state: State, deed: Deed, actions: Iterable[str] = (), deeds: Iterable[str] = ()) -> None:
    """Refuses a deed that does not belong to this state, with what is allowed."""
    if state not in DEEDS[deed].states:
        raise WrongState(deed.label, state.label, tuple(actions), tuple(deeds))
