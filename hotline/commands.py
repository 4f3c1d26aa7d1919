"""The command line: `hotline ...`. Thin: each command opens the office, calls what it names, and prints what came of it."""

import getpass
import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from hotline import clock, demonstration, doctor, serving
from hotline.casework import calendar as calendar_deeds
from hotline.casework import sources, staffing, timeline
from hotline.casework.loading import BadSource
from hotline.import_file import import_file
from hotline.jobs import scheduler as scheduling
from hotline.office import Office
from hotline.reading import due, health
from hotline.records import migrate
from hotline.records.latest import latest_instant
from hotline.records.staff import Staff
from hotline.rules.refusals import Refusal
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Role
from hotline.rules.working_calendar import ZONE
from hotline.settings import BadSettings, Settings, resource, rulebook_from

out = Console(highlight=False, soft_wrap=True)


class Instant(click.ParamType[datetime]):
    """`2026-09-30 17:00` in Asia/Shanghai, or RFC 3339."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是时间，例如 2026-09-30 17:00", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=ZONE)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hotline")
def hotline() -> None:
    """12345企业服务热线。"""


def main() -> None:
    """The entry point: whatever is refused is one clear line and a non-zero exit."""
    try:
        hotline.main(standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit("已中断。")
    except Refusal as refusal:
        sys.exit(refusal.sentence())
    except (BadSettings, BadSource, demonstration.NotPossible) as error:
        sys.exit(str(error))


def _office() -> Office:
    return Office(Settings.from_environment())


def _rulebook() -> Rulebook:
    """With the imported years where a database is set up, otherwise as `config/` and the package state them."""
    if not os.environ.get("HOTLINE_SECRET_KEY"):
        return rulebook_from(Path(os.environ.get("HOTLINE_CONFIG") or resource("config")))
    with _office().reading() as work:
        return work.rulebook


@hotline.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("var/demo"), help="数据目录")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="网站端口")
@click.option("--no-serve", is_flag=True, help="只准备数据，不启动网站")
@click.option("--reset", is_flag=True, help="先清空演示数据")
def demo(data: Path, port: int, no_serve: bool, reset: bool) -> None:
    """准备演示数据并启动网站和调度。"""
    demonstration.prepare(data, reset=reset, out=out)
    if not no_serve:
        demonstration.serve(data, port, out=out)


@hotline.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="地址:端口")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="进程数（默认等于处理器数）")
def serve(bind: str, workers: int | None) -> None:
    """启动网站（正式运行）。"""
    Settings.from_environment()
    serving.serve(bind, workers)


@hotline.command()
@click.option("--once", is_flag=True, help="各任务依次运行一次后退出")
@click.option("--at", type=Instant(), help="假定现在是这一时刻（只能与 --once 同用）")
def scheduler(once: bool, at: datetime | None) -> None:
    """运行调度：预警升级、归档、清理。"""
    if at is not None and not once:
        raise click.UsageError("--at 只能与 --once 同用")
    office = _office()
    if not once:
        scheduling.run_forever(office)
        return
    if at is not None:
        _refuse_going_back(office, at)
    for name, count in scheduling.run_once(office, at or clock.now()).items():
        out.print(f"{name}: {count}")


def _refuse_going_back(office: Office, at: datetime) -> None:
    with office.reading() as work:
        last = latest_instant(work.session)
    if last is not None and last > at:
        raise click.UsageError(f"数据中已有更晚的记录（{last.astimezone(ZONE):%Y-%m-%d %H:%M:%S}），不能假定更早的时刻")


@hotline.group()
def db() -> None:
    """数据库迁移。"""


@db.command("upgrade")
@click.argument("revision", default="head")
def db_upgrade(revision: str) -> None:
    """升级到指定版本（默认最新）。"""
    migrate.upgrade(Settings.from_environment().database_url, revision)
    out.print("已升级。")


@db.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """退回到指定版本。"""
    migrate.downgrade(Settings.from_environment().database_url, revision)
    out.print("已退回。")


@db.command("current")
def db_current() -> None:
    """数据库现在的版本。"""
    out.print(migrate.current(_office().database) or "（空）")


@db.command("check")
def db_check() -> None:
    """数据库是否为最新版本。"""
    now, head = migrate.current(_office().database), migrate.head()
    out.print(f"现为 {now or '（空）'}，最新 {head}")
    if now != head:
        sys.exit("请运行 hotline db upgrade。")


@hotline.command()
@click.option("--check", is_flag=True, help="只检查，不写入")
def load(check: bool) -> None:
    """装入单位、事项类别和知识库。"""
    office = _office()
    try:
        with office.deed() as work:
            config = office.settings.config
            reports = sources.load_all(work.session, config, resource("knowledge_base"), now=work.now)
            for name, report in reports.items():
                out.print(f"{name}: 新增{report['added']} 变更{report['changed']} 未变{report['left']}")
            if check:
                raise _OnlyChecked
    except _OnlyChecked:
        out.print("仅检查，未写入。")


class _OnlyChecked(Exception):
    """Undoes what a check has tried."""


@hotline.group()
def staff() -> None:
    """账号。"""


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("密码：")
    return sys.stdin.readline().rstrip("\n")


@staff.command("add")
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--unit", required=True, help="单位代码")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([str(role) for role in Role]))
def staff_add(username: str, name: str, unit: str, roles: tuple[str, ...]) -> None:
    """新增账号；密码从提示或标准输入读取。"""
    given = staffing.NewStaff(username, name, _password(), unit, tuple(Role(role) for role in roles))
    with _office().deed() as work:
        staffing.add(work.session, given)
    out.print(f"已新增 {username}。")


@staff.command("list")
def staff_list() -> None:
    """列出账号。"""
    with _office().reading() as work:
        for person in work.session.query(Staff).order_by(Staff.username):
            state = "（停用）" if person.disabled_at else ""
            roles = "、".join(role.role.label for role in person.roles)
            out.print(f"{person.username}\t{person.name}\t{person.unit.name}\t{roles}{state}")


@staff.command("disable")
@click.argument("username")
def staff_disable(username: str) -> None:
    """停用账号，并使其各处登录失效。"""
    with _office().deed() as work:
        staffing.disable(work.session, username, now=work.now)
    out.print(f"已停用 {username}。")


@staff.command("set-password")
@click.argument("username")
def staff_set_password(username: str) -> None:
    """重设密码；从提示或标准输入读取。"""
    password = _password()
    with _office().deed() as work:
        staffing.set_password(work.session, username, password, now=work.now)
    out.print("已重设。")


@hotline.command()
@click.argument("username")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="有效天数")
def token(username: str, days: int) -> None:
    """为账号生成接口令牌（只显示一次）。"""
    with _office().deed() as work:
        person = staffing.by_username(work.session, username)
        lasts = timedelta(days=days)
        secret = staffing.grant_token(work.session, person, now=work.now, label="command line", lasts=lasts)
    click.echo(secret)


@hotline.command()
@click.argument("start", type=Instant())
@click.option("--days", type=click.IntRange(1, 366), required=True, help="工作日数")
@click.option("--json", "as_json", is_flag=True, help="以JSON输出")
def deadline(start: datetime, days: int, as_json: bool) -> None:
    """到期时间，以及每一天计或不计的原因。"""
    found = due.deadline(_rulebook().calendar, start, days)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    out.print(f"起算 {start:%Y-%m-%d %H:%M}，{days}个工作日")
    for day in found["counted"]:
        out.print(f"  {day['on']}  {'计' if day['counts'] else '不计'}  {day['reason']}")
    sure = "（暂定：该年节假日安排尚未公布）" if found["provisional"] else ""
    out.print(f"到期 {found['due_at'][:16].replace('T', ' ')}{sure}")


@hotline.group()
def calendar() -> None:
    """工作日历。"""


@calendar.command("check")
def calendar_check() -> None:
    """已公布的年份和暂定的期限。"""
    with _office().reading() as work:
        years = sorted(work.rulebook.calendar.announced_years())
        out.print(f"已公布 {years[0]}—{years[-1]}年，版本 {work.rulebook.calendar.version}")
        out.print(health.calendar(work.session, work.rulebook, work.now).sentence)


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="只说明会变动多少个未了结的期限")
def calendar_import(file: Path, preview: bool) -> None:
    """导入一年的放假安排（holiday-cn 年度文件）。"""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise click.ClickException(f"{file} 不是JSON文件") from None
    office = _office()
    if preview:
        with office.reading() as work:
            moved = calendar_deeds.preview(work.session, document, base=office.rulebook)
    else:
        with office.deed() as work:
            moved = calendar_deeds.import_year(work.session, document, now=work.now, base=office.rulebook)
    out.print(f"{'将' if preview else '已'}变动期限{len(moved)}项。")


@hotline.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
def import_matters(file: Path, dry_run: bool) -> None:
    """导入历史或上级转来的诉求（CSV 或 XLSX）。"""
    office = _office()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("导入", total=_lines_of(file))
        outcome = import_file(office, file, dry_run=dry_run, progress=lambda rows: progress.advance(task, rows))
        progress.update(task, total=outcome.rows, completed=outcome.rows)
    for line, sentence in outcome.bad:
        click.echo(f"第{line}行：{sentence}", err=True)
    kept = "（仅检查，未写入）" if dry_run else ""
    out.print(f"共{outcome.rows}行：新增{outcome.added}，已有{outcome.present}，有误{len(outcome.bad)}{kept}")
    out.print(f"导入的已办结诉求{outcome.closed}件，其中办理超期{outcome.late}件")
    if outcome.bad:
        sys.exit(1)


def _lines_of(file: Path) -> int | None:
    """A first guess for the progress bar; quoted line breaks make it too high, and it is mended at the end."""
    if not file.is_file() or file.suffix.lower() != ".csv":
        return None
    with file.open("rb") as opened:
        return max(1, sum(1 for _ in opened) - 1)


@hotline.group("timeline")
def timeline_group() -> None:
    """工单记录。"""


@timeline_group.command("verify")
def timeline_verify() -> None:
    """核验每张工单记录的完整性。"""
    checked = 0
    with _office().reading() as work:
        for count, broken in timeline.verify(work.session):
            checked = count
            if broken is not None:
                sys.exit(f"工单 {broken.number} 第{broken.sequence}条：{broken.what}。")
    out.print(f"已核验{checked}张工单，记录完整。")


@hotline.command("doctor")
def doctor_command() -> None:
    """各部分是否正常，一行一项。"""
    well = True
    for line in doctor.examine(_office()):
        well = well and line.well
        out.print(f"{'正常' if line.well else '异常'}  {line.sentence}")
    if not well:
        sys.exit(1)
