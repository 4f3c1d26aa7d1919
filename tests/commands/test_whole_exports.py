"""An export holds all that was asked for, in its types; what it does not hold it says; nothing half-done stays behind."""

import csv
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from benchmarks import fill
from hotline import clock
from hotline.app_context import AppContext
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.queries.paging import Page
from hotline.queries.ratings import figures
from hotline.queries.tickets.tickets import Filters, ticket_page
from hotline.rules.deadlines.working_calendar import ZONE, local
from tests.commands.command import Told, hotline
from tests.pages.test_pages import Browser
from tests.support.build import Builder
from tests.support.cast import Cast

STATES = (
    "submitted",
    "need_info",
    "dispatched",
    "handling",
    "suspended",
    "closed",
    "closed",
    "rejected",
    "withdrawn",
    "merged",
)


class Exports:
    """`exports("tickets", "state=closed")`: the rows of the file that the command has written."""

    def __init__(self, url: str, folder: Path) -> None:
        self.known, self.folder = {"url": url, "data": folder}, folder

    def told(self, what: str, file: str, query: str = "") -> Told:
        return hotline("export", what, str(self.folder / file), *(("--filter", query) if query else ()), **self.known)  # type: ignore[arg-type]

    def __call__(self, what: str, query: str = "") -> list[dict[str, str]]:
        told = self.told(what, "out.csv", query)
        assert told.returncode == 0, told.stderr
        rows = list(csv.DictReader((self.folder / "out.csv").open(encoding="utf-8-sig", newline="")))
        assert f"已导出{len(rows)}行" in told.stdout
        return rows

    def sheets(self, what: str, query: str = "") -> Any:
        told = self.told(what, "out.xlsx", query)
        assert told.returncode == 0, told.stderr
        return openpyxl.load_workbook(self.folder / "out.xlsx")

    def refused(self, what: str, query: str, says: str) -> None:
        for file in ("no.csv", "no.xlsx"):
            told = self.told(what, file, query)
            assert told.returncode == 1 and len(told.stderr.strip().splitlines()) == 1, (query, told)
            assert says in told.stderr, (query, told.stderr)
        assert not [*self.folder.glob("no.*")]


@pytest.fixture
def exports(database_url: str, tmp_path: Path) -> Exports:
    (tmp_path / "files").mkdir()
    return Exports(database_url, tmp_path / "files")


@pytest.fixture
def lives(build: Builder) -> Iterator[Builder]:
    """Lives that began some days ago, most of them late by now, of every kind of ending."""
    begun = clock.now() - timedelta(days=40)
    for n, state in enumerate(STATES):
        build.anywhere(state, begun + timedelta(days=3 * n))
    yield build


def _count(app_context: AppContext, sql: str) -> int:
    with app_context.snapshot() as ctx:
        found: int = ctx.session.execute(text(sql)).scalar_one()
        return found


def test_each_list_is_as_long_as_plain_sql_counts_it(lives: Builder, app_context: AppContext, exports: Exports) -> None:
    for query, condition in (
        ("", "1 = 1"),
        ("state=closed", "state = 'closed'"),
        ("state=closed&sort=-received", "state = 'closed'"),
        ("sort=-received", "1 = 1"),
        ("state=suspended", "state = 'suspended'"),
        ("state=merged&sort=due", "state = 'merged'"),
        ("type=complaint&state=&q=", "type = 'complaint'"),
        ("category=licensing-delay", "category = 'licensing-delay'"),
        ("?state=withdrawn", "state = 'withdrawn'"),
        ("unit=market-supervision", "lead_unit_id = (SELECT id FROM units WHERE code = 'market-supervision')"),
        ("clock=handle", "due_kind = 'handle'"),
    ):
        rows = exports("tickets", query)
        assert len(rows) == _count(app_context, f"SELECT count(*) FROM tickets WHERE {condition}"), query
        assert len({row["编号"] for row in rows}) == len(rows)
    running = "stopped_at IS NULL AND paused_at IS NULL AND ticket_id IS NOT NULL"
    assert len(exports("overdue", "when=running")) == _count(
        app_context, f"SELECT count(*) FROM clocks WHERE {running}"
    )
    late = len(exports("overdue"))
    with app_context.snapshot() as ctx:
        passed = select(func.count()).where(
            Clock.stopped_at.is_(None), Clock.paused_at.is_(None), Clock.due_at < ctx.now
        )
        right = ctx.session.execute(passed.where(Clock.ticket_id.is_not(None), ~Clock.provisional)).scalar_one()
    assert late == right > 0


