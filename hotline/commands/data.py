"""The database, what is loaded into it, the calendar, imports, deadlines and the check of the timelines."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar as calendar_deeds
from hotline.casework.deadlines.due_moves import open_clocks
from hotline.casework.knowledge import article_files
from hotline.casework.tickets import timeline
from hotline.commands.frame import Instant, hotline, late_progress, open_app_context, out, rulebook_here
from hotline.models.database import migrate
from hotline.queries.dashboards import health
from hotline.queries.deadlines import due
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.calendar_change import Change
from hotline.rules.refusals import BadFile
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_tickets import POLICIES, RATINGS, Kind, Outcome, import_file


@hotline.group()
def db() -> None:
    """数据库迁移。"""


@db.command("upgrade")
@click.argument("revision", default="head")
def db_upgrade(revision: str) -> None:
    """升级到指定版本（默认最新）。"""
    _say_of(migrate.upgrade(Settings.from_environment().database_url, revision))
    out.print("已升级。")


@db.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """退回到指定版本。"""
    _say_of(migrate.downgrade(Settings.from_environment().database_url, revision))
    out.print("已退回。")


def _say_of(renamed: bool) -> None:
    if renamed:
        out.print(f"数据库版本 {migrate.LAST_OLD} 与 {migrate.SUCCESSOR} 的表结构相同，已改记为后者。")


@db.command("current")
def db_current() -> None:
    """数据库现在的版本。"""
    out.print(migrate.current(open_app_context().database) or "（空）")


@db.command("check")
def db_check() -> None:
    """本程序能否使用数据库现在的版本。"""
    now = migrate.current(open_app_context().database)
    out.print(f"现为 {now or '（空）'}，本程序 {migrate.head()}")
    if not migrate.serves(now):
        sys.exit("请运行 hotline db upgrade。")


@hotline.command()
@click.option("--check", is_flag=True, help="只检查，不写入")
def load(check: bool) -> None:
    """装入单位、事项类别和知识库。"""
    app_context = open_app_context()
    articles = resource("knowledge_base")
    try:
        with (
            late_progress("装入文章", len(article_files.article_files(articles))) as advance,
            app_context.transaction() as ctx,
        ):
            reports = article_files.load_all(ctx, app_context.settings.config, articles, progress=advance)
            for name, report in reports.items():
                out.print(
                    f"{name}: 新增{report['added']} 变更{report['changed']} 未变{report['left']}"
                    + (
                        f" 冲突{report['conflict']}（页面上也改过，未覆盖，请在“知识编写”中处理）"
                        if report["conflict"]
                        else ""
                    )
                )
            if check:
                raise _OnlyChecked
    except _OnlyChecked:
        out.print("仅检查，未写入。")


class _OnlyChecked(Exception):
    """Undoes what a check has tried."""


@hotline.group()
def calendar() -> None:
    """工作日历。"""


@calendar.command("check")
def calendar_check() -> None:
    """已公布的年份和暂定的期限。"""
    with open_app_context().snapshot() as ctx:
        years = sorted(ctx.rules.calendar.announced_years())
        out.print(f"已公布 {years[0]}—{years[-1]}年，版本 {ctx.rules.calendar.version}")
        out.print(health.calendar(ctx).sentence)


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="只说明会变动多少个未了结的期限")
def calendar_import(file: Path, preview: bool) -> None:
    """导入一年的放假安排（holiday-cn 年度文件）。"""
    change = _year_of(file)
    app_context = open_app_context()
    with (
        Progress(console=Console(stderr=True)) as progress,
        app_context.snapshot() if preview else app_context.transaction() as ctx,
    ):
        task = progress.add_task("核对期限", total=open_clocks(ctx.session))
        options: dict[str, Any] = {
            "base": app_context.rulebook,
            "progress": lambda n: progress.update(task, completed=n),
        }
        if preview:
            moved = calendar_deeds.preview(ctx, change, **options).moved
        else:
            moved = calendar_deeds.apply(ctx.by(CONSOLE), change, **options)
        progress.update(task, total=1, completed=1)
    out.print(f"{'将' if preview else '已'}变动期限{moved}项。")


def _year_of(file: Path) -> Change:
    try:
        return calendar_deeds.read_year_file(file.read_bytes())
    except OSError as error:
        raise BadFile(f"{file}：{error.strerror}") from None
    except BadFile as refusal:
        raise BadFile(f"{file}：{refusal.reason}") from None


def with_choices(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which a person says what a file leaves open."""
    for option in (
        click.option("--encoding", help="CSV文件的编码，例如 gb18030"),
        click.option("--sheet", help="工作表的名称"),
        click.option(
            "--ignore-unknown", "drop_unknown", is_flag=True, help="同意不导入所有不认识的列（像是写错的除外）"
        ),
    ):
        command = option(command)
    return command


