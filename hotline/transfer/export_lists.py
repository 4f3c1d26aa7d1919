"""The lists as files, CSV or XLSX: what somebody sees on the page, row by row. No enterprise and no person stands in one."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import IO, Any

from hotline.context import Context
from hotline.queries.dashboards import desk
from hotline.queries.deadlines.overdue import overdue_page
from hotline.queries.paging import LONGEST, Page
from hotline.queries.ratings.figures import figures
from hotline.queries.tickets.tickets import ticket_page
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.masking import mask_in_text
from hotline.schemas.base import load
from hotline.schemas.queries import FiguresQuery, OverdueQuery, TicketsQuery
from hotline.schemas.spreadsheet import guarded, write_xlsx

MOST = 10_000
"""So many rows at most: what is more is asked for by months."""
Rows = Iterator[Sequence[str]]


def _pages(read: Callable[[Page], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    cursor, left = None, MOST
    while left:
        page = read(Page(cursor, LONGEST))
        yield from page["items"][:left]
        left -= len(page["items"][:left])
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _tickets(ctx: Context, actor: Actor, query: dict[str, str]) -> Rows:
    filters = load(TicketsQuery(), query)["filters"]
    names = {category["code"]: category["name"] for category in desk.categories(ctx.session)}
    yield ("编号", "标题", "类型", "事项", "状态", "轮次", "承办单位", "收到", "最近时限", "到期", "已超期", "预警")
    for row in _pages(lambda page: ticket_page(ctx.by(actor), filters, page)):
        yield (
            row["number"], mask_in_text(row["title"]), row["type_label"] or "", names.get(row["category"], ""),
            row["state_label"],
            str(row["round"]), row["lead_unit"] or "", row["received_at"], row["due_kind_label"] or "", row["due_at"] or "",
            "是" if row["overdue"] else "否", row["step_label"] or "",
        )  # fmt: skip


def _overdue(ctx: Context, actor: Actor, query: dict[str, str]) -> Rows:
    filters = load(OverdueQuery(), query)["filters"]
    yield ("工单", "标题", "时限", "单位", "轮次", "到期", "已超工作日", "预警")
    for row in _pages(lambda page: overdue_page(ctx.by(actor), filters, page)):
        yield (
            row["number"], mask_in_text(row["title"]), row["kind_label"], row["unit"] or "热线中心", str(row["round"]),
            row["due_at"], "暂定" if row["provisional"] else str(row["late_days"]), row["step_label"] or "",
        )  # fmt: skip


def _statistics(ctx: Context, actor: Actor, query: dict[str, str]) -> Rows:
    today = local(ctx.now).date()
    month = {"from": today.replace(day=1).isoformat(), "to": (today + timedelta(days=1)).isoformat()}
    asked = load(FiguresQuery(), {**month, **query})
    found = figures(ctx.by(actor), begin=asked.pop("from_"), end=asked.pop("to"), **asked)
    yield ("分组", "指标", "分子", "分母", "比率", "口径")
    groups = [{"group": "合计", **found["total"]}, *found["groups"]]
    for group in groups:
        for figure in found["figures"]:
            cell = group[figure["name"]]
            rate = "" if cell["rate"] is None else f"{cell['rate']:.4f}"
            yield (group["group"], figure["label"], str(cell["counted"]), str(cell["total"]), rate, figure["says"])


LISTS: dict[str, tuple[str, Callable[[Context, Actor, dict[str, str]], Rows]]] = {
    "tickets": ("工单", _tickets),
    "overdue": ("时限", _overdue),
    "statistics": ("统计", _statistics),
}


def write_list(ctx: Context, actor: Actor, what: str, query: dict[str, str], file: IO[bytes], *, kind: str) -> None:
    """Writes the list as `csv` or `xlsx`; refuses `InvalidInput` for what the page would refuse as well."""
    title, rows_of = LISTS[what]
    rows = rows_of(ctx, actor, query)
    header = next(rows)
    if kind == "xlsx":
        write_xlsx(file, title, header, rows)
        return
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    text.detach()
