"""`hotline export`: the lists of the pages as files."""

from pathlib import Path

import click

from hotline.commands.frame import hotline, open_app_context, out
from hotline.commands.whole_file import whole_file
from hotline.context import Context
from hotline.rules.actors import SYSTEM
from hotline.transfer.export_filters import filters_of
from hotline.transfer.export_lists import LISTS, write_list
from hotline.transfer.tables.table_writer import Written


@hotline.command("export")
@click.argument("what", type=click.Choice(list(LISTS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--filter", "query", default="", help="与页面地址相同的筛选，例如 'state=handling&sort=-received'")
def export(what: str, file: Path, query: str) -> None:
    """整个导出工单、时限或统计（.csv 或 .xlsx）；不含企业和联系人。统计不写期间的，为本月。"""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in ("csv", "xlsx"):
        raise click.ClickException("文件名应以 .csv 或 .xlsx 结尾")
    filters = filters_of(query)
    with whole_file(file) as partial:

        def write(ctx: Context) -> Written:
            with partial.open("wb") as opened:
                return write_list(ctx, what, filters, opened, kind=kind)

        written = open_app_context().replica_read(write, SYSTEM)
    out.print(f"已导出{written.rows}行到 {file}")
    for note in written.notes:
        out.print(note)
