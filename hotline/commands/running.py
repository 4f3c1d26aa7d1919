"""The demonstration, the web server, the scheduler, and whether all is well."""

import sys
from datetime import datetime
from pathlib import Path

import click

from hotline import clock, server
from hotline.app_context import AppContext
from hotline.commands.frame import Instant, hotline, open_app_context, out
from hotline.demo import demonstration
from hotline.jobs import scheduler as scheduling
from hotline.models.latest import latest_instant
from hotline.operations import doctor
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.jobs import name_of
from hotline.settings.environment import Settings


@hotline.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("var/demo"), help="数据目录")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="网站端口")
@click.option("--no-serve", is_flag=True, help="只准备数据，不启动网站")
@click.option("--reset", is_flag=True, help="先清空演示数据")
def demo(data: Path, port: int, no_serve: bool, reset: bool) -> None:
    """准备演示数据并启动网站和调度。"""
    if not no_serve:
        server.check_free(f"127.0.0.1:{port}")
    demonstration.prepare(data, reset=reset, out=out)
    if no_serve:
        out.print(demonstration.made(data))
    else:
        demonstration.serve(data, port, out=out)


@hotline.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="地址:端口")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="进程数（默认等于处理器数）")
def serve(bind: str, workers: int | None) -> None:
    """启动网站（正式运行）。"""
    Settings.from_environment()
    server.serve(bind, workers)


@hotline.command()
@click.option("--once", is_flag=True, help="各任务依次运行一次后退出")
@click.option("--at", type=Instant(), help="假定现在是这一时刻（只能与 --once 同用）")
def scheduler(once: bool, at: datetime | None) -> None:
    """运行调度：预警升级、归档、清理。"""
    if at is not None and not once:
        raise click.UsageError("--at 只能与 --once 同用")
    app_context = open_app_context()
    if not once:
        scheduling.run_forever(app_context)
        return
    if at is not None:
        _refuse_going_back(app_context, at)
    for name, count in scheduling.run_once(app_context, at or clock.now()).items():
        out.print(f"{name_of(name)}（{name}）: {count}")


def _refuse_going_back(app_context: AppContext, at: datetime) -> None:
    with app_context.snapshot() as ctx:
        last = latest_instant(ctx.session)
    if last is not None and last > at:
        raise click.UsageError(f"数据中已有更晚的记录（{last.astimezone(ZONE):%Y-%m-%d %H:%M:%S}），不能假定更早的时刻")


@hotline.command("doctor")
def doctor_command() -> None:
    """各部分是否正常，一行一项。"""
    well = True
    for line in doctor.examine(open_app_context()):
        well = well and line.well
        out.print(f"{'正常' if line.well else '异常'}  {line.sentence}")
    if not well:
        sys.exit(1)
