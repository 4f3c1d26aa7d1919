"""`hotline export`: the lists of the pages as files."""

from pathlib import Path
from urllib.parse import parse_qsl

import click

from hotline.commands.frame import hotline, open_app_context, out
from hotline.context import Context
from hotline.rules.actors import SYSTEM
from hotline.transfer.export_lists import LISTS, write_list


@hotline.command("export")
@click.argument("what", type=click.Choice(list(LISTS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--filter", "query", default="", help="与页面地址相同的筛选，例如 'state=handling&sort=-received'")
def export(what: str, file: Path, query: str) -> None:
    """导出工单、时限或统计（.csv 或 .xlsx）；不含企业和联系人，最多一万行。"""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in ("csv", "xlsx"):
        raise click.ClickException("文件名应以 .csv 或 .xlsx 结尾")
    partial = file.with_name(f"{file.name}.part")

    def write(ctx: Context) -> None:
        with partial.open("wb") as opened:
            write_list(ctx, SYSTEM, what, dict(parse_qsl(query)), opened, kind=kind)

    try:
        open_app_context().replica_read(write, SYSTEM)
        partial.replace(file)
    except OSError as error:
        raise click.ClickException(f"不能写入 {file}：{error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    out.print(f"已导出到 {file}")
