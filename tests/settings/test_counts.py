"""Counts of the configuration: what is wrong with them is said with file and key, and nothing starts."""

import shutil
from pathlib import Path

import pytest

from hotline.settings.config_files import BadSettings, resource
from hotline.settings.rulebook import rulebook_from

COUNTS = [
    ("security.toml", "per_ticket_and_day = 50"),
    ("security.toml", "window_minutes = 15\nper_ticket_and_address"),
    ("security.toml", "idempotency_days = 7"),
    ("repeats.toml", "same_enterprise_days = 90"),
    ("repeats.toml", "same_matter_days = 30"),
    ("call_back.toml", "longest_booking_days = 30"),
    ("freshness.toml", "usual_review_days = 365"),
    ("time_limits.toml", "reworks_to_order = 2"),
    ("time_limits.toml", "refused_returns_to_order = 2"),
    ("security.toml", "longest_run = 6"),
    ("security.toml", "used_again_days = 365"),
]


def written(folder: Path, name: str, old: str, new: str) -> Path:
    config = Path(shutil.copytree(resource("config"), folder / "config"))
    text = (config / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (config / name).write_text(text.replace(old, new), encoding="utf-8")
    return config


@pytest.mark.parametrize(("name", "line"), COUNTS)
def test_a_count_that_is_missing_is_named_with_its_file(tmp_path: Path, name: str, line: str) -> None:
    key = line.partition(" = ")[0]
    with pytest.raises(BadSettings) as refused:
        rulebook_from(written(tmp_path, name, line, line.replace(key, f"not_{key}", 1)))
    assert name in str(refused.value) and key in str(refused.value)


@pytest.mark.parametrize(("name", "line"), [COUNTS[0], COUNTS[3]])
@pytest.mark.parametrize("wrong", ["0", "-1", "1.5", "true", '"5"'])
def test_a_count_is_a_whole_number_from_one(tmp_path: Path, name: str, line: str, wrong: str) -> None:
    key = line.partition(" = ")[0]
    with pytest.raises(BadSettings, match=f"{name} 有误：{key} 应为正整数"):
        rulebook_from(written(tmp_path, name, line, f"{key} = {wrong}"))


def test_a_whole_table_may_not_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"security\.toml .*look_up"):
        rulebook_from(written(tmp_path, "security.toml", "[look_up]", "[look_ups]"))


def test_what_is_about_to_be_destroyed_is_not_used_again(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="used_again_days"):
        rulebook_from(written(tmp_path, "security.toml", "used_again_days = 365", "used_again_days = 1095"))
