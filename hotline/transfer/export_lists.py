"""The lists as files, CSV or XLSX: all that somebody sees on the page, row by row. No enterprise and no person stands in one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import IO, Any

from hotline.context import Context
from hotline.models.database.session import read_one_moment
from hotline.queries.dashboards import desk
from hotline.queries.deadlines.overdue import overdue_page
from hotline.queries.paging import LONGEST, Page
from hotline.queries.ratings.figures import figures, this_month
from hotline.queries.tickets.tickets import ticket_page
from hotline.rules.masking import mask_in_text
from hotline.rules.refusals import ConditionUnmet
from hotline.schemas.queries import FiguresQuery, OverdueQuery, TicketsQuery
from hotline.transfer.export_filters import filters_asked
from hotline.transfer.tables.table_writer import Column, Row, Written, counted, write_csv, write_xlsx


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be written: the name of its sheet, its columns and rows, and a note beside it."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterator[Row]
    note: str = ""


def _pages(read: Callable[[Page], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every row of a list, page after page: one page is held at a time."""
    cursor: str | None = None
    while True:
        page = read(Page(cursor, LONGEST))
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


TICKETS = (
    *(
        Column("编号", 20),
        Column("标题", 44),
        Column("类型", 8),
        Column("事项", 18),
        Column("状态", 10),
        Column("轮次", 6),
    ),
    *(Column("承办单位", 22), Column("收到", 17), Column("最近时限", 10), Column("到期", 17), Column("已超期", 8)),
    Column("预警", 8),
)


def _tickets(ctx: Context, query: dict[str, str]) -> Listing:
    filters = filters_asked(ctx, TicketsQuery(), query)["filters"]
    names = {category["code"]: category["name"] for category in desk.categories(ctx.session)}
    found = _pages(lambda page: ticket_page(ctx, filters, page))
    return Listing("工单", TICKETS, (_ticket(row, names) for row in found))


def _ticket(row: dict[str, Any], names: dict[str, str]) -> Row:
    return (
        *(row["number"], mask_in_text(row["title"]), row["type_label"], names.get(row["category"]), row["state_label"]),
        *(row["round"], row["lead_unit"], _moment(row["received_at"]), row["due_kind_label"], _moment(row["due_at"])),
        *("是" if row["overdue"] else "否", row["step_label"]),
    )


OVERDUE = (
    *(Column("工单", 20), Column("标题", 44), Column("时限", 10), Column("单位", 22), Column("轮次", 6)),
    *(Column("到期", 17), Column("已超工作日", 11), Column("预警", 8)),
)


def _overdue(ctx: Context, query: dict[str, str]) -> Listing:
    filters = filters_asked(ctx, OverdueQuery(), query)["filters"]
    found = _pages(lambda page: overdue_page(ctx, filters, page))
    return Listing("时限", OVERDUE, (_clock(row) for row in found), f"范围：{filters.when.label}")


def _clock(row: dict[str, Any]) -> Row:
    return (
        *(row["number"], mask_in_text(row["title"]), row["kind_label"], row["unit"] or "热线中心", row["round"]),
        *(_moment(row["due_at"]), "暂定" if row["provisional"] else row["late_days"], row["step_label"]),
    )


STATISTICS = (
    *(Column("分组", 22), Column("指标", 16), Column("分子", 8), Column("分母", 8), Column("比率", 9, percent=True)),
    *(Column("口径", 44), Column("统计自", 12), Column("统计至（不含）", 15)),
)


def _statistics(ctx: Context, query: dict[str, str]) -> Listing:
    begin, end = this_month(ctx.now)
    month = {"from": begin.isoformat(), "to": end.isoformat()}
    asked = filters_asked(ctx, FiguresQuery(), query, month)
    begin, end = asked.pop("from_"), asked.pop("to")
    found = figures(ctx, begin=begin, end=end, **asked)
    rows = _figures(found, begin, end)
    return Listing("统计", STATISTICS, rows, f"统计期间：{begin}至{end}（不含）")


def _figures(found: dict[str, Any], begin: date, end: date) -> Iterator[Row]:
    for group in ({"group": "合计", **found["total"]}, *found["groups"]):
        for figure in found["figures"]:
            cell = group[figure["name"]]
            counts = (cell["counted"], cell["total"], cell["rate"])
            yield (group["group"], figure["label"], *counts, figure["says"], begin, end)


LISTS: dict[str, Callable[[Context, dict[str, str]], Listing]] = {
    "tickets": _tickets,
    "overdue": _overdue,
    "statistics": _statistics,
}


def write_list(
    ctx: Context, what: str, query: dict[str, str], file: IO[bytes], *, kind: str, most: int | None = None
) -> Written:
    """Writes the whole list as `csv` or `xlsx`, as it is at one moment.

    Refuses `InvalidInput` for a filter that the list does not have, and `ConditionUnmet` for more than `most` rows.
    """
    read_one_moment(ctx.session)
    listing = LISTS[what](ctx, query)
    rows = listing.rows if most is None else counted(listing.rows, most, _too_many(most))
    write = partial(write_xlsx, file, listing.title) if kind == "xlsx" else partial(write_csv, file)
    written = write(listing.columns, rows)
    written.notes[:0] = [listing.note] if listing.note else []
    return written


def _too_many(most: int) -> ConditionUnmet:
    return ConditionUnmet(
        f"这个列表超过{most}行，页面上一次导不完：请加上条件（例如收到日期）分几次导出，或请系统管理员用 hotline export 整个导出"
    )
