"""The rows of a batch that were imported before: the same row is there already, other content under its number is refused."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hotline.casework.intake.past_matter import SOURCE, PastMatter
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.rules.refusals import InvalidInput

KEPT = ("received_at", "title", "content", "replied_at", "reply")
COLUMNS = (Ticket.source_no, Ticket.number, Ticket.source_digest, *(getattr(Ticket, name) for name in KEPT))


class KnownRows:
    """By source number: the tickets of earlier imports, and the rows of this batch that go in."""

    def __init__(self, ctx: Context, matters: Sequence[PastMatter]) -> None:
        query = select(*COLUMNS).where(Ticket.source == SOURCE, Ticket.source_no.in_({m.source_no for m in matters}))
        self.tickets = {row.source_no: row for row in ctx.session.execute(query)}
        self.here: dict[str, str] = {}

    def has(self, matter: PastMatter, digest: str) -> bool:
        """Return whether this very row is in; refuse `InvalidInput` where its number belongs to other content."""
        number = matter.source_no
        if self.here.get(number, digest) != digest:
            raise InvalidInput({"/source_no": f"“{number}”与前面一行编号相同，内容不同"})
        if number in self.tickets:
            _check_same(self.tickets[number], matter, digest)
        return number in self.here or number in self.tickets

    def remember(self, matter: PastMatter, digest: str) -> None:
        """A row behind this one may be the same."""
        self.here[matter.source_no] = digest


def _check_same(row: Any, matter: PastMatter, digest: str) -> None:
    """Rows of imports before there were digests are compared by what the ticket keeps of them."""
    kept = all(getattr(row, name) == getattr(matter, name) for name in KEPT)
    if row.source_digest == digest or (row.source_digest is None and kept):
        return
    how = "其他列与当时不同，未更改" if kept else "但内容不同"
    raise InvalidInput({"/source_no": f"“{matter.source_no}”已导入为工单{row.number}，{how}"})
