"""The import of matters: what a file would become, the words that it waits for, and the template."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from hotline.app_context import AppContext
from hotline.casework.intake import history
from hotline.commands.data import say_outcome
from hotline.commands.frame import hotline, open_app_context, out
from hotline.rules.intake.import_columns import FIELDS
from hotline.rules.refusals import BadFile
from hotline.rules.vocabulary import Satisfaction
from hotline.transfer.import_mapping import UNRATED, ImportChoices
from hotline.transfer.import_preview import ImportPreview, preview
from hotline.transfer.import_template import write_template
from hotline.transfer.import_tickets import Outcome, import_matters

SCALES = {"5=best": "54321", "1=best": "12345"}
"""Which end of a scale of five is good: the numbers from the best level to the worst."""
LEVELS = "、".join(f"{level}（{level.label}）" for level in Satisfaction) + f"、{UNRATED}（未评价）"
ROWS_SHOWN = 3


@hotline.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入；显示各列对应的字段和前几行导入后的样子")
@click.option("--template", is_flag=True, help="把导入模板写到FILE（.xlsx 或 .csv），不导入")
@click.option("--column", "columns", multiple=True, metavar="列=字段", help="指定一列对应的字段，可重复")
@click.option("--ignore-column", "ignored", multiple=True, metavar="列", help="同意不导入这一列，可重复")
@click.option("--ignore-unknown", is_flag=True, help="同意不导入所有不认识的列（像是写错的必要列除外）")
@click.option(
    "--satisfaction",
    "words",
    multiple=True,
    metavar="词=级别",
    help=f"5=best、1=best，或逐词指定，可重复。级别：{LEVELS}",
)
@click.option("--sheet", help="工作表的名称")
@click.option("--encoding", help="CSV文件的编码，例如 gb18030")
def import_command(
    file: Path,
    dry_run: bool,
    template: bool,
    columns: tuple[str, ...],
    ignored: tuple[str, ...],
    ignore_unknown: bool,
    words: tuple[str, ...],
    sheet: str | None,
    encoding: str | None,
) -> None:
    """导入历史或上级转来的诉求（CSV 或 XLSX）；列名按 config/import_columns.toml 识别。"""
    if template:
        write_template(file)
        out.print(f"已写入模板 {file}。")
        return
    chosen = dict(_pair(text, "--column") for text in columns) | dict.fromkeys(ignored)
    choices = ImportChoices(chosen, _levels(words), sheet, encoding, ignore_unknown)
    app_context = open_app_context()
    found = _previewed(app_context, file, choices, dry_run)
    outcome = _taken(app_context, file, choices, dry_run, found.total)
    with app_context.snapshot() as ctx:
        past = history.late_count(ctx.session)
    out.print(f"导入的已办结诉求{past['closed']}件，其中办理超期{past['late']}件")
    if outcome.bad:
        sys.exit(1)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not (name and sign and value):
        raise click.UsageError(f"{option} 应写成 名称=值，现为“{text}”", click.get_current_context())
    return name, value


def _levels(words: Iterable[str]) -> Mapping[str, str]:
    """Return the level of each word; a whole scale is said by its better end."""
    levels: dict[str, str] = {}
    for text in words:
        if text in SCALES:
            levels |= {number: str(level) for number, level in zip(SCALES[text], Satisfaction, strict=True)}
        else:
            levels |= [_pair(text, "--satisfaction")]
    return levels


def _previewed(app_context: AppContext, file: Path, choices: ImportChoices, dry_run: bool) -> ImportPreview:
    """Return the preview; end here, with nothing in, while something is not understood."""
    with app_context.snapshot() as ctx:
        found = preview(ctx, file, choices, rows=ROWS_SHOWN)
    for note in found.notes:
        out.print(note, markup=False)
    if dry_run or not found.ready:
        _say_columns(found)
    for fault in found.faults:
        click.echo(fault, err=True)
    if found.missing:
        raise BadFile(f"缺少列 {'、'.join(f'{FIELDS[name]}（{name}）' for name in found.missing)}，没有导入")
    if not found.ready:
        sys.exit(_way_out(found))
    return found


def _say_columns(found: ImportPreview) -> None:
    for column in found.columns:
        what = f"{FIELDS[column.field]}（{column.field}）" if column.field else "—"
        out.print(f"  {column.heading} → {what}，{column.how.label}", markup=False)
    for number, row in enumerate(found.rows, start=1):
        out.print(f"第{number}件：" + "；".join(f"{label} {text}" for label, text in row.items()), markup=False)


def _way_out(found: ImportPreview) -> str:
    ways = ["--column 列=字段", "--ignore-column 列", "--ignore-unknown"] if found.unknown else []
    ways += ["--satisfaction 5=best（或 1=best、词=级别）"] if found.satisfaction else []
    return f"共{found.total}行，没有导入。" + (f"请用 {'、'.join(ways)} 说明后再试。" if ways else "请改正文件后再试。")


def _taken(app_context: AppContext, file: Path, choices: ImportChoices, dry_run: bool, total: int) -> Outcome:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("导入", total=total)
        advance = lambda rows: progress.advance(task, rows)  # noqa: E731
        outcome = import_matters(app_context, file, choices, dry_run=dry_run, progress=advance)
    say_outcome(outcome, dry_run)
    return outcome
