"""The calendar and the dues on the command line: files as people save them, and dates that are none."""

import json
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.deadlines.calendar_days import CalendarDay, CalendarImport
from tests.commands.command import Told, hotline
from tests.support.configs import changed_config
from tests.support.year_files import entry, year_file


def due(start: str, days: int = 1, *, url: str = "", data: Path | None = None) -> str:
    told = hotline("deadline", start, "--days", str(days), "--json", url=url, data=data)
    return str(json.loads(told.stdout)["due_at"][:16])


def refused(told: Told) -> str:
    """The one line that was said."""
    assert told.returncode != 0 and "Traceback" not in told.stderr and told.stdout == ""
    (line,) = told.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_year_with_and_without_a_mark_goes_in(database_url: str, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "2026.json"
    text = json.dumps(year_file(2026, without=["2026-10-10"]), ensure_ascii=False, indent=1)
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    told = hotline("calendar", "import", str(file), url=database_url, data=tmp_path)
    assert told.returncode == 0, told.stderr
    assert due("2026-10-09 10:00", url=database_url, data=tmp_path) == "2026-10-12T17:30"


WHOLE = year_file(2026)
FILES = (
    ("不是UTF-8编码", json.dumps(WHOLE, ensure_ascii=False).encode("utf-16")),
    ("不是UTF-8编码", json.dumps(WHOLE, ensure_ascii=False).encode("gb18030")),
    ("不是JSON文件", b"[" * 100_000),
    ("还是空的", b'{"year": 2027, "papers": [], "days": []}'),
    ("缺少2026年国庆节的放假安排", json.dumps({**WHOLE, "days": [d for d in WHOLE["days"] if "国庆" not in d["name"]]}).encode()),
    ("isOffDay 应为", json.dumps(year_file(2026, {**entry("2026-01-01", "元旦"), "isOffDay": "false"})).encode()),
)  # fmt: skip


@pytest.mark.parametrize(("says", "content"), FILES)
def test_a_file_that_is_no_year_is_refused_by_its_name_and_changes_nothing(
    database_url: str, app_context: AppContext, tmp_path: Path, says: str, content: bytes
) -> None:
    file = tmp_path / "years.json"
    file.write_bytes(content)
    for more in ([], ["--preview"]):
        said = refused(hotline("calendar", "import", str(file), *more, url=database_url, data=tmp_path))
        assert "years.json" in said and says in said
    with app_context.snapshot() as ctx:
        for table in (CalendarDay, CalendarImport):
            assert ctx.session.scalar(select(func.count()).select_from(table)) == 0


def test_new_years_day_of_an_unannounced_year_rests() -> None:
    told = hotline("deadline", "2026-12-31 10:00", "--days", "1")
    assert "2027-01-01  不计  元旦" in told.stdout
    assert "到期 2027-01-04 17:30（暂定：该年节假日安排尚未公布）" in told.stdout


@pytest.mark.parametrize(
    "start",
    ["9999-12-31", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "3000-01-01", "1948-12-31"],
)
def test_a_date_of_no_matter_is_one_sentence(start: str) -> None:
    assert "期限只能在1949年至2999年之间计算" in refused(hotline("deadline", start, "--days", "5"))


def test_a_due_behind_the_last_year_is_one_sentence() -> None:
    assert "期限只能在1949年至2999年之间计算" in refused(hotline("deadline", "2999-12-31", "--days", "5"))
    assert due("2998-12-31", 5) == "2999-01-08T17:30"


@pytest.mark.parametrize("at", ["9999-12-31", "0001-01-01"])
def test_the_scheduler_of_no_time_is_one_sentence(database_url: str, tmp_path: Path, at: str) -> None:
    assert "日期太早或太远" in refused(hotline("scheduler", "--once", "--at", at, url=database_url, data=tmp_path))


def test_days_that_are_added_are_named_one_by_one() -> None:
    told = hotline("deadline", "2026-03-20 10:00", "--days", "1", "--extra", "2")
    assert told.stdout.splitlines() == [
        "起算 2026-03-20 10:00，1个工作日，另加2个工作日",
        "  2026-03-21  不计  周末",
        "  2026-03-22  不计  周末",
        "  2026-03-23  计  工作日",
        "  2026-03-24  另加  工作日",
        "  2026-03-25  另加  工作日",
        "到期 2026-03-25 17:30",
    ]


def test_the_versions_of_the_rules_are_listed(database_url: str, tmp_path: Path) -> None:
    told = hotline("rules", url=database_url, data=tmp_path)
    assert told.returncode == 0 and len(told.stdout.splitlines()) == 1
    assert told.stdout.startswith("第1版") and told.stdout.strip().endswith(
        "时限、预警升级、事项类别、单位、理由代码  现行"
    )
    loaded = hotline("load", url=database_url, data=tmp_path)
    assert "rules: 新增0 变更0 未变5" in loaded.stdout


def test_a_changed_folder_is_in_force_from_the_next_load_on(database_url: str, tmp_path: Path) -> None:
    config = changed_config(tmp_path / "config", ("time_limits.toml", "returns = 2", "returns = 4"))
    with_config = partial(hotline, url=database_url, data=tmp_path, config=config)
    assert "配置文件中时限已改，尚未施行：请运行 hotline load" in with_config("rules").stdout
    assert "规则第1版；配置文件中时限已改" in with_config("doctor").stdout
    assert "rules: 新增0 变更1 未变4" in with_config("load").stdout
    found = json.loads(with_config("rules", "--json").stdout)
    assert (found["in_force"], found["changed"]) == (2, [])
    assert next((line["version"], line["changed"]) for line in found["versions"]) == (2, ["时限"])


@pytest.mark.parametrize("wrong", ["returns = ", "returns = 2\nunknown = 1", "[extension]\nordinary = 'x'"])
def test_rules_that_are_wrong_are_no_version(database_url: str, tmp_path: Path, wrong: str) -> None:
    config = changed_config(tmp_path / "config")
    (config / "time_limits.toml").write_text(wrong, encoding="utf-8")
    said = refused(hotline("load", url=database_url, data=tmp_path, config=config))
    assert "time_limits.toml" in said
    assert len(hotline("rules", url=database_url, data=tmp_path).stdout.splitlines()) == 1
