"""Instants and days as people write them in files; what could be read in two ways is refused by its name."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from marshmallow import ValidationError

from hotline.rules.deadlines.working_calendar import ZONE
from hotline.schemas.base import possible
from hotline.transfer.cells import Cell, is_scientific

DATE = (
    r"(?P<year>\d{4})(?:(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"|年(?P<month2>\d{1,2})月(?P<day2>\d{1,2})[日号]?)"
)
WEEKDAY = r"(?: ?\(?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\)?)?"
HALF = r"(?P<half>上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|am|pm)"
CLOCK = (
    r"(?P<hour>\d{1,2})(?:: ?(?P<minute>\d{1,2})(?:: ?(?P<second>\d{1,2})(?:\.\d+)?)?"
    r"|[点时](?:(?P<minute2>\d{1,2})分?(?:(?P<second2>\d{1,2})秒)?|(?P<word>半|整|一刻|三刻))?)"
)
OFFSET = r"(?P<offset>z|[+-]\d{2}:?\d{2})"
WRITTEN = re.compile(rf"{DATE}{WEEKDAY}(?:[ t,]*{HALF}? ?{CLOCK} ?(?P<after>am|pm)? ?{OFFSET}?)?")
DIGITS = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[ t]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:\.?\d{3})?)?)?"
)
SERIAL = re.compile(r"\d{5,6}(?:\.\d+)?")
DAY_ZERO = datetime(1899, 12, 30, tzinfo=ZONE)
FIRST_SERIAL, LAST_SERIAL = 17_899, 109_574  # 1949-01-01 to 2199-12-31
SIGNS = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "／": "/", "。": ".", "，": ",", "、": ","})
WORDS = {"半": 30, "整": 0, "一刻": 15, "三刻": 45}
WEEKDAYS = "一二三四五六日"
# The hours at which a word for a part of the day says nothing new, and those to which it adds twelve.
PARTS: Mapping[str, tuple[range, range]] = {
    "上午": (range(1, 12), range(0)),
    "下午": (range(12, 24), range(1, 12)),
    "凌晨": (range(0, 7), range(0)),
    "清晨": (range(4, 10), range(0)),
    "早上": (range(4, 12), range(0)),
    "早晨": (range(4, 12), range(0)),
    "中午": (range(11, 15), range(1, 3)),
    "傍晚": (range(16, 21), range(4, 9)),
    "晚上": (range(17, 24), range(5, 12)),
    "am": (range(1, 12), range(0)),
    "pm": (range(12, 24), range(1, 12)),
}
# What people write and nobody can be sure of, each with its own sentence.
DOUBTFUL = (
    (re.compile(r"(?:今天|昨天|前天|明天|上周|本周|刚才|今日|昨日).*"), "要写明年月日"),
    (re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(\D.*)?"), "分不清月和日，请写成 2026-01-05 的样子"),
    (re.compile(r"'?\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(\D.*)?"), "年份要写四位"),
    (re.compile(rf"{HALF}? ?{CLOCK}.*"), "只有时刻，没有日期"),
    (re.compile(r"\d{1,2}月\d{1,2}[日号]?.*|\d{1,2}[-/.]\d{1,2}"), "没有年份"),
    (re.compile(r"\d{4}[-/.年]\d{1,2}月?"), "没有写明哪一日"),
)


def read_time(cell: Cell) -> datetime | date:
    """Return an aware instant, or a day where no time of day is written.

    Spreadsheet dates and serials, `2026/1/5 9:05`, 2026年1月5日下午3点20分, `20260105090500`; local time of Asia/Shanghai unless
    an offset is written. Refuses (ValidationError) two-digit years, `1/5/2026`, days that do not exist and times without a day.
    """
    if isinstance(cell, datetime):
        found: datetime | date = cell if cell.tzinfo else cell.replace(tzinfo=ZONE)
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        found = _of_number(cell)
    else:
        found = _of_text(str(cell)) if isinstance(cell, str) else _of_other(cell)
    possible(found)
    return found


def _of_other(cell: object) -> datetime:
    raise ValidationError("只有时刻，没有日期" if isinstance(cell, time) else f"不是时间：{cell}")


def _of_number(number: float) -> datetime | date:
    if FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return _of_serial(number)
    return _of_text(str(int(number)) if number == int(number) else str(number))


def _of_serial(number: float) -> datetime | date:
    """Return the day and the second of a spreadsheet's serial: days since 1899-12-30."""
    day, rest = divmod(number, 1)
    at = DAY_ZERO + timedelta(days=day, seconds=round(rest * 86_400))
    return at if rest else at.date()


@lru_cache(maxsize=10_000)
def _of_text(text: str) -> datetime | date:
    shown = text.strip()[:40]
    plain = _plain(text)
    if SERIAL.fullmatch(plain) and FIRST_SERIAL <= float(plain) < LAST_SERIAL + 1:
        return _of_serial(float(plain))
    found = WRITTEN.fullmatch(plain) or DIGITS.fullmatch(plain)
    if found is None:
        raise ValidationError(f"不是时间：{shown}（{_doubt(plain)}）" if _doubt(plain) else f"不是时间：{shown}")
    parts = {name.rstrip("2"): value for name, value in found.groupdict().items() if value is not None}
    on = _day(parts, shown)
    return on if "hour" not in parts else _instant(on, parts, shown)


def _plain(text: str) -> str:
    """Return the text in half width, small, without what cannot be seen, with single blanks."""
    plain = unicodedata.normalize("NFKC", text.translate(SIGNS)).casefold().translate(SIGNS)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    plain = " ".join(plain.split())
    return re.sub(r"(?<=[年月日号点时分]) (?=\S)| (?=[年月日号点时分秒])", "", plain)


def _doubt(plain: str) -> str:
    if is_scientific(plain):
        return "表格软件把数字缩短了，原来的数字已经丢失"
    return next((sentence for pattern, sentence in DOUBTFUL if pattern.fullmatch(plain)), "")


def _day(parts: Mapping[str, str], shown: str) -> date:
    try:
        on = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise ValidationError(f"没有这一天：{shown}") from None
    if "weekday" in parts and WEEKDAYS.index(parts["weekday"].replace("天", "日")) != on.weekday():
        raise ValidationError(f"日期与星期不符：{shown}")
    return on


def _instant(on: date, parts: Mapping[str, str], shown: str) -> datetime:
    half, hour = parts.get("half") or parts.get("after"), int(parts["hour"])
    minute, second = (
        int(parts.get("minute", WORDS[parts["word"]] if "word" in parts else 0)),
        int(parts.get("second", 0)),
    )
    try:
        if hour == 24 and not (minute or second or half):
            return datetime.combine(on + timedelta(days=1), time(), _zone(parts))
        if "half" in parts and "after" in parts:
            raise ValueError
        return datetime.combine(on, time(_hour(hour, half, shown), minute, second), _zone(parts))
    except (ValueError, OverflowError):
        raise ValidationError(f"没有这个时刻：{shown}") from None


def _hour(hour: int, half: str | None, shown: str) -> int:
    """Return the hour of 24. Refuses 上午12点 and 晚上12点: noon or midnight, and of which day, nobody can tell."""
    if half is None:
        return hour
    as_written, later = PARTS[half]
    if hour in later:
        return hour + 12
    if hour not in as_written:
        raise ValidationError(f"说不清是几点：{shown}，请按24小时写")
    return hour


def _zone(parts: Mapping[str, str]) -> tzinfo:
    written = parts.get("offset")
    if written is None or written == "z":
        return UTC if written else ZONE
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[-2:])))
