"""Imports articles from a folder of Markdown or a sheet: batch by batch, what is wrong is reported and the rest goes in."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hotline.app_context import AppContext
from hotline.casework.accounts.config_sync import BadSource, Report
from hotline.casework.knowledge.article_files import article_files, article_source
from hotline.casework.knowledge.article_loading import Incoming, Reading, batches, load_batch
from hotline.casework.knowledge.article_source import Source
from hotline.rules.refusals import BadFile
from hotline.transfer.export_articles import sheet_sources


@dataclass
class Outcome:
    """The outcome of an import; `bad` holds a sentence for each refused entry, `notes` what is to be known of the file."""

    report: Report = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def import_articles(
    app_context: AppContext, path: Path, *, dry_run: bool, progress: Callable[[int], object]
) -> Outcome:
    """Takes them in; refuses (`BadFile`) what holds no articles at all. `dry_run` keeps nothing."""
    outcome = Outcome()
    with app_context.snapshot() as ctx:
        reading = Reading(ctx.session)
    for batch in batches(_entries(path, reading, outcome, progress)):
        try:
            with app_context.transaction() as ctx:
                outcome.report += load_batch(ctx, batch)
                if dry_run:
                    raise _NothingKept
        except _NothingKept:
            pass
    return outcome


class _NothingKept(Exception):
    """Undoes the batch of a dry run."""


def _entries(path: Path, reading: Reading, outcome: Outcome, progress: Callable[[int], object]) -> Iterator[Incoming]:
    for read in _readers(path, outcome.notes):
        try:
            yield reading.incoming(read())
        except BadSource as wrong:
            outcome.bad.append(str(wrong))
        progress(1)


def _readers(path: Path, notes: list[str]) -> Iterator[Callable[[], Source]]:
    """What gives each entry when it is called, so that one that cannot be read does not end the others."""
    if not path.is_dir():
        yield from (partial(_as_it_is, source) for source in sheet_sources(path, notes.append))
        return
    files = article_files(path)
    if not files:
        raise BadFile(f"{path} 中没有“栏目/代码.md”形式的文章")
    yield from (partial(article_source, file) for file in files)


def _as_it_is(source: Source | BadSource) -> Source:
    if isinstance(source, BadSource):
        raise source
    return source
