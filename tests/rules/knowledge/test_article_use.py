"""What is kept of a search, how useful an article is, and what an article drafted from a ticket must not tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules.knowledge.article_proposal import without_identity
from hotline.rules.knowledge.article_use import LONGEST_SEARCH, kept_search, usefulness

NAME, PERSON = "襄阳甲乙机械有限公司", "王小明"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  用热 补贴？", "用热 补贴"),
        ("ＧＢ／Ｔ　39735", "gb/t 39735"),
        ("襄政办发〔2020〕53号", "襄政办发〔2020〕53号"),
        ("我是13812345678的老板", "我是138****5678的老板"),
        ("138-1234-5678 没人接", "*** 没人接"),
        ("账号 6222021234567890123", "账号 6222********0123"),
        ("编号 20261124000123", "编号 ***"),
        ("a@b.com 没回", "a*** b com 没回"),
        ("？？！", ""),
        ("税", ""),
        ("", ""),
    ],
)
def test_a_search_is_kept_in_one_form_and_without_numbers(typed: str, kept: str) -> None:
    assert kept_search(typed) == kept


@given(st.text())
def test_any_text_is_a_search_and_keeping_it_twice_changes_nothing(text: str) -> None:
    kept = kept_search(text)
    assert len(kept) <= LONGEST_SEARCH
    assert kept_search(kept) == kept


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_usefulness_lies_between_nothing_and_all(solved: int, not_solved: int, cited: int) -> None:
    assert usefulness(0, 0, 0) == 0.5
    assert 0 < usefulness(solved, not_solved, cited) < 1
    assert usefulness(solved + 1, not_solved, cited) > usefulness(solved, not_solved + 1, cited)


@pytest.mark.parametrize(
    "text",
    [
        "襄阳甲乙机械有限公司的王小明问：",
        "襄阳 甲乙机械 有限公司",
        "甲乙机械的王先生，电话13812345678",
        "王女士，信用代码91420600MA4900001X",
        "请甲乙机械有限公司的王总联系 wang@example.com",
        "身份证420601199001011234",
    ],
)
def test_who_asked_is_not_carried_into_an_article(text: str) -> None:
    clean = without_identity(text, NAME, [PERSON])
    for secret in ("甲乙", "王小明", "王先生", "王女士", "王总", "12345678", "MA4900001X", "wang@", "19900101"):
        assert secret not in clean, clean


def test_what_is_no_identity_stays() -> None:
    text = "设立有限公司请到政务服务中心，依据襄政办发〔2020〕53号，3个工作日办结。"
    assert without_identity(text, NAME, [PERSON]) == text
    assert without_identity(text, None, []) == text


def test_brackets_of_either_kind_are_the_same_name() -> None:
    assert "丙丁" not in without_identity("丙丁(襄阳)科技有限公司来电", "丙丁（襄阳）科技有限公司", [])
