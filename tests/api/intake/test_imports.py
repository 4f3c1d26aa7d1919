"""Imports over HTTP: a draft is shown and explained before a row goes in, the job takes it in, and the rest comes back."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.intake import import_progress, imports
from hotline.casework.intake.imports import ImportFile
from hotline.casework.tickets import timeline
from hotline.jobs import cleanup
from hotline.jobs import imports as job
from hotline.jobs.run import Run
from hotline.models.intake.imports import Import, ImportBadRow
from hotline.models.tickets.tickets import Ticket
from hotline.rules.handling.upload import LARGEST
from hotline.transfer import run_import, stored_imports
from hotline.transfer.run_import import run_import as run_claimed
from tests.support.calls import Calls

HEADER = (
    "工单编号",
    "来电时间",
    "诉求标题",
    "诉求内容",
    "企业名称",
    "统一社会信用代码",
    "联系人",
    "联系电话",
    "承办单位",
    "办结时间",
)
HEADER += ("答复内容", "满意度")
ROW = (
    "2024010200001",
    "2024/1/2 9:05",
    "窗口不受理",
    "材料齐全",
    "襄阳甲乙机械有限公司",
    "",
    "王小明",
    "13812345678",
    "税务局",
)
ROW += ("2024年1月4日", "已办", "满意")


def rows_of(count: int, **changes: str) -> list[tuple[str, ...]]:
    changed = {HEADER.index(name): value for name, value in changes.items()}
    plain = tuple(changed.get(n, cell) for n, cell in enumerate(ROW))
    return [(f"20240102{n:05}", *plain[1:]) for n in range(1, count + 1)]


def file_of(rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER, encoding: str = "gb18030") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def upload(call: Calls, content: bytes, name: str = "导出.csv", who: str = "supervisor") -> Any:
    headers = {"Authorization": f"Bearer {call.cast.tokens[who]}"}
    return call.client.post("/api/v1/imports", data={"file": (BytesIO(content), name)}, headers=headers)


def draft(call: Calls, content: bytes) -> Any:
    answer = upload(call, content)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()


def go(app_context: AppContext) -> int:
    return job.run(Run(app_context, clock.now()))


def tickets(app_context: AppContext) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_a_typical_export_goes_in_and_the_rest_comes_back(call: Calls, app_context: AppContext) -> None:
    good, bad = rows_of(4), ("20240102000009", "昨天", *ROW[2:])
    found = draft(call, file_of([*good[:2], bad, *good[2:]]))
    assert (found["state"], found["preview"]["ready"], found["preview"]["total"]) == ("draft", True, 5)
    assert found["preview"]["rows"][0]["诉求标题"] == "窗口不受理" and tickets(app_context) == 0
    assert call.ok("supervisor", "POST", f"/imports/{found['id']}/actions/start")["state"] == "waiting"
    assert go(app_context) == 5
    done = call.ok("supervisor", "GET", f"/imports/{found['id']}")
    assert done["state"] == "done" and done["rows"] | {"last_line": 0} == {
        "total": 5, "read": 5, "added": 4, "present": 0, "bad": 1, "last_line": 0,
    }  # fmt: skip
    assert [row["line"] for row in done["bad_rows"]] == [4] and "来电时间" in done["bad_rows"][0]["sentence"]
    assert tickets(app_context) == 4
    with app_context.snapshot() as ctx:
        assert all(broken is None for _, broken in timeline.verify(ctx.session))


def test_the_file_of_bad_rows_is_mended_and_given_again(call: Calls, app_context: AppContext) -> None:
    hostile = ("=1+1", "昨天", "+86标题", "@内容", "-企业", *ROW[5:])
    found = draft(call, file_of([*rows_of(1), hostile]))
    call.ok("supervisor", "POST", f"/imports/{found['id']}/actions/start")
    go(app_context)
    answer = call("supervisor", "GET", f"/imports/{found['id']}/bad-rows.xlsx")
    book = load_workbook(BytesIO(answer.data))
    (heading, row) = list(book.worksheets[0].iter_rows(values_only=True))
    assert heading[:12] == HEADER and heading[12:] == ("原文件行号", "未导入原因")
    assert row[:5] == hostile[:5] and row[12] == "3" and "来电时间" in str(row[13])
    sheet = book.worksheets[0]
    assert sheet["A2"].data_type == "s"
    sheet["A2"], sheet["B2"] = "A2", "2024-01-03 10:00"
    mended = BytesIO()
    book.save(mended)
    again = draft(call, mended.getvalue())
    assert again["preview"]["ready"], again["preview"]["faults"]
    call.ok("supervisor", "POST", f"/imports/{again['id']}/actions/start")
    go(app_context)
    assert call.ok("supervisor", "GET", f"/imports/{again['id']}")["rows"]["added"] == 1
    with app_context.snapshot() as ctx:
        assert set(ctx.session.scalars(select(Ticket.title))) == {"窗口不受理", "+86标题"}


def test_what_is_not_understood_keeps_the_file_out_until_it_is_said(call: Calls, app_context: AppContext) -> None:
    header, rows = (*HEADER, "坐席心情"), [(*row[:-1], "5", "好") for row in rows_of(3)]
    found = draft(call, file_of(rows, header))
    one = f"/imports/{found['id']}"
    assert not found["preview"]["ready"] and found["preview"]["unknown"] == ["坐席心情"]
    refused = call.refused("supervisor", "POST", f"{one}/actions/start", 409)
    assert "坐席心情" in refused["detail"]
    said = {"columns": {"坐席心情": None}}
    asked = call.ok("supervisor", "POST", f"{one}/actions/choose", said)["preview"]
    assert not asked["ready"] and asked["satisfaction"] == {"5": 3}
    call.refused("supervisor", "POST", f"{one}/actions/choose", 422, {"columns": {"坐席心情": "nothing"}})
    said |= {"satisfaction": {"5": "very_satisfied"}}
    known = call.ok("supervisor", "POST", f"{one}/actions/choose", said)["preview"]
    assert known["ready"], known["faults"]
    call.ok("supervisor", "POST", f"{one}/actions/start")
    call.refused("supervisor", "POST", f"{one}/actions/choose", 409, said)
    call.refused("supervisor", "POST", f"{one}/actions/start", 409)
    go(app_context)
    assert call.ok("supervisor", "GET", one)["rows"]["added"] == 3


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "文件是空的"),
        (b"\0" * (LARGEST + 1), 422, "不能超过20MB"),
        (b"PK\x03\x04 cut", 422, "文件不能读取"),
        (file_of(rows_of(3))[:-4] + b"\xff\xff\xff", 422, "文件不能读取"),
        ('工单编号,来电时间,诉求标题,诉求内容\n1,2024-01-01,标题,"未完\n'.encode(), 422, "文件不能读取"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing(
    call: Calls, app_context: AppContext, content: bytes, status: int, said: str
) -> None:
    answer = upload(call, content)
    assert answer.status_code == status and said in answer.get_data(as_text=True)
    assert "/imports/" not in answer.get_data(as_text=True)
    assert call.ok("supervisor", "GET", "/imports")["items"] == []


@pytest.mark.parametrize("who", ["operator", "dispatcher", "inspector", "leader", "administrator", "outsourced"])
def test_nobody_but_a_supervisor_imports(call: Calls, who: str) -> None:
    assert upload(call, file_of(rows_of(1)), who=who).status_code == 403
    call.refused(who, "GET", "/imports", 403)


def started(app_context: AppContext, call: Calls, content: bytes) -> int:
    with app_context.transaction(actor=call.cast.supervisor) as ctx:
        row = stored_imports.upload(ctx, ImportFile("导出.csv", content), app_context.import_files)
        imports.start(ctx, row.id)
        return row.id


class Died(Exception):
    """A process that ends in the middle of an import."""


def dying_after(batches: int, take: Callable[..., None]) -> Callable[..., None]:
    left = [batches]

    def taken(*given: Any) -> None:
        if not left[0]:
            raise Died
        left[0] -= 1
        take(*given)

    return taken


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_what_a_dead_process_has_left_is_taken_up_once(
    call: Calls, app_context: AppContext, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    rows = rows_of(8)
    rows[5] = ("坏", "昨天", *ROW[2:])
    import_id = started(app_context, call, file_of(rows))
    monkeypatch.setattr(run_import, "BATCH", 3)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(run_import, "_take", dying_after(batches, run_import._take))
        patch.setattr(run_import, "_finish", dying_after(0, run_import._finish))
        go(app_context)
    assert go(app_context) == 0, "its claim holds"
    assert tickets(app_context) == [0, 3, 5, 7][batches]
    with app_context.transaction() as ctx:
        ctx.session.execute(update(Import).values(claimed_until=clock.now() - timedelta(seconds=1)))
    assert go(app_context) == 8 - [0, 3, 6, 8][batches]
    found = call.ok("supervisor", "GET", f"/imports/{import_id}")
    assert (found["state"], found["rows"]["added"], found["rows"]["present"], found["rows"]["bad"]) == ("done", 7, 0, 1)
    assert [row["line"] for row in found["bad_rows"]] == [7] and tickets(app_context) == 7


def test_two_processes_that_both_hold_an_import_double_nothing(
    call: Calls, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = started(app_context, call, file_of(rows_of(6)))
    monkeypatch.setattr(run_import, "BATCH", 2)
    with app_context.transaction() as ctx:
        first = import_progress.claim(ctx, app_context.import_files)
        assert import_progress.claim(ctx, app_context.import_files) is None
    assert first is not None
    assert run_claimed(app_context, first) == 6
    assert run_claimed(app_context, first) == 0
    found = call.ok("supervisor", "GET", f"/imports/{import_id}")
    assert (found["state"], found["rows"]["read"], found["rows"]["added"]) == ("done", 6, 6)


def test_a_cancelled_import_stops_and_says_how_far_it_came(
    call: Calls, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = started(app_context, call, file_of(rows_of(6)))
    monkeypatch.setattr(run_import, "BATCH", 2)
    take = run_import._take

    def cancelled_behind(*given: Any) -> None:
        take(*given)
        call.ok("supervisor", "POST", f"/imports/{import_id}/actions/cancel")

    monkeypatch.setattr(run_import, "_take", cancelled_behind)
    go(app_context)
    found = call.ok("supervisor", "GET", f"/imports/{import_id}")
    assert (found["state"], found["rows"]["read"], found["rows"]["last_line"]) == ("cancelled", 2, 3)
    assert tickets(app_context) == 2
    call.refused("supervisor", "POST", f"/imports/{import_id}/actions/cancel", 409)


def test_a_file_that_is_gone_fails_with_a_sentence(call: Calls, app_context: AppContext) -> None:
    import_id = started(app_context, call, file_of(rows_of(2)))
    with app_context.snapshot() as ctx:
        app_context.import_files.drop(ctx.session.scalars(select(Import.content_hash)).one() or "")
    assert go(app_context) == 0
    assert call.ok("supervisor", "GET", f"/imports/{import_id}")["state"] == "waiting", "another machine may have it"
    with app_context.transaction() as ctx:
        ctx.session.execute(update(Import).values(claimed_until=clock.now() - import_progress.PATIENCE))
    go(app_context)
    found = call.ok("supervisor", "GET", f"/imports/{import_id}")
    assert (
        found["state"] == "failed"
        and "重新上传" in found["fault"]
        and str(app_context.settings.data) not in found["fault"]
    )


def test_cells_of_bad_rows_lie_sealed(call: Calls, app_context: AppContext) -> None:
    started(app_context, call, file_of([("A1", "昨天", *ROW[2:])]))
    go(app_context)
    with app_context.snapshot() as ctx:
        row = ctx.session.scalars(select(ImportBadRow)).one()
        assert "王小明" not in row.sentence and "王小明".encode() not in (row.sealed_cells or b"")


def test_files_and_cells_go_when_nothing_needs_them(call: Calls, app_context: AppContext) -> None:
    ended = started(app_context, call, file_of([*rows_of(1), ("A1", "昨天", *ROW[2:])]))
    go(app_context)
    forgotten = draft(call, file_of(rows_of(2)))["id"]
    now = clock.now()
    # A clean-up of today leaves the draft, its file and the cells; in three months all are gone.
    for days, state, cells in ((0, "draft", True), (100, "cancelled", False)):
        cleanup.run(Run(app_context, now + timedelta(days=days)))
        assert call.ok("supervisor", "GET", f"/imports/{forgotten}")["state"] == state
        with app_context.snapshot() as ctx:
            row = ctx.session.scalars(select(ImportBadRow)).one()
            assert (row.sealed_cells is not None) is cells and row.sentence
            assert ctx.session.get_one(Import, ended).content_hash is None
    assert not [path for path in app_context.import_files.folder.rglob("*") if path.is_file()]
    book = load_workbook(BytesIO(call("supervisor", "GET", f"/imports/{ended}/bad-rows.xlsx").data))
    assert [cell.value for cell in book.worksheets[0][2]][-2] == "3"
    assert str(book.worksheets[0][2][-1].value).startswith("“来电时间”列不是时间：昨天")
