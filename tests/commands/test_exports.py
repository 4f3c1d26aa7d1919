"""`hotline export`: the lists as files, whole or not there, and harmless in a spreadsheet."""

import csv
from datetime import timedelta
from pathlib import Path

import openpyxl

from hotline import clock
from tests.commands.command import hotline
from tests.support.build import Builder


def test_lists_become_files_that_a_spreadsheet_may_open(build: Builder, database_url: str, tmp_path: Path) -> None:
    long_ago = clock.now() - timedelta(days=30)
    late = build.ticket("dispatched", long_ago, title="=cmd|calc")
    known = {"url": database_url, "data": tmp_path}
    assert hotline("export", "tickets", str(tmp_path / "tickets.csv"), **known).returncode == 0
    rows = list(csv.DictReader((tmp_path / "tickets.csv").open(encoding="utf-8-sig")))
    assert [row["编号"] for row in rows] == [late] and rows[0]["标题"] == "'=cmd|calc"
    assert rows[0]["事项"] and not rows[0]["事项"].isascii()
    assert hotline("export", "overdue", str(tmp_path / "overdue.xlsx"), **known).returncode == 0
    sheet = openpyxl.load_workbook(tmp_path / "overdue.xlsx").active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {late}
    assert hotline("export", "statistics", str(tmp_path / "statistics.csv"), **known).returncode == 0
    assert "甲乙机械" not in (tmp_path / "tickets.csv").read_text(encoding="utf-8-sig")


def test_what_cannot_be_written_or_asked_leaves_one_line_and_no_file(database_url: str, tmp_path: Path) -> None:
    known = {"url": database_url, "data": tmp_path}
    for file, more, says in (
        ("none/tickets.csv", (), "不能写入"),
        ("tickets.txt", (), "应以 .csv 或 .xlsx 结尾"),
        ("tickets.csv", ("--filter", "state=nowhere"), "不是可选的值"),
    ):
        told = hotline("export", "tickets", str(tmp_path / file), *more, **known)
        assert told.returncode == 1 and len(told.stderr.strip().splitlines()) == 1, told.stderr
        assert says in told.stderr
        assert not (tmp_path / file).exists() and not list(tmp_path.glob("*.part"))
