"""Year files of holiday-cn: whole years go in, anything else is refused in one sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hotline.settings.calendar_layers import package_layer
from hotline.settings.year_files import year_document, year_file
from tests.support.year_files import entry
from tests.support.year_files import year_file as made

Document = dict[str, Any]


@pytest.mark.parametrize("year", [*sorted(package_layer(first_year=2008).years), 2031])
def test_a_whole_year_goes_in(year: int) -> None:
    document = made(year)
    found = year_file(year_document(json.dumps(document).encode()))
    assert (found.year, len(found.days)) == (year, len(document["days"]))


def test_a_new_year_may_begin_in_december() -> None:
    """As in 2018: the notice of a year states the last days of the year before."""
    document = made(2019, entry("2018-12-29", "元旦", off=False), entry("2018-12-31", "元旦"))
    assert len(year_file(document).days) == len(document["days"])


def test_before_2008_three_festivals_were_none_and_two_had_other_names() -> None:
    days = [entry("2007-01-01", "元旦"), entry("2007-02-19", "春节")]
    days += [entry("2007-05-01", "“五一”"), *(entry(f"2007-10-0{n}", "“十一”") for n in (1, 2, 3))]
    assert year_file({"year": 2007, "days": days}).year == 2007


def lacking(*words: str) -> Callable[[Document], Document]:
    def without(document: Document) -> Document:
        days = [day for day in document["days"] if not any(word in day["name"] for word in words)]
        return {**document, "days": days}

    return without


def with_day(**changed: Any) -> Callable[[Document], Document]:
    """The first day of the file with other values."""
    return lambda document: {**document, "days": [{**document["days"][0], **changed}, *document["days"][1:]]}


def and_day(on: str, name: str, *, off: bool = True) -> Callable[[Document], Document]:
    return lambda document: {**document, "days": [*document["days"], entry(on, name, off=off)]}


def at_work(word: str) -> Callable[[Document], Document]:
    """The festival is named, and nobody has a day off."""
    return lambda document: {
        **document,
        "days": [{**day, "isOffDay": day["isOffDay"] and word not in day["name"]} for day in document["days"]],
    }


FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
WRONG: list[tuple[str, Callable[[Document], Document]]] = [
    *((f"缺少2026年.*{word}", lacking(word)) for word in FESTIVALS),
    *((f"缺少2026年.*{word}", at_work(word)) for word in FESTIVALS),
    ("缺少2026年春节、端午节", lacking("春节", "端午")),
    *(("第1天的 isOffDay 应为", with_day(isOffDay=flag)) for flag in ("false", "true", 0, 1, None, [], 0.0)),
    *(("第1天的 name 应为", with_day(name=name)) for name in (None, 5, "", "  ", "a\nb", ["元旦"])),
    ("不能超过60个字", with_day(name="元" * 61)),
    *(("第1天的 date 应为", with_day(date=on)) for on in (None, 20260101, "20260101", "2026-13-01", "2026-W01-1")),
    *(("第1天的 date 应为", with_day(date=on)) for on in ("2026-02-30", "2026-01-01T00:00:00", "２０２６-01-01")),
    ("2026-01-01出现了两次", and_day("2026-01-01", "元旦")),
    ("2026-10-10出现了两次", and_day("2026-10-10", "国庆节")),
    ("不属于2026年", and_day("2027-01-01", "元旦")),
    ("不属于2026年", and_day("2025-12-31", "春节")),
    ("不属于2026年", and_day("2025-11-30", "元旦")),
    ("不属于2026年", and_day("2024-12-31", "元旦")),
    ("2026-10-02依法放假", lambda d: {**d, "days": [day for day in d["days"] if day["date"] != "2026-10-02"]}),
    ("还是空的", lambda d: {**d, "days": []}),
    ("应有 year", lambda d: {**d, "days": None}),
    ("应有 year", lambda d: {**d, "days": {"2026-01-01": True}}),
    ("第1天不是对象", lambda d: {**d, "days": ["2026-01-01"]}),
    *(("应有 year", lambda d, year=year: {**d, "year": year}) for year in ("2026", True, None, 2026.0)),
    *(("年份应在2004至2099之间", lambda d, year=year: {**d, "year": year}) for year in (1, 2003, 2100, 9999)),
]


@pytest.mark.parametrize(("says", "spoil"), WRONG)
def test_what_is_no_whole_year_is_refused(says: str, spoil: Callable[[Document], Document]) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        year_file(spoil(made(2026)))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_any_line_end_are_read(mark: bytes, end: str) -> None:
    text = json.dumps(made(2026), ensure_ascii=False, indent=2).replace("\n", end)
    assert year_file(year_document(mark + text.encode())).year == 2026


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "gb18030"])
def test_another_encoding_is_refused_and_never_guessed(encoding: str) -> None:
    with pytest.raises(ValueError, match="不是UTF-8编码"):
        year_document(json.dumps(made(2026), ensure_ascii=False).encode(encoding))


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"nul", b'{"year": ' + b"1" * 5000 + b"}"])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="不是JSON文件"):
        year_document(content)


@pytest.mark.parametrize("content", [b"[]", b"1", b'"2026"', b"null"])
def test_what_is_no_object_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="不是节假日年度文件"):
        year_document(content)
