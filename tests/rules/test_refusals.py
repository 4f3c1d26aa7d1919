"""Every way to say no has a code, a title, a sentence and a family."""

import re

import pytest

from hotline.rules import refusals, workflow
from hotline.rules.actors import SYSTEM
from hotline.rules.permissions import check_action
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Action, State, Word
from hotline.web.access import STATUS


def concrete(root: type) -> list[type]:
    below = root.__subclasses__()
    return [root] if not below else [leaf for child in below for leaf in concrete(child)]


KINDS = concrete(Refusal)
SAMPLES = {
    "what": "评价",
    "deed": "审核",
    "unit": "某局",
    "action": "签收",
    "state": "办理中",
    "reason": "不行",
    "year": 2027,
    "first": 1949,
    "last": 2999,
    "code_given": "91420600MA48XUD545",
    "stored": "甲公司",
    "given": "乙公司",
}


def sample(kind: type) -> Refusal:
    fields = {name: SAMPLES[name] for name in kind.__dataclass_fields__ if name in SAMPLES}
    made = kind(**fields)
    assert isinstance(made, Refusal)
    return made


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_speaks(kind: type) -> None:
    refusal = sample(kind)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", refusal.code)
    assert re.search(r"[一-鿿]", refusal.title)
    assert refusal.sentence().endswith("。")
    assert str(refusal) == refusal.sentence()
    assert sum(issubclass(kind, family) for family in STATUS) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_says_what_can_be_done_now(kind: type) -> None:
    """One sentence: what is wrong, and then the way out."""
    refusal = sample(kind)
    sentence = refusal.sentence()
    assert refusal.way_out and refusal.hint()
    assert sentence == f"{refusal.problem()}，{refusal.hint()}。"
    assert sentence.count("。") == 1


def test_a_way_out_that_is_said_already_is_not_said_twice() -> None:
    assert refusals.ConditionUnmet("请先改派").sentence() == "请先改派。"
    assert refusals.ConditionUnmet("没有待审批的申请").sentence().startswith("没有待审批的申请，")


def test_who_may_not_is_told_who_may() -> None:
    with pytest.raises(refusals.RoleMissing) as refused:
        check_action(SYSTEM, Action.SIGN)
    assert str(refused.value) == "您的岗位不能办理“签收”，请交由承办单位的承办人、承办单位的单位负责人办理。"


def test_a_wrong_state_names_the_actions_and_the_deeds_that_are_allowed() -> None:
    with pytest.raises(refusals.WrongState) as refused:
        workflow.step(State.HANDLING, Action.SIGN, (), (Action.RECORD_CONTACT, Action.DRAFT_RESULT))
    assert str(refused.value).endswith("您现在可以：登记联系企业情况、拟写办理结果。")
    assert refused.value.allowed_actions == ()
    assert "没有可以办理的步骤" in str(refusals.WrongState("签收", "已归档"))


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in KINDS]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes))


def test_each_family_has_a_status_of_its_own() -> None:
    families = set(Refusal.__subclasses__())
    assert set(STATUS) == families
    assert len(set(STATUS.values())) == len(STATUS)
    assert refusals.Conflict in families


@pytest.mark.parametrize("words", Word.__subclasses__(), ids=lambda words: words.__name__)
def test_every_word_has_its_chinese_and_no_two_the_same(words: type[Word]) -> None:
    labels = [word.label for word in words]
    assert all(re.search(r"[一-鿿]", label) for label in labels)
    assert len(labels) == len(set(labels))
