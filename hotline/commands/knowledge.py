"""The knowledge base into files and back."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.commands.frame import hotline, late_progress, open_app_context, out
from hotline.commands.whole_file import whole_file
from hotline.models.knowledge.articles import Article
from hotline.transfer import export_articles
from hotline.transfer.import_articles import import_articles


@hotline.group()
def knowledge() -> None:
    """知识库的导出和导入。"""


@knowledge.command("export")
@click.argument("to", type=click.Path(path_type=Path))
def export(to: Path) -> None:
    """把全部已发布过的文章导出到文件夹（Markdown）或 .xlsx 文件。"""
    try:
        with open_app_context().snapshot() as ctx:
            total = ctx.session.scalar(select(func.count()).where(Article.current_version_id.is_not(None)))
            with late_progress("导出", total) as advance:
                _export(ctx.session, to, advance)
    except OSError as error:
        raise click.ClickException(f"不能写入 {to}：{error.strerror}") from None
    out.print(f"已导出{total}篇到 {to}")


def _export(session: Session, to: Path, advance: Callable[[int], None]) -> None:
    if to.suffix.lower() == ".xlsx":
        with whole_file(to) as partial, partial.open("wb") as file:
            export_articles.write_sheet(session, file)
        return
    for _ in export_articles.write_folder(session, to):
        advance(1)


@knowledge.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
def import_(source: Path, dry_run: bool) -> None:
    """从文件夹（Markdown）或 .xlsx 文件导入文章；页面上也改过的不覆盖，留待人工处理。"""
    total = len(list(source.glob("*/*.md"))) if source.is_dir() else None
    with late_progress("导入", total) as advance:
        outcome = import_articles(open_app_context(), source, dry_run=dry_run, progress=advance)
    for note in outcome.notes:
        out.print(f"{note}。")
    for sentence in outcome.bad:
        click.echo(sentence, err=True)
    report, kept = outcome.report, "（仅检查，未写入）" if dry_run else ""
    out.print(
        f"新增{report['added']}，变更{report['changed']}，未变{report['left']}，冲突{report['conflict']}，"
        f"有误{len(outcome.bad)}{kept}"
    )
    if report["conflict"]:
        out.print("冲突的文章没有覆盖，请知识管理员在“知识编写”中处理。")
    if outcome.bad:
        sys.exit(1)
