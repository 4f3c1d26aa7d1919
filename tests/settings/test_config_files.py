"""The configuration as people save it: marks, line ends and encodings."""

import shutil
from pathlib import Path

import pytest

from hotline.queries.public.public_sections import shelves_from
from hotline.settings.config_files import BadSettings, resource
from hotline.settings.rulebook import rulebook_from

CALENDAR = '[days]\n2026-12-01 = { working = false, reason = "停电" }\n'
NAMES = ("time_limits.toml", "ladder.toml", "business_hours.toml", "categories.toml", "policy_pages.toml")


def folder(tmp_path: Path, name: str, content: bytes) -> Path:
    """The configuration with one file written anew."""
    made = Path(shutil.copytree(resource("config"), tmp_path / "config"))
    (made / name).parent.mkdir(exist_ok=True)
    (made / name).write_bytes(content)
    return made


def read(config: Path) -> None:
    rulebook_from(config)
    shelves_from(config)


@pytest.mark.parametrize("name", NAMES)
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path, name: str) -> None:
    text = (resource("config") / name).read_text(encoding="utf-8")
    config = folder(tmp_path, name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    read(config)
    assert rulebook_from(config).limits == rulebook_from(resource("config")).limits


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_another_encoding_is_refused_with_the_name_of_the_file(tmp_path: Path, name: str, encoding: str) -> None:
    text = "# 单位\n" + (resource("config") / name).read_text(encoding="utf-8")
    with pytest.raises(BadSettings, match=f"{name} 有误：文件不是UTF-8编码"):
        read(folder(tmp_path, name, text.encode(encoding)))


def test_a_calendar_of_corrections_is_read_with_a_mark(tmp_path: Path) -> None:
    config = folder(tmp_path, "calendar/2026.toml", b"\xef\xbb\xbf" + CALENDAR.encode())
    assert [str(on) for on in rulebook_from(config).calendar.layers[0].days] == ["2026-12-01"]


@pytest.mark.parametrize(
    ("says", "content"),
    [
        ("不是UTF-8编码", CALENDAR.encode("utf-16")),
        ("应为 true 或 false", CALENDAR.replace("false", '"false"').encode()),
        ("应为 true 或 false", b"announces = 1\n" + CALENDAR.encode()),
        ("有误", b"days = 5"),
        ("有误", b'[days]\n2026-13-01 = { working = true, reason = "x" }'),
        ("有误", b"[days"),
    ],
)
def test_corrections_that_are_wrong_are_refused_with_their_file(tmp_path: Path, says: str, content: bytes) -> None:
    with pytest.raises(BadSettings, match=f"2026.toml.*{says}"):
        read(folder(tmp_path, "calendar/2026.toml", content))
