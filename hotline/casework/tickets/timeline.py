"""The timeline: one line for everything that happened to a ticket, chained so that a change or a gap shows.

Lines hold no contact data; what is personal is referred to by the id of its sealed version.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.masking import mask_in_text
from hotline.rules.vocabulary import Audience
from hotline.security.keys import Keys

BATCH = 500
HASHED = ("ticket", "sequence", "at", "recorded_at", "entry", "actor_id", "actor", "audience", "data", "previous_hash")


@lru_cache(maxsize=256)
def _text_of(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def chained_hash(keys: Keys, line: dict[str, Any]) -> str:
    """The keyed digest of a line and of the digest before it."""
    instants = {name: _text_of(line[name]) for name in ("at", "recorded_at")}
    text = json.dumps([{**line, **instants}[name] for name in HASHED], ensure_ascii=False, sort_keys=True)
    return keys.digest("timeline", text)


def next_line(
    ctx: Context, keys: Keys, ticket: Any, entry: str, *, at: datetime, audience: Audience, data: Any
) -> dict[str, Any]:
    """The next row of this ticket's chain; moves the ticket's head, so that a line cut off at the end shows as well.

    `ticket` is anything with `id, number, timeline_length, timeline_head`.
    """
    line = {
        "ticket": ticket.number,
        "sequence": ticket.timeline_length + 1,
        "at": at,
        "recorded_at": ctx.now,
        "entry": entry,
        "actor_id": ctx.actor.staff_id,
        "actor": ctx.actor.name,
        "audience": str(audience),
        "data": data,
        "previous_hash": ticket.timeline_head,
    }
    digest = chained_hash(keys, line)
    ticket.timeline_length += 1
    ticket.timeline_head = digest
    del line["ticket"]
    return {**line, "ticket_id": ticket.id, "audience": audience, "hash": digest}


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return mask_in_text(value) if isinstance(value, str) else value


def row(
    ctx: Context,
    ticket: Any,
    entry: str,
    *,
    at: datetime | None = None,
    audience: Audience = Audience.UNIT,
    **data: Any,
) -> dict[str, Any]:
    """Return the next row of this ticket's chain, as `write` adds it; for many rows that are added at once."""
    return next_line(ctx, keys_of(ctx.session), ticket, entry, at=at or ctx.now, audience=audience, data=_masked(data))


def write(ctx: Context, ticket: Ticket, entry: str, **line: Any) -> None:
    """Adds one line. `at` is when it happened, if that was not now; `data` is plain JSON, numbers of persons masked in it."""
    ctx.session.add(TimelineEntry(**row(ctx, ticket, entry, **line)))


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry at which a chain does not hold."""

    number: str
    sequence: int
    what: str


def _expected(keys: Keys, number: str, row: TimelineEntry) -> str:
    fields = {name: getattr(row, name) for name in HASHED if name != "ticket"}
    return chained_hash(keys, {**fields, "ticket": number, "audience": str(row.audience)})


def _first_break(keys: Keys, ticket: Any, rows: list[TimelineEntry]) -> Break | None:
    head = ""
    for position, row in enumerate(rows, start=1):
        if row.sequence != position:
            return Break(ticket.number, position, "缺少一条记录")
        if row.previous_hash != head or not keys.same(row.hash, _expected(keys, ticket.number, row)):
            return Break(ticket.number, position, "记录被改动")
        head = row.hash
    if (len(rows), head) != (ticket.timeline_length, ticket.timeline_head):
        return Break(ticket.number, len(rows) + 1, "末尾的记录缺失")
    return None


def verify(session: Session) -> Iterator[tuple[int, Break | None]]:
    """Checks every chain in the order of the tickets: (tickets checked so far, the break of a chain or None)."""
    keys, checked, after = keys_of(session), 0, 0
    columns = (Ticket.id, Ticket.number, Ticket.timeline_length, Ticket.timeline_head)
    while tickets := session.execute(select(*columns).where(Ticket.id > after).order_by(Ticket.id).limit(BATCH)).all():
        rows: dict[int, list[TimelineEntry]] = {ticket.id: [] for ticket in tickets}
        query = select(TimelineEntry).where(TimelineEntry.ticket_id.in_(rows))
        for row in session.scalars(query.order_by(TimelineEntry.ticket_id, TimelineEntry.sequence)):
            rows[row.ticket_id].append(row)
        for ticket in tickets:
            checked += 1
            yield checked, _first_break(keys, ticket, rows[ticket.id])
        after = tickets[-1].id
        session.expunge_all()
