"""The workflow as one literal table: every row of the rules, and nothing else is possible.

The permission check, the buttons on a page, the API's `allowed_actions` and `allowed_deeds` are all drawn from `TABLE`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.rules.refusals import WrongState
from hotline.rules.vocabulary import Action, Role, State

S, A, R = State, Action, Role
ENTERPRISE = "enterprise"
SYSTEM = "system"
OPERATORS = frozenset({R.OPERATOR})
INTAKE = frozenset({R.OPERATOR, R.OUTSOURCED_OPERATOR})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: from which states, by which action, to which state (None: it stays), by whom.

    `number` is that of the rules, where they give one: the API lists numbered rows as actions, the others as deeds. A row that
    counts a version makes stale what was read before it was taken. `after_dispatch`: the state it leads to instead, where the
    ticket had been dispatched before.
    """

    number: int | None
    sources: frozenset[State]
    action: Action
    target: State | None
    who: frozenset[str]
    counts_version: bool
    after_dispatch: State | None = None


def _row(
    number: int,
    sources: Iterable[State],
    action: Action,
    target: State | None,
    who: Iterable[str],
    *,
    after_dispatch: State | None = None,
) -> Row:
    return Row(number, frozenset(sources), action, target, frozenset(who), True, after_dispatch)


def _beside(action: Action, sources: Iterable[State], who: Iterable[str], *, counts_version: bool = False) -> Row:
    """Return the row of an action to which the rules give no number; it moves no state."""
    return Row(None, frozenset(sources), action, None, frozenset(who), counts_version)


