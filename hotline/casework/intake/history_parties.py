"""The enterprises and contacts of a batch of imported matters: found by a statement each, what is new added at once.

What is found is what `enterprises.enterprise_named` and `contacts.contact_for` would find, matter by matter.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.intake.past_matter import PastMatter
from hotline.casework.tickets import contacts, enterprises
from hotline.casework.tickets.contacts import ContactGiven
from hotline.context import Context
from hotline.models.database.base import Record
from hotline.models.database.bulk import insert_rows, reserve_keys
from hotline.models.intake.enterprises import Contact, Enterprise

Row = dict[str, Any]


def enterprise_ids(ctx: Context, matters: Sequence[PastMatter]) -> list[int | None]:
    """Add a name for each matter that has one, and return its id: what an import says of an enterprise proves nothing."""
    given = [matter.enterprise for matter in matters]
    rows: list[Row | None] = [enterprises.unverified_row(ctx, one) if one else None for one in given]
    _add(ctx.session, Enterprise, [row for row in rows if row])
    return [row["id"] if row else None for row in rows]


def _add(session: Session, table: type[Record], rows: Sequence[Row]) -> None:
    """Give the rows their keys and insert them in one statement."""
    columns: Any = table.__table__
    for row, id in zip(rows, reserve_keys(session, columns, len(rows)), strict=True):
        row["id"] = id
    insert_rows(session, columns, rows)


def contact_ids(ctx: Context, given: Sequence[tuple[int | None, ContactGiven]]) -> list[int | None]:
    """Return the sealed version of each contact of an enterprise, None where a matter names nobody."""
    made = [contacts.version_row(ctx, *one) if _is_somebody(one[1]) else None for one in given]
    known = _known(ctx, {new["phone_hash"] for new in made if new and new["phone_hash"]})
    added: list[Row] = []
    rows = [_found(known, added, new) if new else None for new in made]
    _add(ctx.session, Contact, added)
    return [row["id"] if row else None for row in rows]


def _is_somebody(given: ContactGiven) -> bool:
    return any((given.name, given.phone, given.email))


def _found(known: dict[tuple[str, str], Row], added: list[Row], new: Row) -> Row:
    """Without a telephone nobody can be told to be the same."""
    same = known.get((new["phone_hash"], new["digest"])) if new["phone_hash"] else None
    if same is None:
        added.append(new)
        known[new["phone_hash"], new["digest"]] = new
    return same or new


def _known(ctx: Context, hashes: set[str]) -> dict[tuple[str, str], Row]:
    if not hashes:
        return {}
    young = Contact.created_at > ctx.rules.contacts.used_again_since(ctx.now)
    query = select(Contact.phone_hash, Contact.digest, Contact.id).where(Contact.phone_hash.in_(hashes), young)
    rows = ctx.session.execute(query.where(Contact.destroyed_at.is_(None)).order_by(Contact.id.desc()))
    return {(row.phone_hash or "", row.digest): {"id": row.id} for row in rows}