def test_the_figures_are_those_of_the_page_and_say_their_period(
    app: Flask, build: Builder, app_context: AppContext, cast: Cast, exports: Exports
) -> None:
    now = clock.now()
    for _ in range(3):
        build.ticket("closed", now)
    rows = exports("statistics")
    begin, end = figures.this_month(now)
    with app_context.snapshot(actor=cast.supervisor) as ctx:
        found = figures.figures(ctx, begin=begin, end=end, by="unit")
    total = found["total"]
    right = {f["label"]: tuple(str(total[f["name"]][part]) for part in ("counted", "total")) for f in found["figures"]}
    assert {row["指标"]: (row["分子"], row["分母"]) for row in rows if row["分组"] == "合计"} == right
    assert right["回访率"] == ("3", "3") and right["解决率"] == ("3", "3")
    assert {(row["统计自"], row["统计至（不含）"]) for row in rows} == {(begin.isoformat(), end.isoformat())}
    assert f"统计期间：{begin}至{end}（不含）" in exports.told("statistics", "again.csv").stdout
    page = Browser(app, "supervisor").get("/exports/statistics/csv").get_data().decode("utf-8-sig")
    assert list(csv.DictReader(page.splitlines())) == rows
    assert all(row["分母"] == "0" for row in exports("statistics", "from=2001-01-01&to=2001-02-01"))


def test_a_sheet_keeps_the_types(lives: Builder, app_context: AppContext, exports: Exports) -> None:
    with app_context.transaction() as ctx:
        ctx.session.execute(update(Ticket).where(Ticket.state == "closed").values(title="＝cmd|' /C calc'!A0"))
    sheet = exports.sheets("tickets").active
    heading = {cell.value: at for at, cell in enumerate(sheet[1])}
    stored = {}
    with app_context.snapshot() as ctx:
        stored = {row.number: row for row in ctx.session.scalars(select(Ticket))}
    rows = list(sheet.iter_rows(min_row=2))
    assert {row[heading["编号"]].value for row in rows} == set(stored)
    for row in rows:
        ticket = stored[row[heading["编号"]].value]
        received, due, title = (row[heading[name]] for name in ("收到", "到期", "标题"))
        assert received.is_date and received.number_format == "yyyy-mm-dd hh:mm"
        assert received.value == local(ticket.received_at).replace(tzinfo=None, microsecond=0)
        assert due.value == (local(ticket.due_at).replace(tzinfo=None, microsecond=0) if ticket.due_at else None)
        assert isinstance(row[heading["轮次"]].value, int) and row[heading["编号"]].data_type == "s"
        assert (title.value, title.data_type) == (ticket.title, "s")
        assert title.quotePrefix is (ticket.title[0] == "＝")
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["F"].width
    figures_sheet = exports.sheets("statistics").active
    names = {cell.value: at for at, cell in enumerate(figures_sheet[1])}
    for row in figures_sheet.iter_rows(min_row=2):
        assert isinstance(row[names["分子"]].value, int) and row[names["统计自"]].is_date
        rate = row[names["比率"]]
        assert rate.value is None or (isinstance(rate.value, int | float) and rate.number_format == "0.0%")
    late = exports.sheets("overdue").active
    assert all(
        isinstance(row[6].value, int) and isinstance(row[5].value, datetime) for row in late.iter_rows(min_row=2)
    )


def test_ten_thousand_and_a_hundred_rows_are_ten_thousand_and_a_hundred(
    app: Flask, app_context: AppContext, exports: Exports
) -> None:
    with app_context.transaction() as ctx:
        assert list(fill.closed_tickets(ctx.session, 1, 10_100, ctx.now))[-1] == 10_100
    assert len({row["编号"] for row in exports("tickets", "state=closed")}) == 10_100
    answer = Browser(app, "supervisor").get("/exports/tickets/csv?sort=-received&limit=7")
    assert answer.content_length == len(answer.get_data())
    assert len(answer.get_data().decode("utf-8-sig").splitlines()) == 10_101


