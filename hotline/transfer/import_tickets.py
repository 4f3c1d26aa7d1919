"""Imports a file of matters, ratings or policies: batch by batch, a bad row is reported by its line, the rest goes in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from hotline.app_context import AppContext
from hotline.casework.intake import history
from hotline.casework.intake.history import Fate, Taken
from hotline.casework.intake.past_matter import PastMatter, digest_of
from hotline.casework.knowledge import policies
from hotline.casework.ratings import body_rating, rated_bodies
from hotline.casework.ratings.body_rating import BodyRating
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.tickets.contacts import ContactGiven
from hotline.context import Context
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.schemas.base import Form, load
from hotline.schemas.knowledge.freshness import POLICY_COLUMNS, PolicyRowForm
from hotline.schemas.ratings.rating import RATING_COLUMNS, ImportedRating, ImportedRatingForm
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_rows import BadRow, MatterRow, read_matters
from hotline.transfer.tables.form_rows import RowReading, open_form_rows

BATCH = 500
"""Rows of a transaction; on SQLite everybody else who writes waits so long."""


AS_IT_IS = ImportChoices()
Take = Callable[[Context, Sequence[Any]], list[Fate]]
Row = TypeVar("Row")


@dataclass
class Outcome:
    """The outcome of an import; `bad` holds (line, sentence), `notes` what is to be known of the file."""

    added: int = 0
    present: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return self.added + self.present + len(self.bad)


@dataclass(frozen=True)
class Kind:
    """A kind of file. `take` keeps a batch and says of each row whether it is new, was there, or is refused and why."""

    columns: tuple[str, ...]
    form: Callable[[], Form]
    take: Take
    numbers: tuple[str, ...]


def import_file(
    app_context: AppContext,
    path: Path,
    kind: Kind,
    choices: ImportChoices = AS_IT_IS,
    *,
    dry_run: bool,
    progress: Callable[[int], None],
) -> Outcome:
    """Takes the file in; refuses (`BadFile`) one that cannot be read to its end. `dry_run` keeps nothing."""
    is_nothing = app_context.rulebook.import_columns.is_nothing
    reading = RowReading(kind.form(), kind.numbers, is_nothing)
    with open_form_rows(path, reading, kind.columns, choices) as rows:
        outcome = Outcome(notes=rows.table.notes)
        for batch in _batches(iter(rows)):
            _keep(app_context, kind.take, list(_read(batch, kind.form(), outcome)), outcome, dry_run)
            progress(len(batch))
    outcome.bad.sort()
    return outcome


def import_matters(
    app_context: AppContext, path: Path, choices: ImportChoices, *, dry_run: bool, progress: Callable[[int], None]
) -> Outcome:
    """Take a file of matters in; refuse (`BadFile`) one with columns that are not understood. `dry_run` keeps nothing."""
    outcome, take = Outcome(), _TrialRun(app_context).take if dry_run else history.import_matters
    for batch in _batches(_matters(app_context, path, choices)):
        read = [(row.line, row) for row in batch if not isinstance(row, BadRow)]
        outcome.bad += [(row.line, row.sentence) for row in batch if isinstance(row, BadRow)]
        _keep(app_context, take, read, outcome, dry_run)
        progress(len(batch))
    outcome.bad.sort()
    return outcome


def _matters(app_context: AppContext, path: Path, choices: ImportChoices) -> Iterator[MatterRow | BadRow]:
    """Yield the rows; the database is read before the first and not held while batches are written."""
    with app_context.snapshot() as ctx:
        rows = read_matters(ctx, path, choices)
        first = list(islice(rows, 1))
    return chain(first, rows)


class _TrialRun:
    """Batches of which none is kept: it remembers what an earlier one would have put in."""

    def __init__(self, app_context: AppContext) -> None:
        self.keys, self.seen = app_context.keys, dict[str, str]()

    def take(self, ctx: Context, matters: Sequence[PastMatter]) -> list[Fate]:
        """Say what would become of each row."""
        fates = history.import_matters(ctx, matters)
        return [self._fate(matter, fate) for matter, fate in zip(matters, fates, strict=True)]

    def _fate(self, matter: PastMatter, fate: Fate) -> Fate:
        if fate is not Taken.ADDED:
            return fate
        digest, number = digest_of(self.keys, matter), matter.source_no
        if number not in self.seen:
            self.seen[number] = digest
            return fate
        if self.seen[number] != digest:
            return InvalidInput({"/source_no": f"“{number}”与前面一行编号相同，内容不同"})
        return Taken.PRESENT


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _keep(app_context: AppContext, take: Take, read: list[tuple[int, Any]], outcome: Outcome, dry_run: bool) -> None:
    """Take one batch in, in a transaction of its own."""
    try:
        with app_context.transaction() as ctx:
            _take_in(ctx, take, read, outcome)
            if dry_run:
                raise _NothingKept
    except _NothingKept:
        pass


class _NothingKept(Exception):
    """Undoes the batch of a dry run."""


def _read(
    batch: list[tuple[int, dict[str, Any] | InvalidInput]], form: Form, outcome: Outcome
) -> Iterator[tuple[int, Any]]:
    for line, row in batch:
        try:
            if isinstance(row, InvalidInput):
                raise row
            yield line, load(form, row)
        except Refusal as refusal:
            outcome.bad.append((line, _said(refusal)))


def _said(refusal: Refusal) -> str:
    wrong = {at.lstrip("/"): text for at, text in refusal.pointers().items()}
    named = (f"“{name}”列{text}" if name else text for name, text in wrong.items())
    return "；".join(named) or refusal.sentence()


def _take_in(ctx: Context, take: Take, read: list[tuple[int, Any]], outcome: Outcome) -> None:
    fates = take(ctx, [row for _, row in read])
    for (line, _), fate in zip(read, fates, strict=True):
        if isinstance(fate, Refusal):
            outcome.bad.append((line, _said(fate)))
        else:
            outcome.added += fate is Taken.ADDED
            outcome.present += fate is Taken.PRESENT


def _each(ctx: Context, rows: Sequence[Any], take: Callable[[Context, Any], bool]) -> Iterator[Fate]:
    """Row by row, each in a savepoint of its own; `take` says whether the row is new."""
    for row in rows:
        try:
            with ctx.session.begin_nested():
                yield Taken.ADDED if take(ctx, row) else Taken.PRESENT
        except Refusal as refusal:
            yield refusal


def _take_policies(ctx: Context, rows: Sequence[Any]) -> list[Fate]:
    """By document number, or by title and day; also where one stands twice in the batch and the first went in."""
    seen = policies.already_there(ctx.session, rows)

    def take(ctx: Context, policy: Any) -> bool:
        if policy.identity in seen:
            return False
        policies.take_in(ctx, policy)
        seen.add(policy.identity)
        return True

    return list(_each(ctx, rows, take))


def _take_rating(ctx: Context, given: ImportedRating) -> bool:
    """As if its channel had sent it. Nobody has given a default rating."""
    row = dict(given.row)
    if given.default:
        raise InvalidInput({"/default": "默认评价不是企业的评价，不导入"})
    if row["rated_at"] > ctx.now:
        raise InvalidInput({"/rated_at": "评价时间在将来"})
    sender = rated_bodies.sender_by_code(ctx.session, given.channel)
    row["body"] = rated_bodies.body_for(ctx.session, sender, row["body"])
    reasons = ctx.rules.ratings.reasons_at(row["rated_at"]).codes(row.pop("reasons", ()))
    said = RatingGiven(row.pop("level"), reasons, row.pop("remark", ""))
    contact, rater = ContactGiven(phone=row.pop("phone", None)), row.pop("rater", "")
    rating = BodyRating(rater=rater, channel=sender.code, given=said, verified=sender.signed_in, contact=contact, **row)
    return body_rating.rate_body(ctx, rating).first


def _take_ratings(ctx: Context, rows: Sequence[Any]) -> list[Fate]:
    return list(_each(ctx, rows, _take_rating))


POLICIES = Kind(POLICY_COLUMNS, PolicyRowForm, _take_policies, ("document_number",))
RATINGS = Kind(RATING_COLUMNS, ImportedRatingForm, _take_ratings, ("occasion",))
