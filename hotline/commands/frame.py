"""What the commands share: how an instant is written, where they print, and the application context they open."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from hotline.app_context import AppContext
from hotline.rules.deadlines.working_calendar import ZONE, local
from hotline.rules.rulebook import Rulebook
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from hotline.settings.rulebook import rulebook_from

CHINESE = re.compile("[一-鿿]")
out = Console(highlight=False, soft_wrap=True)


class Instant(click.ParamType[datetime]):
    """`2026-09-30 17:00` in Asia/Shanghai, or RFC 3339."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是时间，例如 2026-09-30 17:00", param, ctx)
        return local(at if at.tzinfo else at.replace(tzinfo=ZONE))


class Commands(click.Group):
    """Says in Chinese that there is no such command."""

    group_class = type

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(f"没有命令“{args[0]}”", ctx)
        return super().resolve_command(ctx, args)


def sentence_of(error: click.ClickException) -> str:
    """What is wrong with a command line, in one Chinese line with where its use is explained."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hotline"
    return f"{_wrong(error)}；用法见 {path} --help。"


def _wrong(error: click.ClickException) -> str:
    hint = error.param.get_error_hint(error.ctx) if isinstance(error, click.BadParameter) and error.param else ""
    if isinstance(error, click.MissingParameter):
        return f"缺少 {hint}"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if CHINESE.search(error.message):
        return f"{hint} {error.message}".strip()
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的写法不对"
    return f"{hint} 的值不对{_allowed(error)}" if hint else "参数不对"


def _allowed(error: click.ClickException) -> str:
    kind = getattr(getattr(error, "param", None), "type", None)
    if isinstance(kind, click.Choice):
        return f"，应为 {'、'.join(map(str, kind.choices))} 之一"
    return f"，应为{kind.min}至{kind.max}的整数" if isinstance(kind, click.IntRange) else ""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hotline")
def hotline() -> None:
    """12345企业服务热线。"""


@contextmanager
def late_progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar that shows itself once the work has taken a second."""
    progress = Progress(console=Console(stderr=True))
    task, began = progress.add_task(what, total=total), time.monotonic()

    def advance(done: int) -> None:
        progress.advance(task, done)
        if time.monotonic() - began > 1:
            progress.start()

    try:
        yield advance
    finally:
        if progress.live.is_started:
            progress.stop()


def open_app_context() -> AppContext:
    return AppContext(Settings.from_environment())


def rulebook_here() -> Rulebook:
    """With the imported years where a database is set up, otherwise as `config/` and the package state them."""
    if not os.environ.get("HOTLINE_SECRET_KEY"):
        return rulebook_from(Path(os.environ.get("HOTLINE_CONFIG") or resource("config")))
    with open_app_context().snapshot() as ctx:
        return ctx.rules
