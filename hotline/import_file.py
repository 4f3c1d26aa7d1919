"""Imports a file of matters: batch by batch, a bad row is reported by its line and the rest goes in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from hotline.casework import history
from hotline.casework.history import PastMatter
from hotline.forms.base import load
from hotline.forms.history import REQUIRED_COLUMNS, PastMatterForm
from hotline.forms.spreadsheet import rows_of
from hotline.office import Office, Work
from hotline.rules.refusals import Refusal

BATCH = 100


@dataclass
class Outcome:
    """What became of the rows; `bad` holds (line, sentence)."""

    added: int = 0
    present: int = 0
    closed: int = 0
    late: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.added + self.present + len(self.bad)


def import_file(office: Office, path: Path, *, dry_run: bool, progress: Callable[[int], None]) -> Outcome:
    """Takes the file in; refuses (`BadFile`) one that cannot be read at all. `dry_run` keeps nothing."""
    outcome = Outcome()
    for batch in _batches(rows_of(path, REQUIRED_COLUMNS)):
        read = list(_read(batch, outcome))
        try:
            with office.deed() as work:
                _take_in(work, read, outcome)
                if dry_run:
                    raise _NothingKept
        except _NothingKept:
            pass
        progress(len(batch))
    with office.reading() as work:
        figures = history.late_count(work.session)
    outcome.closed, outcome.late = figures["closed"], figures["late"]
    return outcome


def _batches(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _NothingKept(Exception):
    """Undoes the batch of a dry run."""


def _read(batch: Any, outcome: Outcome) -> Iterator[tuple[int, PastMatter]]:
    form = PastMatterForm()
    for line, row in batch:
        try:
            yield line, load(form, row)
        except Refusal as refusal:
            outcome.bad.append((line, _said(refusal)))


def _said(refusal: Refusal) -> str:
    wrong = refusal.pointers()
    return "；".join(f"{at.lstrip('/')} {text}" for at, text in wrong.items()) if wrong else refusal.sentence()


def _take_in(work: Work, read: list[tuple[int, PastMatter]], outcome: Outcome) -> None:
    there = history.already_there(work.session, [matter.source_no for _, matter in read])
    for line, matter in read:
        if matter.source_no in there:
            outcome.present += 1
            continue
        there.add(matter.source_no)
        try:
            with work.session.begin_nested():
                history.import_matter(work.session, matter, now=work.now, rulebook=work.rulebook)
            outcome.added += 1
        except Refusal as refusal:
            outcome.bad.append((line, _said(refusal)))
