"""Imports a file of matters, ratings or policies: batch by batch, a bad row is reported by its line, the rest goes in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from hotline.app_context import AppContext
from hotline.casework.intake import history
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

BATCH = 100


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
    """What a file holds. `there`: which rows (by position) are in already; `take` keeps one and says whether it is new."""

    columns: tuple[str, ...]
    form: Callable[[], Form]
    there: Callable[[Context, Sequence[Any]], set[int]]
    take: Callable[[Context, Any], bool]


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
    there = kind.there(ctx, [row for _, row in read])
    for position, (line, row) in enumerate(read):
        if position in there:
            outcome.present += 1
            continue
        try:
            with ctx.session.begin_nested():
                added = kind.take(ctx, row)
        except Refusal as refusal:
            outcome.bad.append((line, _said(refusal)))
        else:
            outcome.added += added
            outcome.present += not added


def _matters_there(ctx: Context, rows: Sequence[Any]) -> set[int]:
    """By source number, also where one stands twice in the batch."""
    seen = history.already_there(ctx.session, [matter.source_no for matter in rows])
    there = set()
    for position, matter in enumerate(rows):
        if matter.source_no in seen:
            there.add(position)
        seen.add(matter.source_no)
    return there


def _take_matter(ctx: Context, matter: Any) -> bool:
    history.import_matter(ctx, matter)
    return True


def _policies_there(ctx: Context, rows: Sequence[Any]) -> set[int]:
    """By document number, or by title and day; also where one stands twice in the batch."""
    seen, there = policies.already_there(ctx.session, rows), set()
    for position, policy in enumerate(rows):
        if policy.identity in seen:
            there.add(position)
        seen.add(policy.identity)
    return there


def _take_policy(ctx: Context, policy: Any) -> bool:
    policies.take_in(ctx, policy)
    return True


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


MATTERS = Kind(REQUIRED_COLUMNS, PastMatterForm, _matters_there, _take_matter)
POLICIES = Kind(POLICY_COLUMNS, PolicyRowForm, _policies_there, _take_policy)
RATINGS = Kind(RATING_COLUMNS, ImportedRatingForm, lambda ctx, rows: set(), _take_rating)
