"""Instants and days as people write them in the cells of a file."""

from datetime import UTC, date, datetime, time

import pytest
from marshmallow import ValidationError

from hotline.rules.deadlines.working_calendar import ZONE, WorkingCalendar
from hotline.rules.intake.days_without_time import with_times
from hotline.settings.config_files import resource
from hotline.settings.rulebook import calendar_from
from hotline.transfer.import_times import read_time

DAY = date(2026, 1, 5)


def at(hour: int, minute: int, second: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 1, day, hour, minute, second, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("2026/1/5 9:05", at(9, 5)),
        ("2026-01-05 9:05", at(9, 5)),
        ("2026-01-05 09:05:30", at(9, 5, 30)),
        ("2026-01-05 09:05:30.123", at(9, 5, 30)),
        ("2026.1.5 9:05", at(9, 5)),
        ("2026年1月6日 10:30", at(10, 30, day=6)),
        ("2026年1月5日上午9:05", at(9, 5)),
        ("2026年1月5日 下午3点20分", at(15, 20)),
        ("2026 年 1 月 5 日 9 时 5 分", at(9, 5)),
        ("2026年1月5日9点半", at(9, 30)),
        ("2026年1月5号晚上8点", at(20, 0)),
        ("2026-01-05 中午12:30", at(12, 30)),
        ("2026-01-05 下午15:20", at(15, 20)),
        ("2026-01-05 3:05 PM", at(15, 5)),
        ("2026-01-05 星期一 9:05", at(9, 5)),
        ("2026-01-05T09:05:00+08:00", at(9, 5)),
        ("2026-01-05T01:05:00Z", at(9, 5)),
        ("2026-01-05 24:00", at(0, 0, day=6)),
        ("20260105090500", at(9, 5)),
        ("202601050905", at(9, 5)),
        ("20260105 09:05", at(9, 5)),
        (20260105090500, at(9, 5)),
        (20260105090500.0, at(9, 5)),
        ("２０２６／１／５　９：０５", at(9, 5)),
        ("\u202a2026-01-05 9:05\u200b", at(9, 5)),
        (46027.378, at(9, 4, 19)),
        (46027.378472222, at(9, 5)),
        ("46027.378472222", at(9, 5)),
        (datetime(2026, 1, 5, 9, 5), at(9, 5)),
        (datetime(2026, 1, 5, 1, 5, tzinfo=UTC), at(9, 5)),
    ],
)
def test_an_instant_is_read_however_it_is_written(cell: object, right: datetime) -> None:
    assert read_time(cell) == right  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", ["2026-1-5", "2026/01/05", "2026年1月5日", "2026.1.5", "20260105", 20260105, 46027, "46027", 46027.0, DAY]
)
def test_a_day_without_a_time_stays_a_day(cell: object) -> None:
    found = read_time(cell)  # type: ignore[arg-type]
    assert found == DAY and not isinstance(found, datetime)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("26-1-5", "年份要写四位"),
        ("26年1月5日 9:05", "年份要写四位"),
        ("1/5/2026", "分不清月和日"),
        ("13/5/2026 10:00", "分不清月和日"),
        ("上午9:05", "没有日期"),
        ("9:05", "没有日期"),
        (time(9, 5), "没有日期"),
        ("1月5日", "没有年份"),
        ("2026年1月", "没有写明哪一日"),
        ("昨天 9:05", "写明年月日"),
        ("2026-02-30", "没有这一天"),
        ("2026-13-01", "没有这一天"),
        ("20260230", "没有这一天"),
        ("2026-01-05 25:00", "没有这个时刻"),
        ("2026-01-05 上午15:20", "说不清是几点"),
        ("2026-01-05 上午12:05", "说不清是几点"),
        ("2026-01-05 12:05 AM", "说不清是几点"),
        ("2026-01-05 晚上12点", "说不清是几点"),
        ("2026-01-05 星期二", "日期与星期不符"),
        ("2.0260105E+13", "已经丢失"),
        ("1767575100", "不是时间"),
        ("05-Jan-26", "不是时间"),
        ("2026/1-5", "不是时间"),
        ("2026-01-05 9", "不是时间"),
        (True, "不是时间"),
        (5, "不是时间"),
        (-46027.5, "不是时间"),
        ("9" * 400, "不是时间"),
        ("0001-01-01", "1949年至2999年"),
        ("9999-12-31 24:00", "没有这个时刻"),
        ("9999-12-31T23:59:59-12:00", "1949年至2999年"),
        ("2026-01-05 09:05+99:99", "没有这个时刻"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_by_its_name(cell: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        read_time(cell)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return calendar_from(resource("config"))


@pytest.mark.parametrize(
    ("received", "signed", "replied", "right"),
    [
        (at(9, 5), None, DAY, (at(9, 5), None, at(17, 30))),
        (at(19, 0), None, DAY, (at(19, 0), None, at(19, 0))),
        (DAY, None, None, (at(8, 30), None, None)),
        (DAY, None, at(7, 50), (at(7, 50), None, at(7, 50))),
        (DAY, None, DAY, (at(8, 30), None, at(17, 30))),
        (DAY, DAY, DAY, (at(8, 30), at(17, 30), at(17, 30))),
        (DAY, at(8, 10), None, (at(8, 10), at(8, 10), None)),
        (at(9, 5), DAY, at(16, 0), (at(9, 5), at(16, 0), at(16, 0))),
        (at(9, 5), DAY, at(16, 0, day=7), (at(9, 5), at(17, 30), at(16, 0, day=7))),
        (at(9, 5), at(18, 40), DAY, (at(9, 5), at(18, 40), at(18, 40))),
        (at(9, 5, day=7), None, DAY, (at(9, 5, day=7), None, at(17, 30))),
    ],
)
def test_a_day_contradicts_nothing_of_that_day(
    calendar: WorkingCalendar, received: date, signed: date | None, replied: date | None, right: tuple[object, ...]
) -> None:
    found = with_times(calendar, {"received_at": received, "signed_at": signed, "replied_at": replied, "title": "t"})
    assert (found["received_at"], found.get("signed_at"), found.get("replied_at")) == right
    assert found["title"] == "t"
