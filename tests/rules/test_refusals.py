"""Every way to say no has a code, a title, a sentence and a family."""

import re

import pytest

from hotline.doors import STATUS
from hotline.rules import refusals
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Word


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
