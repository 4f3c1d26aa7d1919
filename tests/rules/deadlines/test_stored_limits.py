"""The columns of a clock say which limit it has."""

import pytest

from hotline.rules.deadlines.time_limits import Limit, calendar_limit


@pytest.mark.parametrize("limit", [Limit(days=1), Limit(days=15), Limit(same_day=True)])
def test_a_limit_of_the_calendar_is_read_back_as_it_was_stored(limit: Limit) -> None:
    assert calendar_limit(limit.days, limit.text()) == limit


@pytest.mark.parametrize("minutes", [15, 60, 1440])
def test_minutes_on_the_wall_are_no_limit_of_the_calendar(minutes: int) -> None:
    limit = Limit(minutes=minutes)
    assert calendar_limit(limit.days, limit.text()) is None