@hotline.command("import-ratings")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@with_choices
def import_ratings(file: Path, dry_run: bool, **chosen: Any) -> None:
    """导入各渠道的评价（CSV 或 XLSX）；差评从导入时起核实整改。"""
    if _import(open_app_context(), file, RATINGS, dry_run, ImportChoices(**chosen)).bad:
        sys.exit(1)


@hotline.command("import-policies")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@with_choices
def import_policies(file: Path, dry_run: bool, **chosen: Any) -> None:
    """登记新公布的政策（CSV 或 XLSX）；从导入时起1个工作日内须有文章。"""
    if _import(open_app_context(), file, POLICIES, dry_run, ImportChoices(**chosen)).bad:
        sys.exit(1)


def _import(app_context: AppContext, file: Path, kind: Kind, dry_run: bool, choices: ImportChoices) -> Outcome:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("导入", total=_lines_of(file))
        outcome = import_file(
            app_context, file, kind, choices, dry_run=dry_run, progress=lambda rows: progress.advance(task, rows)
        )
        progress.update(task, total=outcome.rows, completed=outcome.rows)
    say_outcome(outcome, dry_run)
    return outcome


def say_outcome(outcome: Outcome, dry_run: bool) -> None:
    """Print what is to be known of the file, every bad row and the counts."""
    for note in outcome.notes:
        out.print(f"{note}。")
    for line, sentence in outcome.bad:
        click.echo(f"第{line}行：{sentence}", err=True)
    kept = "（仅检查，未写入）" if dry_run else ""
    out.print(f"共{outcome.rows}行：新增{outcome.added}，已有{outcome.present}，有误{len(outcome.bad)}{kept}")


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
    with open_app_context().snapshot() as ctx:
        for count, broken in timeline.verify(ctx.session):
            checked = count
            if broken is not None:
                sys.exit(f"工单 {broken.number} 第{broken.sequence}条：{broken.what}。")
    out.print(f"已核验{checked}张工单，记录完整。")


@hotline.command()
@click.argument("start", type=Instant())
@click.option("--days", type=click.IntRange(1, 366), required=True, help="工作日数")
@click.option("--extra", type=click.IntRange(0, 366), default=0, help="另加的工作日（延期、暂停、审核退还）")
@click.option("--json", "as_json", is_flag=True, help="以JSON输出")
def deadline(start: datetime, days: int, extra: int, as_json: bool) -> None:
    """到期时间，以及每一天计或不计的原因。"""
    found = due.deadline(rulebook_here().calendar, start, days, extra)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    out.print(f"起算 {start:%Y-%m-%d %H:%M}，{days}个工作日" + (f"，另加{extra}个工作日" if extra else ""))
    for day in found["counted"]:
        out.print(f"  {day['on']}  {day['added'] or ('计' if day['counts'] else '不计')}  {day['reason']}")
    sure = "（暂定：该年节假日安排尚未公布）" if found["provisional"] else ""
    out.print(f"到期 {found['due_at'][:16].replace('T', ' ')}{sure}")
