"""Policies, ratings and articles in files: nothing of a row, a column or a sheet goes under without a word."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.knowledge.policies import Policy
from hotline.models.ratings.ratings import Rating
from hotline.rules.refusals import BadFile
from hotline.transfer import export_articles
from hotline.transfer.import_articles import import_articles
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_tickets import POLICIES, RATINGS, Kind, Outcome, import_file
from tests.commands.command import hotline

NOW = "2026-11-24T10:00:00+08:00"
POLICY_HEADINGS = ["title", "document_number", "published_on", "owner_unit"]
RATING_HEADINGS = ["channel", "body", "occasion", "level", "rated_at", "phone"]
RATED = ["hall-terminals", "city-hall-registration"]


def take(app_context: AppContext, path: Path, kind: Kind, **chosen: Any) -> Outcome:
    with freeze_time(NOW):
        choices = ImportChoices(**chosen)
        return import_file(app_context, path, kind, choices, dry_run=False, progress=lambda rows: None)


def count(app_context: AppContext, table: Any) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(table)) or 0


def sheet(path: Path, rows: Sequence[Sequence[Any]], *, hidden: Sequence[Sequence[Any]] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if hidden:
        book.create_sheet("旧表", 0).sheet_state = "hidden"
        for row in hidden:
            book["旧表"].append(row)
        book.active = 1
    book.save(path)
    return path


def test_cells_of_a_policy_are_read_or_named(app_context: AppContext, tmp_path: Path) -> None:
    rows = [
        ["2026年政策登记表"],
        POLICY_HEADINGS,
        ["甲办法", 20261, 46346, "tax"],
        ["=A1", "襄政发〔2026〕2号", "2026-11-20", "tax"],
        ["丙办法", "#N/A", "2026-11-20", "tax"],
        ["丁办法", 2.0260105e17, "2026-11-20", "tax"],
        ["戊办法", "2.0260105E+17", "2026-11-20", "tax"],
        ["己办法", "襄政发〔2026〕6号", "2026年11月20日", "tax", "多出的一格"],
        ["庚办法", "襄政发〔2026〕7号", "1/5/2026", "tax"],
        ["辛办法", "襄政发〔2026〕8号", "2026年11月20日", "tax"],
    ]
    outcome = take(app_context, sheet(tmp_path / "a.xlsx", rows, hidden=[POLICY_HEADINGS, rows[2]]), POLICIES)
    assert (outcome.added, outcome.present, outcome.rows) == (2, 0, 8)
    bad = dict(outcome.bad)
    expected = {4: "公式没有结果", 5: "#N/A", 6: "位数", 7: "缩短", 8: "多出1格", 9: "分不清月和日"}
    assert {line: words in bad[line] for line, words in expected.items()} == dict.fromkeys(expected, True), bad
    assert [note for note in outcome.notes if "旧表" in note or "2026年政策登记表" in note] == list(outcome.notes)
    with app_context.snapshot() as ctx:
        kept = ctx.session.execute(select(Policy.title, Policy.document_number, Policy.published_on)).all()
    assert sorted((title, number, f"{day}") for title, number, day in kept) == [
        ("甲办法", "20261", "2026-11-20"),
        ("辛办法", "襄政发〔2026〕8号", "2026-11-20"),
    ]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_policies_come_in_every_encoding(app_context: AppContext, tmp_path: Path, encoding: str) -> None:
    text = "\t".join(POLICY_HEADINGS) + "\r\n甲办法\t襄政发〔2026〕1号\t2026/11/20\ttax\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert take(app_context, tmp_path / "a.csv", POLICIES).added == 1
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Policy.document_number)).all() == ["襄政发〔2026〕1号"]


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("title,published_on,owner_unit,remark", "不认识“remark”列"),
        ("title,published_on,owner_unit,document_no", "是不是 document_number"),
        ("title,published_on,owner_unit,sourceurl", "是不是 source_url"),
        ("title,publishd_on,owner_unit,level", "缺少列 published_on；不认识“publishd_on”列，是不是 published_on"),
        ("title,published_on,owner_unit,title", "列 title 出现了不止一次"),
    ],
)
def test_a_column_that_is_not_understood_keeps_the_file_out(
    app_context: AppContext, tmp_path: Path, headings: str, said: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{headings}\n甲办法,2026-11-20,tax,x\n", encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        take(app_context, tmp_path / "a.csv", POLICIES)
    if "remark" in headings:
        assert take(app_context, tmp_path / "a.csv", POLICIES, drop_unknown=True).added == 1
        return
    with pytest.raises(BadFile, match=said):
        take(app_context, tmp_path / "a.csv", POLICIES, drop_unknown=True)
    assert count(app_context, Policy) == 0


@pytest.mark.parametrize("end", [b'x,"open,2026-11-20,tax\n', b"\xff,,2026-11-20,tax\n", b"x,2026-11"])
def test_a_file_that_breaks_off_puts_nothing_in(app_context: AppContext, tmp_path: Path, end: bytes) -> None:
    rows = "".join(f"办法{n},〔2026〕{n}号,2026-11-20,tax\n" for n in range(600))
    (tmp_path / "a.csv").write_bytes(f"{','.join(POLICY_HEADINGS)}\n{rows}".encode() + end)
    with pytest.raises(BadFile, match="第602行"):
        take(app_context, tmp_path / "a.csv", POLICIES)
    assert count(app_context, Policy) == 0


def test_cells_of_a_rating_are_read_or_named(app_context: AppContext, tmp_path: Path) -> None:
    at = "2026-11-23 09:00"
    rows = [
        RATING_HEADINGS,
        [*RATED, 2026010500001, "满意", at, 13800138001],
        [*RATED, "无", "满意", at, "无"],
        [*RATED, "-", "满意", "2026/11/23 9:05", None],
        [*RATED, "2.0260105E+17", "满意", at, None],
        [*RATED, "=A1", "满意", at, None],
        [*RATED, "A2", "满意", "2026年11月23日 上午9:05", "139****1234"],
        [*RATED, "A3", "满意", "11月23日", None],
        [*RATED, "A4", "满意", at, "#REF!"],
    ]
    outcome = take(app_context, sheet(tmp_path / "a.xlsx", rows), RATINGS)
    assert (outcome.added, outcome.present, [line for line, _ in outcome.bad]) == (2, 0, [3, 4, 5, 6, 8, 9])
    with app_context.snapshot() as ctx:
        kept = ctx.session.execute(select(Rating.occasion, Rating.contact_id.is_not(None)))
        assert sorted(tuple(row) for row in kept) == [("2026010500001", True), ("A2", False)]


def test_of_two_sheets_one_must_be_named(app_context: AppContext, database_url: str, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [POLICY_HEADINGS, ["甲办法", None, "2026-11-20", "tax"]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("二").append(POLICY_HEADINGS)
    book["二"].append(["乙办法", None, "2025-11-20", "tax"])
    book.save(path)
    told = hotline("import-policies", str(path), url=database_url, data=tmp_path)
    assert told.returncode == 1 and "“Sheet”2行、“二”2行" in told.stderr and "Traceback" not in told.stderr
    book["二"].cell(1, 5).value = "remark"
    book.save(path)
    how = [str(path), "--sheet", "二"]
    refused = hotline("import-policies", *how, url=database_url, data=tmp_path)
    assert refused.returncode == 1 and "不认识“remark”列" in refused.stderr and "Traceback" not in refused.stderr
    told = hotline("import-policies", *how, "--ignore-unknown", url=database_url, data=tmp_path)
    assert told.returncode == 0 and "工作表“Sheet”有2行，没有读取" in told.stdout, told.stderr
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Policy.title)).all() == ["乙办法"]


def test_a_sheet_of_articles_is_read_as_strictly(app_context: AppContext, tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    with app_context.snapshot() as ctx, path.open("wb") as file:
        export_articles.write_sheet(ctx.session, file)
    book = openpyxl.load_workbook(path)
    places = {cell.value: cell.column for cell in book.active[1]}
    book.active.cell(2, places["body"]).value = "=B1&C1"
    book.active.cell(3, places["title"]).value = "#N/A"
    book.active.cell(4, len(places) + 2).value = "旁注"
    book.active.cell(5, places["title"]).value = "改过的标题"
    book.save(path)
    outcome = import_articles(app_context, path, dry_run=False, progress=lambda done: None)
    assert outcome.report["changed"] == 1
    assert [sentence.split("：")[0] for sentence in outcome.bad] == ["第2行", "第3行", "第4行"]
    assert ["公式没有结果" in outcome.bad[0], "#N/A" in outcome.bad[1], "多出1格" in outcome.bad[2]] == [True] * 3
    assert outcome.notes == []
    book.create_sheet("旧表").append(["code", "title"])
    book["旧表"].sheet_state = "hidden"
    book.save(path)
    outcome = import_articles(app_context, path, dry_run=True, progress=lambda done: None)
    assert len(outcome.notes) == 1 and "隐藏的工作表“旧表”有1行，没有读取" in outcome.notes[0]
    book.active.cell(1, places["keywords"]).value = "keyword"
    book.save(path)
    with pytest.raises(BadFile, match="不认识“keyword”列，是不是 keywords"):
        import_articles(app_context, path, dry_run=False, progress=lambda done: None)
