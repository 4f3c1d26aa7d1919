"""What comes next, on which terms something may be asked, why the rest cannot be done, and what a template may hold."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from hotline.rules import workflow
from hotline.rules.actors import Actor, Grant
from hotline.rules.handling import request_terms
from hotline.rules.handling.reply_template import check_places, filled
from hotline.rules.handling.request_terms import Asked, Position, terms
from hotline.rules.refusals import InvalidInput
from hotline.rules.rulebook import Rulebook
from hotline.rules.tickets.next_step import BY_CLOCK, Owner, Progress, next_step, not_ready, step_for
from hotline.rules.tickets.states import FINAL
from hotline.rules.tickets.unavailable_actions import why_not
from hotline.rules.vocabulary import Action, ClockKind, Difficulty, RequestKind, RequestState, Role, State, TicketType
from tests.rules.conftest import at

NOW = at("2026-11-24 10:00")
TALKED = Progress(contacted=True)


@pytest.mark.parametrize(
    ("state", "done", "what"),
    [
        (State.DISPATCHED, Progress(), "签收"),
        (State.DISPATCHED, Progress(asked=((RequestKind.RETURN, RequestState.DRAFTED),)), "签批退单申请"),
        (State.DISPATCHED, Progress(asked=((RequestKind.RETURN, RequestState.PENDING),)), "审批退单申请"),
        (State.HANDLING, Progress(), "联系企业并登记"),
        (State.HANDLING, TALKED, "拟写办理结果"),
        (State.HANDLING, Progress(contacted=True, drafted=True), "提交办理结果"),
        (State.HANDLING, Progress(contacted=True, drafted=True, helping=("税务局",)), "等税务局回复协办意见"),
        (State.HANDLING, Progress(asked=((RequestKind.EXTENSION, RequestState.PENDING),)), "联系企业并登记"),
        (State.REVIEWING, TALKED, "审核办理结果"),
        (State.CALLING_BACK, TALKED, "回访企业"),
    ],
)
def test_the_next_step_goes_by_what_was_done(state: State, done: Progress, what: str) -> None:
    assert next_step(state, done).what == what


def test_every_state_and_every_clock_of_a_ticket_has_a_next_step_that_somebody_may_take() -> None:
    for state in State:
        step = next_step(state, TALKED)
        assert (step.turn is Owner.NOBODY) is (state in FINAL | {State.CLOSED})
        if step.does is not None:
            assert (state, step.does) in workflow.ROWS
    of_the_knowledge_base = {"policy_article", "article_review", "article_expiry", "error_confirm", "error_mend"}
    by_state = {ClockKind.SIGN, ClockKind.HANDLE}
    assert {str(kind) for kind in ClockKind} - {str(kind) for kind in BY_CLOCK} - by_state == of_the_knowledge_base
    assert step_for(ClockKind.ORDER_REPLY, State.HANDLING, TALKED).does is Action.REPLY_ORDER


def test_a_result_waits_for_the_talk_and_for_those_who_help() -> None:
    assert "联系企业" in str(not_ready(Progress()))
    assert "税务局" in str(not_ready(Progress(contacted=True, helping=("税务局",))))
    assert not_ready(TALKED) is None


def _terms(rulebook: Rulebook, kind: RequestKind, asked: Asked, now: datetime = NOW) -> request_terms.Terms:
    return terms(kind, Position(asked, now, rulebook.limits, rulebook.calendar))


def test_the_terms_say_how_often_until_when_for_how_long_and_who_decides(rulebook: Rulebook) -> None:
    due_at = at("2026-12-11 17:30")
    asked = Asked(Difficulty.DIFFICULT, handle_started_at=NOW, handle_due_at=due_at)
    extension = _terms(rulebook, RequestKind.EXTENSION, asked)
    assert (extension.until, extension.days, extension.refusal) == (due_at, 5, None)
    text = "".join(extension.sentences)
    assert "每轮一次" in text and "最多延5个工作日" in text and "督办员" in text and "单位负责人签批" in text
    difficult = _terms(rulebook, RequestKind.DIFFICULT, Asked(handle_started_at=NOW))
    assert difficult.until == at("2026-11-27 17:30") and "15个工作日" in "".join(difficult.sentences)
    returned = _terms(rulebook, RequestKind.RETURN, Asked(returns=1, sign_due_at=due_at))
    assert "最多退2次，已退1次" in "".join(returned.sentences) and returned.refusal is None
    suspension = _terms(rulebook, RequestKind.SUSPENSION, Asked(suspended_days=12))
    assert suspension.days == 18
    for kind in RequestKind:
        assert "决定" in _terms(rulebook, kind, Asked()).sentences[-1]


@pytest.mark.parametrize(
    ("kind", "asked", "why"),
    [
        (RequestKind.RETURN, Asked(no_return=True), "已经裁定"),
        (RequestKind.RETURN, Asked(returns=2), "已退过2次"),
        (RequestKind.RETURN, Asked(sign_due_at=at("2026-11-24 09:59")), "期限已过"),
        (RequestKind.DIFFICULT, Asked(Difficulty.DIFFICULT), "已经认定"),
        (RequestKind.DIFFICULT, Asked(handle_started_at=at("2026-11-18 10:00")), "期限已过"),
        (RequestKind.EXTENSION, Asked(), "一般事项不能延期"),
        (RequestKind.EXTENSION, Asked(Difficulty.DIFFICULT, extended=True), "延期过一次"),
        (RequestKind.EXTENSION, Asked(Difficulty.DIFFICULT, handle_due_at=at("2026-11-23 17:30")), "期限已过"),
        (RequestKind.SUSPENSION, Asked(suspended_days=30), "不能再挂起"),
        (RequestKind.TERMINATE, Asked(waiting=frozenset({RequestKind.TERMINATE})), "已经有了"),
    ],
)
def test_what_may_not_be_asked_is_refused_before_it_is_asked(
    rulebook: Rulebook, kind: RequestKind, asked: Asked, why: str
) -> None:
    assert why in str(_terms(rulebook, kind, asked).refusal)


@dataclass
class Matter:
    id: int = 1
    state: State = State.HANDLING
    desk_path: str | None = "/7/70/"
    confidential: bool = False
    anonymous: bool = False
    type: TicketType | None = TicketType.COMPLAINT
    reply: str | None = None


def _at_the_unit(role: Role, path: str = "/7/") -> Actor:
    return Actor(name="甲", staff_id=1, grants=(Grant(role, path),))


def test_why_not_names_what_this_role_may_do_elsewhere_and_nothing_else() -> None:
    found = dict(why_not(_at_the_unit(Role.LEADER), Matter()))
    assert Action.SIGN in found and Action.SUBMIT_RESULT not in found and Action.AUDIT_PASS not in found
    assert found[Action.SIGN].problem() == "工单现在是“办理中”，不能“签收”"
    assert "提交办理结果" in found[Action.SIGN].hint()
    assert workflow.states_of(Action.SIGN) == {State.DISPATCHED}
    assert Action.SUBMIT_RESULT in dict(why_not(_at_the_unit(Role.LEADER), Matter(state=State.REVIEWING)))
    assert why_not(_at_the_unit(Role.LEADER, "/8/"), Matter()) == []


def test_a_template_is_filled_and_holds_no_place_that_nothing_is_known_for() -> None:
    known = {"编号": "QS1", "标题": "窗口不受理", "单位": "税务局"}
    assert filled("关于{编号}｛标题｝，{ 单位 }答复", known) == "关于QS1窗口不受理，税务局答复"
    check_places("{编号}{标题}{单位}")
    with pytest.raises(InvalidInput) as refused:
        check_places("尊敬的{联系人}")
    assert "{联系人}" in refused.value.errors["/text"] and "{编号}" in refused.value.errors["/text"]
