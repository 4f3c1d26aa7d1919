"""Backups, and what is made of them again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from hotline import clock
from hotline.commands.frame import hotline, open_app_context, out
from hotline.operations import backup as backing_up
from hotline.operations import restore as restoring
from hotline.rules.deadlines.working_calendar import ZONE


@contextmanager
def _progress() -> Iterator[backing_up.Progress]:
    """One bar for each thing that is being done."""
    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True)) as shown:

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what)
            shown.update(tasks[what], completed=done, total=total)

        yield tell


@hotline.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """备份数据库和附件，运行中即可进行；密钥不在备份里，须另行保管。"""
    app_context = open_app_context()
    with _progress() as progress:
        made = backing_up.back_up(app_context, file, now=clock.now(), progress=progress)
    out.print(f"已备份到 {file}：{made.counts['tickets']}张工单，{len(made.attachments)}个附件，版本 {made.revision}。")
    if made.missing:
        sys.exit(f"有{len(made.missing)}个附件原文件缺失或已损坏，不在备份里：{'、'.join(made.missing[:3])}……")


@hotline.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """把备份恢复到空的数据库，逐项核对后才算完成。"""
    app_context = open_app_context()
    with _progress() as progress:
        made = restoring.restore(app_context, file, progress=progress)
    rows, at = sum(made.counts.values()), datetime.fromisoformat(made.made_at).astimezone(ZONE)
    out.print(
        f"已恢复 {at:%Y-%m-%d %H:%M:%S} 的备份：{rows}行，{made.counts['tickets']}张工单记录完整，"
        f"{len(made.attachments)}个附件。"
    )
    if made.missing:
        out.print(f"备份时已缺失的附件{len(made.missing)}个。")
