"""`import-policies` registers what is new once and names what is wrong; `doctor` says how long messages have waited."""

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.intake.attachments import Upload, attach
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.policies import Policy
from hotline.models.messages.notices import Delivery, Notice
from hotline.models.tickets.tickets import Ticket
from hotline.queries.dashboards import health
from hotline.rules.knowledge.freshness import TaskKind
from tests.commands.command import hotline
from tests.support.build import Builder
from tests.support.cast import Cast

HEADER = ["title", "published_on", "owner_unit", "document_number"]
ROWS = (
    ["企业冬季用热补贴办法", date(2026, 11, 20), "market-supervision", "襄政办发〔2026〕12号"],
    ["没有这个单位", date(2026, 11, 20), "nowhere", None],
    ["没有日期", None, "tax", None],
    ["首贷贴息办法", "2026-11-23", "local-finance", "襄金发〔2026〕3号"],
)


def test_policies_come_in_once_and_what_is_wrong_is_named(
    app_context: AppContext, database_url: str, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    file = tmp_path / "policies.xlsx"
    book.save(file)
    dry = hotline("import-policies", str(file), "--dry-run", url=database_url, data=tmp_path)
    assert "共4行：新增2，已有0，有误2（仅检查，未写入）" in dry.stdout, dry.stderr
    told = hotline("import-policies", str(file), url=database_url, data=tmp_path)
    assert told.returncode == 1 and "共4行：新增2，已有0，有误2" in told.stdout
    bad = [line for line in told.stderr.splitlines() if line.startswith("第")]
    assert [line.split("：")[0] for line in bad] == ["第3行", "第4行"]
    assert "nowhere" in bad[0]
    again = hotline("import-policies", str(file), url=database_url, data=tmp_path)
    assert "新增0，已有2，有误2" in again.stdout
    with app_context.snapshot() as ctx:
        policies = ctx.session.scalars(select(Policy).order_by(Policy.id)).all()
        tasks = ctx.session.scalars(select(ArticleTask).where(ArticleTask.kind == TaskKind.POLICY)).all()
    assert [(row.title, row.published_on) for row in policies] == [
        ("企业冬季用热补贴办法", date(2026, 11, 20)),
        ("首贷贴息办法", date(2026, 11, 23)),
    ]
    assert {task.policy_id for task in tasks} == {row.id for row in policies}


def test_the_doctor_says_how_long_messages_have_waited(
    app_context: AppContext, database_url: str, tmp_path: Path, cast: Cast, build: Builder
) -> None:
    number = build.ticket("accepted", clock.now() - timedelta(minutes=5))

    def said() -> str:
        return hotline("doctor", url=database_url, data=tmp_path).stdout

    def wait(minutes: int) -> None:
        with app_context.transaction() as ctx:
            at = clock.now() - timedelta(minutes=minutes)
            ticket_id = ctx.session.scalar(select(Ticket.id).where(Ticket.number == number))
            notice = Notice(staff_id=cast.leader.staff_id, ticket_id=ticket_id, kind="escalated", data={})
            notice.event, notice.at, notice.not_before = f"waited:{minutes}", at, at
            ctx.session.add(notice)
            ctx.session.flush()
            ctx.session.add(Delivery(notice_id=notice.id, channel="sms", state="waiting", next_at=at))

    assert "正常  没有待发的消息" in said()
    # What may leave only later does not wait yet.
    wait(-600)
    assert "正常  没有待发的消息" in said()
    wait(30)
    assert "正常  待发的消息1条，最早的已等3" in said()
    wait(90)
    assert "异常  待发的消息2条，最早的已等9" in said()


def test_the_doctor_of_a_host_without_the_shared_folder_says_so(
    app_context: AppContext, database_url: str, tmp_path: Path, cast: Cast, build: Builder
) -> None:
    def said(data: Path) -> str:
        return hotline("doctor", url=database_url, data=data).stdout

    number = build.ticket("handling", clock.now() - timedelta(minutes=5))
    assert "正常  还没有附件" in said(tmp_path)
    with app_context.transaction() as ctx:
        known = {"store": app_context.store, "scanner": None}
        attach(ctx.by(cast.handler), number, Upload("说明.txt", b"x"), **known)  # type: ignore[arg-type]
    assert "正常  最近的附件在本机可以读取" in said(app_context.settings.data)
    assert "异常  最近的附件在本机读不到" in said(tmp_path / "other")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_doctor_compares_the_clock_with_that_of_the_database(app_context: AppContext) -> None:
    for apart, well in ((0, True), (5, False)):
        with app_context.snapshot() as ctx:
            assert health.host_clock(ctx.at(clock.now() - timedelta(seconds=apart))).well is well
