"""Numbers of persons in texts: hidden however they are written, once for all, and by work that grows with the text alone."""

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules import numbers_in_text
from hotline.rules.masking import mask_in_text, mask_phone

HIDDEN = [
    ("+8613812345678", "+86138****5678"),
    ("+86 138-1234-5678", "+86 138****5678"),
    ("（+86）138 1234 5678", "（+86）138****5678"),
    ("008613812345678", "0086138****5678"),
    ("0086 138 1234 5678", "0086 138****5678"),
    ("１３８１２３４５６７８", "１３８****５６７８"),
    ("+８６１３８ １２３４ ５６７８", "+８６１３８****５６７８"),
    ("138.1234.5678", "138****5678"),
    ("138 - 1234 - 5678", "138****5678"),
    ("138——1234——5678", "138****5678"),
    ("138\u200b1234\u202a5678", "138\u200b****\u202a5678"),
    ("13812345678、13987654321 18612345678/15912345678", "138****5678、139****4321 186****5678/159****5678"),
    ("(0710)3456789转8001", "(0710)****6789转****"),
    ("（０７１０）３４５６７８９", "（０７１０）****６７８９"),
    ("0710-3456789-8001", "0710-****6789-****"),
    ("0710 3456789 ext. 8001", "0710 ****6789 ext. ****"),
    ("0710-3456789#8001", "0710-****6789#****"),
    ("0710-3456789-0710-3456790", "0710-****6789-0710-****6790"),
    ("+86 710 3456789", "+86 710 ****6789"),
    ("+867103456789转8001", "+86710****6789转****"),
    ("010-6655-1234", "010-****1234"),
    ("42060119900101123x", "420601********123x"),
    ("420601 19900101 1234", "420601********1234"),
    ("6222 0213 8123 4567", "6222********4567"),
    ("ｗａｎｇ＠ｑｑ．ｃｏｍ", "ｗ***＠ｑｑ．ｃｏｍ"),
    ("a@b.ca@b.c", "a***@b***@b.c"),
]
LEFT = (
    "工单QS20261124000123",
    "91420600MA48XUD545",
    "13,800,138,000元",
    "15 000 000 000元",
    "138.12345678万元",
    "2026-11-24 10:00",
    "鄂发〔2020〕53号",
    "138 1234 56789",
    "第 001 1234567 号",
    "DB20261124000123 CP20261124000001",
)


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_a_number_is_hidden_however_it_is_written(text: str, shown: str) -> None:
    assert mask_in_text(text) == shown
    assert mask_in_text(f"请打{text}，谢谢") == f"请打{shown}，谢谢"


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask_in_text(text) == text


PIECES = ["138", "1381234", "12345678", "1234", "0710", "3456789", "010", "86", "0086", "+86", "****", "19900101", "62"]
TEXTS = st.lists(
    st.sampled_from([*PIECES, " ", "-", ".", "(", "，", "转80", "a@b.c", "x", "８", "\u200b"]), max_size=14
)


@given(TEXTS.map("".join))
def test_hiding_twice_changes_nothing(text: str) -> None:
    once = mask_in_text(text)
    assert mask_in_text(once) == once


def test_an_extension_is_not_shown_with_a_masked_number() -> None:
    assert mask_phone("+867103512345转8001") == "*********2345转****"


def _calls(work: Callable[[], object]) -> int:
    """Return how many calls of functions this takes: the same on every machine."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", ["a.", "a@", "1-", "138 ", "0710-", "1*", "86 ", "6222 ", "+", "0710-3456789-", "８"])
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    once, twice = (_calls(lambda size=size: mask_in_text(piece * size)) for size in (500, 1000))  # type: ignore[misc]
    assert twice <= 2.2 * once + 100


def _repeats(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each repetition in a parsed pattern: its kind and how often at most."""
    for kind, argument in tree:
        parts = argument if isinstance(argument, (list, tuple)) else [argument]
        if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            yield kind, argument[1]
        for part in parts:
            for inner in part if isinstance(part, list) else [part]:
                if isinstance(inner, parser.SubPattern):
                    yield from _repeats(inner)


def test_no_pattern_can_try_a_text_again_and_again() -> None:
    """What has no upper bound is possessive: it gives nothing back to be tried otherwise."""
    patterns = [value for value in vars(numbers_in_text).values() if isinstance(value, re.Pattern)]
    repeats = [found for pattern in patterns for found in _repeats(parser.parse(pattern.pattern, pattern.flags))]
    unbounded = [kind for kind, most in repeats if most == constants.MAXREPEAT]
    assert len(unbounded) >= 6 and set(unbounded) == {constants.POSSESSIVE_REPEAT}
    assert numbers_in_text.ADDRESS.pattern.startswith("(?<![")
