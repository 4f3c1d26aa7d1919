"""What the commands share: how an instant is written, where they print, and the office they open."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from hotline.office import Office
from hotline.rules.rulebook import Rulebook
from hotline.rules.working_calendar import ZONE
from hotline.settings import Settings, resource, rulebook_from

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


def open_office() -> Office:
    return Office(Settings.from_environment())


def rulebook_here() -> Rulebook:
    """With the imported years where a database is set up, otherwise as `config/` and the package state them."""
    if not os.environ.get("HOTLINE_SECRET_KEY"):
        return rulebook_from(Path(os.environ.get("HOTLINE_CONFIG") or resource("config")))
    with open_office().reading() as work:
        return work.rulebook
