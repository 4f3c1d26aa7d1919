"""Five levels, the last two bad; reasons, window, and what opens a rectification."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules.ratings import rectification
from hotline.rules.ratings.rating import (
    RatingRules,
    ReasonList,
    check_reasons,
    check_window,
    is_bad,
    shown_cells,
)
from hotline.rules.ratings.rectification import opens_rectification
from hotline.rules.refusals import InvalidInput, WindowClosed
from hotline.rules.vocabulary import RectificationState, Satisfaction

LIST = ReasonList(1, date(2020, 6, 19), {"too_slow": "办理太慢"})
BAD = (Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED)


def test_five_levels_from_five_to_one() -> None:
    assert [level.score for level in Satisfaction] == [5, 4, 3, 2, 1]
    assert [level for level in Satisfaction if is_bad(level)] == list(BAD)


@pytest.mark.parametrize("level", Satisfaction)
def test_a_bad_rating_needs_a_reason_and_a_good_one_takes_none(level: Satisfaction) -> None:
    needed, wrong = (["too_slow"], []) if level in BAD else ([], ["too_slow"])
    check_reasons(level, needed, LIST)
    for refused in (wrong, ["unheard_of"]):
        with pytest.raises(InvalidInput):
            check_reasons(level, refused, LIST)


@pytest.mark.parametrize("level", Satisfaction)
def test_only_a_verified_bad_rating_opens_a_case(level: Satisfaction) -> None:
    assert opens_rectification(level, verified=True) is (level in BAD)
    assert not opens_rectification(level, verified=False)


def test_a_rating_is_open_for_thirty_days() -> None:
    invited = datetime(2026, 11, 1, tzinfo=UTC)
    check_window(invited, invited + timedelta(days=30), 30)
    with pytest.raises(WindowClosed):
        check_window(invited, invited + timedelta(days=30, seconds=1), 30)


def test_a_case_closes_only_after_a_re_check_or_an_appeal() -> None:
    steps = rectification.STEPS.values()
    before_closed = {step.source for step in steps if RectificationState.CLOSED in step.targets}
    assert before_closed == {RectificationState.RECHECKING, RectificationState.APPEALED}
    assert {step.source for step in steps} == set(RectificationState) - {RectificationState.CLOSED}


@given(counts=st.lists(st.integers(0, 30), min_size=2, max_size=6), smallest=st.integers(1, 8))
def test_no_hidden_cell_can_be_had_by_subtraction(counts: list[int], smallest: int) -> None:
    cells = shown_cells(counts, smallest)
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell is None]
    assert all(cell is None or (cell == count and cell >= smallest) for count, cell in zip(counts, cells, strict=True))
    assert len(hidden) != 1
    if hidden and len(hidden) < len(counts):
        assert sum(hidden) >= smallest
    if all(count >= smallest for count in counts):
        assert cells == counts


def test_the_list_of_reasons_is_the_one_of_the_day() -> None:
    newer = ReasonList(2, date(2026, 1, 1), {"too_slow": "办理超时"})
    rules = RatingRules(30, 30, 5, (LIST, newer))
    assert rules.reasons_at(datetime(2025, 12, 31, 15, tzinfo=UTC)) is LIST
    assert rules.reasons_at(datetime(2025, 12, 31, 16, tzinfo=UTC)) is newer
    assert rules.reasons_at(datetime(2019, 1, 1, tzinfo=UTC)) is LIST
    assert (rules.labels(1, ["too_slow"]), rules.labels(2, ["too_slow"])) == (["办理太慢"], ["办理超时"])
