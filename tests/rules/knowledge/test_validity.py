"""An article holds from its first day to its last."""

from datetime import date

import pytest

from hotline.rules.knowledge.validity import in_force

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


@pytest.mark.parametrize(
    ("on", "holds"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
def test_first_and_last_day_count(on: str, holds: bool) -> None:
    assert in_force(FIRST, LAST, date.fromisoformat(on)) is holds


def test_without_a_last_day_it_holds_until_further_notice() -> None:
    assert in_force(FIRST, None, date(2099, 1, 1))