def test_what_a_page_cannot_hold_it_says(app: Flask, build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        build.ticket("accepted", clock.now())
    monkeypatch.setattr("hotline.pages.exports.MOST", 2)
    for kind in ("csv", "xlsx"):
        answer = Browser(app, "supervisor").get(f"/exports/tickets/{kind}")
        assert answer.status_code == 409 and "超过2行" in answer.text and "hotline export" in answer.text
    monkeypatch.setattr("hotline.pages.exports.MOST", 3)
    assert Browser(app, "supervisor").get("/exports/tickets/csv").status_code == 200


def test_a_full_sheet_is_followed_by_another(build: Builder, exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [build.ticket("accepted", clock.now()) for _ in range(5)]
    monkeypatch.setattr("hotline.transfer.tables.workbook_writer.MOST_ROWS", 3)
    book = exports.sheets("tickets")
    assert book.sheetnames == ["工单", "工单2", "工单3"]
    assert all(sheet["A1"].value == "编号" for sheet in book)
    assert sorted(row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)) == sorted(numbers)


@pytest.mark.parametrize(
    ("what", "query", "says"),
    [
        ("tickets", "stat=closed", "没有筛选条件“stat”，可用的有category、"),
        ("tickets", "State=closed", "没有筛选条件“State”"),
        ("tickets", "state=closd", "筛选条件“state”不是可选的值"),
        ("tickets", "state=closed&state=handling", "筛选条件“state”写了不止一次"),
        ("tickets", "closed", "“closed”不是筛选条件"),
        ("tickets", "state=closed&", "不是筛选条件"),
        ("tickets", "state=closed&unit=nowhere", "没有代码为“nowhere”的单位"),
        ("tickets", "category=nothing", "没有代码为“nothing”的事项类别"),
        ("tickets", "limit=5", "没有筛选条件“limit”"),
        ("tickets", "cursor=abc", "没有筛选条件“cursor”"),
        ("tickets", "limit=", "没有筛选条件“limit”"),
        ("tickets", "mine=true", "命令行没有登录的人"),
        ("tickets", "overdue=perhaps", "筛选条件“overdue”应为是或否"),
        ("tickets", "step=9", "筛选条件“step”应为-1至4"),
        ("tickets", "received_from=2026-13-01", "筛选条件“received_from”"),
        ("tickets", "sort=number", "筛选条件“sort”只能是"),
        ("tickets", "q=%ff%fe", "不是筛选条件"),
        ("overdue", "state=closed", "没有筛选条件“state”"),
        ("overdue", "when=never", "筛选条件“when”"),
        ("overdue", "unit=Centre", "没有代码为“Centre”的单位"),
        ("statistics", "figure=satisfaction", "没有筛选条件“figure”"),
        ("statistics", "from=2026-02-01&to=2026-01-01", "截止日期应晚于起始日期"),
        ("statistics", "by=week", "筛选条件“by”只能是"),
        ("statistics", "unit=nowhere", "没有代码为“nowhere”的单位"),
    ],
)
def test_a_filter_that_the_file_would_not_keep_to_is_refused(
    exports: Exports, what: str, query: str, says: str
) -> None:
    exports.refused(what, query, says)


def test_a_file_that_cannot_be_written_whole_leaves_what_was_there(
    build: Builder, exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        build.ticket("accepted", clock.now())
    (exports.folder / "x.csv").write_text("从前的")
    (exports.folder / "x.csv.part").write_text("别人的")

    def fails(*given: Any) -> Any:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("hotline.transfer.tables.table_writer._text", fails)
    told = exports.told("tickets", "x.csv")
    assert told.returncode == 1 and "不能写入" in told.stderr and "已导出" not in told.stdout
    monkeypatch.undo()
    exports.refused("tickets", "unit=nowhere", "没有代码")
    assert {path.name: path.read_text() for path in exports.folder.iterdir()} == {
        "x.csv": "从前的",
        "x.csv.part": "别人的",
    }
    assert exports.told("tickets", "x.csv").returncode == 0
    assert (exports.folder / "x.csv").read_text(encoding="utf-8-sig").startswith("编号")


def test_a_list_that_changes_meanwhile_is_written_as_it_was(
    build: Builder, app_context: AppContext, exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The due of the last moves to the front while the file is written: it is in it once."""
    numbers = [build.ticket("accepted", clock.now() + timedelta(minutes=n)) for n in range(6)]
    moved = False

    def read(ctx: Any, filters: Filters, page: Page) -> dict[str, Any]:
        nonlocal moved
        found = ticket_page(ctx, filters, Page(page.cursor, 2))
        if not moved:
            moved = True
            with app_context.transaction() as other:
                early = datetime(2026, 1, 5, tzinfo=ZONE)
                other.session.execute(update(Ticket).where(Ticket.number == numbers[-1]).values(due_at=early))
        return found

    monkeypatch.setattr("hotline.transfer.export_lists.ticket_page", read)
    assert sorted(row["编号"] for row in exports("tickets")) == sorted(numbers)


def test_a_page_s_file_is_a_unit_s_own_and_its_sheet_is_read_back(app: Flask, build: Builder) -> None:
    mine = build.ticket("closed", clock.now())
    other = build.ticket("dispatched", clock.now(), unit="tax")
    answer = Browser(app, "handler").get("/exports/tickets/xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.get_data())).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [mine] != [other]
    assert Browser(app, "handler").get("/exports/tickets/xlsx?unit=nowhere").status_code == 422


def test_the_whole_base_is_replaced_only_when_it_is_whole(exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    file = exports.folder / "all.xlsx"
    file.write_bytes(b"of before")

    def fails(*given: Any) -> Any:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("hotline.transfer.export_articles._row", fails)
    told = hotline("knowledge", "export", str(file), **exports.known)  # type: ignore[arg-type]
    assert told.returncode == 1 and "不能写入" in told.stderr and len(told.stderr.strip().splitlines()) == 1
    assert [path.read_bytes() for path in exports.folder.iterdir()] == [b"of before"]
    monkeypatch.undo()
    assert hotline("knowledge", "export", str(file), **exports.known).returncode == 0  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(file).active
    dates = [cell for cell in next(sheet.iter_rows(min_row=2)) if cell.is_date]
    assert dates and all(cell.number_format == "yyyy-mm-dd" for cell in dates)
