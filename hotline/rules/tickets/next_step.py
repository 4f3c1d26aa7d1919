"""What comes next, whose turn it is and by which clock: by the state of a ticket and what was done in its round."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Action, ClockKind, RequestKind, RequestState, Role, State, Word


class Owner(Word):
    """Who has it now."""

    UNIT = "unit", "承办单位"
    HELPER = "helper", "协办单位"
    CENTRE = "centre", "热线中心"
    ENTERPRISE = "enterprise", "企业"
    NOBODY = "nobody", "无"


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done in this round: `helping` are the units whose opinion is still out, `asked` the open requests."""

    contacted: bool = False
    drafted: bool = False
    helping: tuple[str, ...] = ()
    asked: tuple[tuple[RequestKind, RequestState], ...] = ()

    def drafted_requests(self) -> list[RequestKind]:
        """What waits for the signature of the unit's leader."""
        return [kind for kind, state in self.asked if state is RequestState.DRAFTED]


@dataclass(frozen=True, slots=True)
class NextStep:
    """`what` in words; `does` is the button for it, where there is one; `clock` says by when."""

    turn: Owner
    who: Role | None
    what: str
    does: Action | None = None
    clock: ClockKind | None = None


def _unit(who: Role, what: str, does: Action, clock: ClockKind) -> NextStep:
    return NextStep(Owner.UNIT, who, what, does, clock)


def _centre(who: Role, what: str, does: Action, clock: ClockKind) -> NextStep:
    return NextStep(Owner.CENTRE, who, what, does, clock)


A, C, R, T = Action, ClockKind, Role, Owner
BY_CLOCK: Mapping[ClockKind, NextStep] = {
    step.clock: step
    for step in (
        NextStep(T.HELPER, R.HANDLER, "回复协办意见", A.REPLY_ASSIST, C.ASSIST),
        NextStep(T.ENTERPRISE, None, "补正材料", A.SUPPLY_INFO, C.SUPPLY),
        _unit(R.LEADER, "回复督办单", A.REPLY_ORDER, C.ORDER_REPLY),
        _unit(R.LEADER, "提交整改", A.MEND_CASE, C.RECTIFY),
        _unit(R.LEADER, "落实承诺并申请销账", A.REPORT_TRACKED, C.TRACK),
        _unit(R.HANDLER, "登记挂账进展", A.NOTE_TRACKED, C.TRACK_NOTE),
        _centre(R.DISPATCHER, "受理", A.ACCEPT, C.ACCEPT),
        _centre(R.DISPATCHER, "派单", A.DISPATCH, C.DISPATCH),
        _centre(R.REVIEWER, "审核办理结果", A.AUDIT_PASS, C.REVIEW),
        _centre(R.REVIEWER, "回访企业", A.RECORD_CALL_BACK, C.CALL_BACK),
        _centre(R.SUPERVISOR, "审批申请", A.DECIDE_REQUEST, C.REQUEST),
        _centre(R.SUPERVISOR, "签发督办单", A.ISSUE_ORDER, C.ORDER_ISSUE),
        _centre(R.REVIEWER, "核实差评", A.VERIFY_CASE, C.VERIFY),
        _centre(R.REVIEWER, "复核整改", A.RECHECK_CASE, C.RECHECK),
        _centre(R.SUPERVISOR, "裁定申诉", A.RULE_APPEAL, C.APPEAL),
        _centre(R.REVIEWER, "销账回访", A.CHECK_TRACKED, C.TRACK_CHECK),
        _centre(R.REVIEWER, "裁定异议", A.DECIDE_OBJECTION, C.OBJECTION),
    )
    if step.clock is not None
}
"""The step that each clock waits for; signing and handling go by what was done."""
BY_STATE: Mapping[State, NextStep] = {
    State.SUBMITTED: BY_CLOCK[C.ACCEPT],
    State.NEED_INFO: BY_CLOCK[C.SUPPLY],
    State.ACCEPTED: BY_CLOCK[C.DISPATCH],
    State.SUSPENDED: NextStep(T.UNIT, R.HANDLER, "等暂停期满自动恢复", A.PROGRESS, C.HANDLE),
    State.REVIEWING: BY_CLOCK[C.REVIEW],
    State.CALLING_BACK: BY_CLOCK[C.CALL_BACK],
}
ENDED = NextStep(T.NOBODY, None, "已经结束，没有要办的事")


def next_step(state: State, done: Progress) -> NextStep:
    """The next step of a ticket on its main way."""
    if state in (State.DISPATCHED, State.HANDLING) and done.drafted_requests():
        what = f"签批{done.drafted_requests()[0].label}申请"
        return _unit(R.LEADER, what, A.SIGN_REQUEST, C.SIGN if state is State.DISPATCHED else C.HANDLE)
    if state is State.DISPATCHED:
        if (RequestKind.RETURN, RequestState.PENDING) in done.asked:
            return _centre(R.DISPATCHER, "审批退单申请", A.DECIDE_REQUEST, C.REQUEST)
        return _unit(R.HANDLER, "签收", A.SIGN, C.SIGN)
    return _handling(done) if state is State.HANDLING else BY_STATE.get(state, ENDED)


def _handling(done: Progress) -> NextStep:
    if not done.contacted:
        return _unit(R.HANDLER, "联系企业并登记", A.RECORD_CONTACT, C.HANDLE)
    if not done.drafted:
        return _unit(R.HANDLER, "拟写办理结果", A.DRAFT_RESULT, C.HANDLE)
    if done.helping:
        return _unit(R.LEADER, f"等{'、'.join(done.helping)}回复协办意见", A.WAIVE_ASSIST, C.HANDLE)
    return _unit(R.LEADER, "提交办理结果", A.SUBMIT_RESULT, C.HANDLE)


def step_for(clock: ClockKind, state: State, done: Progress) -> NextStep:
    """The step that this clock of the ticket waits for."""
    return BY_CLOCK.get(clock) or next_step(state, done)


def not_ready(done: Progress) -> ConditionUnmet | None:
    """Why a result cannot be submitted yet (row 18): nobody spoke with the enterprise in this round, or a task is still open."""
    if not done.contacted:
        return ConditionUnmet("本轮办理中还没有联系企业的记录，不能提交结果")
    if done.helping:
        return ConditionUnmet(f"协办单位{'、'.join(done.helping)}还没有回复，也没有免除")
    return None
