"""Imported matters: history becomes closed tickets whose clocks are computed at the row's own instants.

Imported history starts no ladder and tells nobody. A row without a reply is a live matter: its clocks start at the import.
A batch costs a handful of statements, however many rows it has.
"""

from collections.abc import Sequence
from enum import Enum

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from hotline.casework.intake.history_known import KnownRows
from hotline.casework.intake.history_rows import Draft, Drafting, write
from hotline.casework.intake.past_matter import SOURCE, PastMatter, digest_of
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import ClockKind


class Taken(Enum):
    """The outcome of a row that was not refused: a new ticket, or the same row was in before."""

    ADDED = "added"
    PRESENT = "present"


Fate = Taken | Refusal


def import_matters(ctx: Context, matters: Sequence[PastMatter]) -> list[Fate]:
    """Take a batch in and return what became of each row.

    A row that contradicts itself or names what does not exist (`InvalidInput`), one whose year has no calendar
    (`CalendarNotPublished`) and one whose number was used for other content is refused; the others go in.
    """
    drafting, known = Drafting(ctx, matters), KnownRows(ctx, matters)
    fates = [_fate(drafting, known, matter) for matter in matters]
    drafts = [fate for fate in fates if isinstance(fate, Draft)]
    try:
        with ctx.session.begin_nested():
            write(ctx, drafts)
    except (IntegrityError, DataError):
        return _one_by_one(ctx, matters)
    return [Taken.ADDED if isinstance(fate, Draft) else fate for fate in fates]


def _fate(drafting: Drafting, known: KnownRows, matter: PastMatter) -> Fate | Draft:
    digest = digest_of(drafting.keys, matter)
    try:
        if known.has(matter, digest):
            return Taken.PRESENT
        draft = drafting.draft(matter, digest)
    except Refusal as refusal:
        return refusal
    known.remember(matter, digest)
    return draft


def _one_by_one(ctx: Context, matters: Sequence[PastMatter]) -> list[Fate]:
    """A constraint failed, such as when another import took the same number just now: only that row is refused for it."""
    if len(matters) == 1:
        return [InvalidInput({"/": "数据库不能保存这一行"})]
    return [fate for matter in matters for fate in import_matters(ctx, [matter])]


def late_count(session: Session) -> dict[str, int]:
    """How many imported matters are closed, and how many of them were handled late."""
    query = select(func.count(), func.count().filter(Clock.late.is_(True))).join(Ticket, Ticket.id == Clock.ticket_id)
    met = query.where(Ticket.source == SOURCE, Clock.kind == ClockKind.HANDLE, Clock.met_at.is_not(None))
    closed, late = session.execute(met).one()
    return {"closed": closed, "late": late}


__all__ = ["SOURCE", "Fate", "PastMatter", "Taken", "import_matters", "late_count"]