BEFORE_REVIEW = (S.SUBMITTED, S.NEED_INFO, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED)
OBJECTED_IN = frozenset({S.CLOSED, S.REJECTED, S.TERMINATED})
LIVE = frozenset(S) - {S.ARCHIVED, S.REJECTED, S.WITHDRAWN, S.MERGED, S.TERMINATED, S.TRANSFERRED}
AFTER_ANSWER = frozenset({S.CALLING_BACK, S.CLOSED})
UNIT_WORK = {R.HANDLER, R.LIAISON, R.DEPUTY, R.LEADER}
CENTRE = {R.OPERATOR, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}
IN_HAND = frozenset({S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.REVIEWING, S.CALLING_BACK})
ASKED_IN = frozenset({S.SUBMITTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.CALLING_BACK})
ASSISTED_IN = frozenset({S.DISPATCHED, S.HANDLING})
REMINDED_IN = frozenset({S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.REVIEWING})

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
    _row(13, {S.DISPATCHED, S.HANDLING}, A.REASSIGN, S.ACCEPTED, {R.SUPERVISOR}),
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
    _row(27, {S.MERGED}, A.UNMERGE, S.SUBMITTED, {R.SUPERVISOR}, after_dispatch=S.ACCEPTED),
    _row(28, {S.SUBMITTED, S.ACCEPTED}, A.TRANSFER, S.TRANSFERRED, {R.DISPATCHER, R.OPERATOR}),
    _row(29, OBJECTED_IN, A.TAKE_UP, S.SUBMITTED, {R.REVIEWER, R.SUPERVISOR}),
    _row(30, {S.DISPATCHED}, A.RECALL, S.ACCEPTED, {R.DISPATCHER, R.SUPERVISOR}),
    _row(31, {S.DISPATCHED, S.HANDLING}, A.MERGE, S.MERGED, {R.SUPERVISOR}),
    _beside(A.RECORD_CONTACT, {S.HANDLING}, {R.HANDLER, R.LEADER}),
    _beside(A.DRAFT_RESULT, {S.HANDLING}, {R.HANDLER, R.LEADER}),
    _beside(A.ADD_NOTE, LIVE, {*UNIT_WORK, *CENTRE, R.OUTSOURCED_OPERATOR}),
    _beside(A.RECORD_CALL_BACK, {S.CALLING_BACK}, {R.REVIEWER}),
    _beside(A.PROGRESS, {S.HANDLING, S.SUSPENDED}, {R.HANDLER, R.LEADER}),
    _beside(A.RELAY, IN_HAND, {R.OPERATOR, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
    _beside(A.CORRECT, LIVE, {R.OPERATOR, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}, counts_version=True),
    _beside(A.CONFIRM_ENTERPRISE, S, CENTRE, counts_version=True),
    _beside(A.PASS_DOWN, {S.DISPATCHED, S.HANDLING}, {R.HANDLER, R.LIAISON, R.LEADER}),
    _beside(A.RULE_DISPUTE, {S.ACCEPTED, S.DISPATCHED, S.HANDLING}, {R.SUPERVISOR}),
    _beside(A.REMIND, REMINDED_IN, {ENTERPRISE, *INTAKE}),
    _beside(A.ATTACH, LIVE, {ENTERPRISE, *UNIT_WORK, *CENTRE, R.OUTSOURCED_OPERATOR}),
    _beside(A.RECUSE, LIVE, {*UNIT_WORK, *CENTRE, R.OUTSOURCED_OPERATOR}),
    _beside(A.QUALITY_CALL, {S.WITHDRAWN}, {R.REVIEWER}),
    _beside(A.REQUEST, ASKED_IN, {R.HANDLER, R.LEADER, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
    _beside(A.SIGN_REQUEST, {S.DISPATCHED, S.HANDLING, S.SUSPENDED}, {R.LEADER}),
    _beside(A.DECIDE_REQUEST, ASKED_IN, {R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
    _beside(A.ADD_ASSIST, ASSISTED_IN, {R.DISPATCHER, R.SUPERVISOR}),
    _beside(A.REPLY_ASSIST, ASSISTED_IN | {S.SUSPENDED}, {R.HANDLER, R.LEADER}),
    _beside(A.WAIVE_ASSIST, ASSISTED_IN | {S.SUSPENDED}, {R.LEADER, R.DISPATCHER, R.SUPERVISOR}),
    _beside(A.REVEAL_CONTACT, S, {*CENTRE, R.HANDLER, R.LEADER}),
    _beside(A.PLACE_ORDER, IN_HAND, {R.SUPERVISOR}),
    _beside(A.SEND_BACK_ORDER, S, {R.SUPERVISOR}),
    _beside(A.RECORD_MEASURE, LIVE, {R.SUPERVISOR}),
    _beside(A.ISSUE_ORDER, S, {R.SUPERVISOR}),
    _beside(A.DECLINE_ORDER, S, {R.SUPERVISOR}),
    _beside(A.REPLY_ORDER, S, {R.LEADER}),
    _beside(A.CLOSE_ORDER, S, {R.SUPERVISOR}),
    _beside(A.VERIFY_CASE, S, {R.REVIEWER}),
    _beside(A.APPEAL_CASE, S, {R.LEADER}),
    _beside(A.RULE_APPEAL, S, {R.SUPERVISOR}),
    _beside(A.MEND_CASE, S, {R.LEADER, R.SUPERVISOR}),
    _beside(A.RECHECK_CASE, S, {R.REVIEWER}),
    _beside(A.CONFIRM_CASE, S, {R.SUPERVISOR}),
    _beside(A.PROPOSE_ARTICLE, {S.CLOSED}, {*INTAKE, R.DISPATCHER, R.REVIEWER, R.SUPERVISOR}),
    _beside(A.NOTE_TRACKED, AFTER_ANSWER, {R.HANDLER, R.LEADER}),
    _beside(A.REPORT_TRACKED, AFTER_ANSWER, {R.LEADER, R.SUPERVISOR}),
    _beside(A.CHECK_TRACKED, AFTER_ANSWER, {R.REVIEWER}),
    _beside(A.OBJECT, OBJECTED_IN, {ENTERPRISE, *INTAKE}),
    _beside(A.DECIDE_OBJECTION, OBJECTED_IN, {R.REVIEWER, R.SUPERVISOR}),
    _beside(A.RATE, AFTER_ANSWER, {ENTERPRISE, R.OPERATOR, R.OUTSOURCED_OPERATOR}),
)
ROWS: dict[tuple[State | None, Action], Row] = {
    (state, row.action): row for row in TABLE for state in row.sources or (None,)
}
"""Every row by its state and action; a ticket that is not there yet has no state."""
ROWS_OF: dict[Action, tuple[Row, ...]] = {
    row.action: tuple(other for other in TABLE if other.action is row.action) for row in TABLE
}


def rows_from(state: State) -> tuple[Row, ...]:
    """Return the rows that can be taken from this state, in the table's order."""
    return tuple(row for row in TABLE if state in row.sources)


def rows_of(action: Action, state: State | None = None) -> tuple[Row, ...]:
    """Return the rows of this action; with a state the one row that can be taken from there, or none."""
    if state is None:
        return ROWS_OF[action]
    row = ROWS.get((state, action))
    return (row,) if row is not None else ()


def states_of(action: Action) -> frozenset[State]:
    """Return the states from which this action can be taken."""
    return frozenset[State]().union(*(row.sources for row in ROWS_OF[action]))


def is_possible(state: State, action: Action) -> bool:
    """Return whether somebody can take this action in this state."""
    return (state, action) in ROWS


def step(state: State, action: Action, actions: Iterable[str] = (), deeds: Iterable[str] = ()) -> Row:
    """Return the row that this action takes from this state; refuse `WrongState`, with what is allowed."""
    row = ROWS.get((state, action))
    if row is None:
        raise WrongState(action.label, state.label, tuple(actions), tuple(deeds))
    return row
