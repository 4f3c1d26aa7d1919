"""How long ago, in words: a day is one of the calendar in the city, not 24 hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rules.deadlines.relative_time import relative_time
from hotline.rules.deadlines.working_calendar import local

NOW = "2026-11-24T10:00"
CASES = [
    # The day before yesterday, less than 48 hours ago.
    ("2026-11-22T17:30", NOW, "前天"),
    ("2026-11-22T23:59", NOW, "前天"),
    ("2026-11-22T00:00", NOW, "前天"),
    ("2026-11-21T23:59", NOW, "3天前"),
    ("2026-11-23T00:00", NOW, "昨天"),
    ("2026-11-23T23:59", NOW, "昨天"),
    ("2026-11-23T09:00", NOW, "昨天"),
    ("2026-11-24T00:00", NOW, "10小时前"),
    ("2026-11-24T09:00", NOW, "1小时前"),
    ("2026-11-24T09:01", NOW, "59分钟前"),
    (NOW, NOW, "刚刚"),
    ("2026-11-24T10:59", NOW, "59分钟后"),
    ("2026-11-24T23:59", NOW, "13小时后"),
    ("2026-11-25T00:00", NOW, "明天"),
    ("2026-11-25T23:59", NOW, "明天"),
    ("2026-11-26T00:00", NOW, "后天"),
    ("2026-11-26T23:59", NOW, "后天"),
    ("2026-11-27T00:00", NOW, "3天后"),
    # Around midnight, and around that of Greenwich, which is eight in the morning here.
    ("2026-11-23T23:50", "2026-11-24T00:05", "15分钟前"),
    ("2026-11-23T22:50", "2026-11-24T00:05", "昨天"),
    ("2026-11-22T23:59", "2026-11-24T00:00", "前天"),
    ("2026-11-22T23:59", "2026-11-23T23:59", "昨天"),
    ("2026-11-24T00:10", "2026-11-23T23:55", "15分钟后"),
    ("2026-11-24T01:10", "2026-11-23T23:55", "明天"),
    ("2026-11-25T00:00", "2026-11-23T23:59", "后天"),
    ("2026-11-24T07:00", "2026-11-24T08:30", "1小时前"),
    ("2026-11-23T07:59", "2026-11-24T08:01", "昨天"),
    ("2025-12-30T12:00", "2026-01-01T09:00", "前天"),
    ("2026-01-01T09:00", "2025-12-30T12:00", "后天"),
]


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


@pytest.mark.parametrize(("at", "now", "words"), CASES)
def test_a_day_is_one_of_the_city(at: str, now: str, words: str) -> None:
    assert relative_time(shanghai(at), shanghai(now)) == words
    assert relative_time(shanghai(at).astimezone(UTC), shanghai(now).astimezone(UTC)) == words


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(-9 * 24 * 60, 9 * 24 * 60))
def test_each_word_for_a_day_is_of_that_day(moment: datetime, minutes: int) -> None:
    now = moment.replace(tzinfo=UTC)
    at = now + timedelta(minutes=minutes)
    words = relative_time(at, now)
    days = (local(at).date() - local(now).date()).days
    named = {"前天": -2, "昨天": -1, "明天": 1, "后天": 2}
    if words in named:
        assert named[words] == days and abs(minutes) >= 60
    elif words[1:] in ("天前", "天后"):
        assert int(words[0]) == abs(days) > 2
    else:
        assert abs(minutes) < 60 or days == 0
