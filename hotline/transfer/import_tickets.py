"""Imports a file of matters, ratings or policies: batch by batch, a bad row is reported by its line, the rest goes in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from hotline.app_context import AppContext
from hotline.casework.intake import history
from hotline.casework.intake.history import Fate, Taken
from hotline.casework.knowledge import policies
from hotline.casework.ratings import body_rating, rated_bodies
from hotline.casework.ratings.body_rating import BodyRating
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.tickets.contacts import ContactGiven
from hotline.context import Context
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.schemas.base import Form, load
from hotline.schemas.intake.history import REQUIRED_COLUMNS, PastMatterForm
from hotline.schemas.knowledge.freshness import POLICY_COLUMNS, PolicyRowForm
from hotline.schemas.ratings.rating import RATING_COLUMNS, ImportedRating, ImportedRatingForm
from hotline.schemas.spreadsheet import rows_of

BATCH = 500
"""Rows of a transaction; on SQLite everybody else who writes waits so long."""


@dataclass
class Outcome:
    """What became of the rows; `bad` holds (line, sentence)."""

    added: int = 0
    present: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.added + self.present + len(self.bad)


@dataclass(frozen=True)
class Kind:
    """What a file holds. `take` keeps a batch and says of each row whether it is new, was there, or is refused and why."""

    columns: tuple[str, ...]
    form: Callable[[], Form]
    take: Callable[[Context, Sequence[Any]], list[Fate]]


def import_file(
    app_context: AppContext, path: Path, kind: Kind, *, dry_run: bool, progress: Callable[[int], None]
) -> Outcome:
    """Takes the file in; refuses (`BadFile`) one that cannot be read at all. `dry_run` keeps nothing."""
    outcome = Outcome()
    for batch in _batches(rows_of(path, kind.columns)):
        read = list(_read(batch, kind.form(), outcome))
        try:
            with app_context.transaction() as ctx:
                _take_in(ctx, kind, read, outcome)
                if dry_run:
                    raise _NothingKept
        except _NothingKept:
            pass
        progress(len(batch))
    outcome.bad.sort()
    return outcome


def _batches(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _NothingKept(Exception):
    """Undoes the batch of a dry run."""


def _read(batch: Any, form: Form, outcome: Outcome) -> Iterator[tuple[int, Any]]:
    for line, row in batch:
        try:
            yield line, load(form, row)
        except Refusal as refusal:
            outcome.bad.append((line, _said(refusal)))


def _said(refusal: Refusal) -> str:
    wrong = refusal.pointers()
    return "；".join(f"“{at.lstrip('/')}”列{text}" for at, text in wrong.items()) if wrong else refusal.sentence()


def _take_in(ctx: Context, kind: Kind, read: list[tuple[int, Any]], outcome: Outcome) -> None:
    fates = kind.take(ctx, [row for _, row in read])
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


MATTERS = Kind(REQUIRED_COLUMNS, PastMatterForm, history.import_matters)
POLICIES = Kind(POLICY_COLUMNS, PolicyRowForm, _take_policies)
RATINGS = Kind(RATING_COLUMNS, ImportedRatingForm, lambda ctx, rows: list(_each(ctx, rows, _take_rating)))
