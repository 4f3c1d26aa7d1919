"""`hotline import`: it names what it does not understand, takes nothing in before it is answered, and writes the template."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.tickets.tickets import Ticket
from tests.commands.command import Told, hotline

HEADINGS = (
    "工单编号,来电时间,诉求标题,诉求内容,企业名称,统一社会信用代码,联系人,联系电话,承办单位,办结时间,答复内容,满意度"
)
ROWS = (
    "GD0001,2026/1/5 9:05,厂房停电,已停电三天影响生产,襄阳测试机械有限公司,,王某,13800138001,市税务局,2026/1/7 16:00,已恢复,{0}",
    "GD0002,2026年1月6日 10:30,退税,没有结果,襄阳样例商贸有限公司,,李某,0710-3512345转8001,市市场监管局,2026-01-09,已退,{1}",
)


def count(app_context: AppContext) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Ticket)) or 0


class Import:
    """The command on one file, with other options each time."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    def file(self, headings: str = HEADINGS, words: tuple[str, str] = ("满意", "基本满意")) -> Path:
        path = self.folder / "old.csv"
        path.write_bytes("\r\n".join([headings, *(row.format(*words) for row in ROWS)]).encode("gbk"))
        return path

    def __call__(self, path: Path, *options: str) -> Told:
        return hotline("import", str(path), *options, url=self.url, data=self.folder)


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Import:
    return Import(database_url, tmp_path)


def test_an_old_systems_export_is_shown_and_goes_in(app_context: AppContext, run: Import) -> None:
    dry = run(run.file(), "--dry-run")
    assert dry.returncode == 0 and count(app_context) == 0
    for told in ("办结时间 → 办结时间（replied_at），按标题识别", "文件按GB18030编码读取", "办结时间 2026-01-09 17:30"):
        assert told in dry.stdout
    assert "办结时间只有日期，按当日下班时间导入：1行" in dry.stdout
    assert "新增2，已有0，有误0（仅检查，未写入）" in dry.stdout
    real = run(run.file())
    assert real.returncode == 0 and "新增2" in real.stdout and count(app_context) == 2


def test_nothing_goes_in_before_a_word_about_each_strange_column(app_context: AppContext, run: Import) -> None:
    strange = run.file(HEADINGS.replace("办结时间", "reply_at").replace("联系人", "客服工号"))
    for options in ((), ("--ignore-unknown",)):
        told = run(strange, *options)
        assert told.returncode == 1 and "是不是 replied_at" in told.stderr and "没有导入" in told.stderr
        assert ("“客服工号”" in told.stderr) == (not options)
    wrong = run(strange, "--column", "reply_at=replied")
    assert wrong.returncode == 1 and "可选" in wrong.stderr
    assert run(strange, "--column", "reply_at").returncode == 2
    misspelt = run(strange, "--ignore-unknown", "--column", "reply_at=replied_at", "--ignore-column", "备注")
    assert misspelt.returncode == 1 and "文件里没有“备注”列" in misspelt.stderr
    assert count(app_context) == 0
    told = run(strange, "--column", "reply_at=replied_at", "--ignore-column", "客服工号")
    assert told.returncode == 0 and count(app_context) == 2


def test_a_scale_is_asked_for(app_context: AppContext, run: Import) -> None:
    scale = run.file(words=("1", "5"))
    told = run(scale)
    assert told.returncode == 1 and "满意度“1”（1行）是哪一级" in told.stderr and count(app_context) == 0
    assert run(scale, "--satisfaction", "1=good").returncode == 1
    assert run(scale, "--satisfaction", "1=dissatisfied").returncode == 1
    assert count(app_context) == 0
    assert run(scale, "--satisfaction", "5=best").returncode == 0
    with app_context.snapshot() as ctx:
        outcomes = list(ctx.session.scalars(select(Ticket.outcome).order_by(Ticket.source_no)))
    assert [str(outcome) for outcome in outcomes] == ["unresolved", "solved"]


def test_the_template_is_written_once_and_imports(app_context: AppContext, run: Import, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert run(path, "--template").returncode == 0
    again = run(path, "--template")
    assert again.returncode == 1 and "已经存在" in again.stderr
    assert run(tmp_path / "template.doc", "--template").returncode == 1
    told = run(path)
    assert told.returncode == 0 and "填写说明" in told.stdout and count(app_context) == 1
