"""The file of an enterprise: its names, its latest tickets, and which others are called the same."""

from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.database.base import stored
from hotline.models.intake.enterprise_family import in_family
from hotline.models.intake.enterprises import Enterprise
from hotline.models.tickets.tickets import Ticket
from hotline.queries.formatting import instant, labelled
from hotline.queries.intake.suggestions import latest_tickets
from hotline.rules.intake import credit_code
from hotline.rules.intake.company_name import NameKind
from hotline.rules.refusals import UnknownThing

MOST_NAMES, MOST_PROPOSALS = 100, 100
IS_NAMED_ALIKE = stored("enterprises", "named_alike")


def enterprise_file(ctx: Context, enterprise_id: int) -> dict[str, Any]:
    """Return the enterprise for which a row stands; refuse `UnknownThing` for an id that nobody has."""
    given = ctx.session.get(Enterprise, enterprise_id)
    if given is None:
        raise UnknownThing("这家企业")
    head = ctx.session.get_one(Enterprise, given.head_id) if given.head_id else given
    names = _names(ctx, head)
    return {
        **_line(head),
        "names": [_name(row) for row in names[:MOST_NAMES]],
        "more_names": len(names) > MOST_NAMES,
        "named_alike": [_line(row) for row in _alike(ctx, head)],
        "tickets": latest_tickets(ctx, Ticket.enterprise_id.in_(select(Enterprise.id).where(in_family(head.id)))),
    }


def merge_proposals(ctx: Context, after: str = "") -> dict[str, Any]:
    """Return verified enterprises of the same name, together, and after which name the next page begins (None: no more)."""
    query = select(Enterprise).where(IS_NAMED_ALIKE, Enterprise.name_key > after)
    query = query.order_by(Enterprise.name_key, Enterprise.id).limit(MOST_PROPOSALS + 1)
    rows = list(ctx.session.scalars(query))
    more = len(rows) > MOST_PROPOSALS and rows[0].name_key != rows[-1].name_key
    shown = [row for row in rows if not more or row.name_key != rows[-1].name_key]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in shown:
        groups.setdefault(row.name_key, []).append(_line(row))
    return {"items": list(groups.values()), "next_after": shown[-1].name_key if more else None}


def _names(ctx: Context, head: Enterprise) -> list[Enterprise]:
    query = select(Enterprise).where(Enterprise.head_id == head.id)
    own_first = Enterprise.verified_at.is_(None), Enterprise.id
    return list(ctx.session.scalars(query.order_by(*own_first).limit(MOST_NAMES + 1)))


def _alike(ctx: Context, head: Enterprise) -> list[Enterprise]:
    query = select(Enterprise).where(Enterprise.name_key == head.name_key, Enterprise.head_id.is_(None))
    query = query.where(Enterprise.verified_at.is_not(None), Enterprise.id != head.id)
    return list(ctx.session.scalars(query.order_by(Enterprise.id).limit(MOST_NAMES)))


def _line(row: Enterprise) -> dict[str, Any]:
    code = row.credit_code or row.given_code
    return {
        "id": row.id,
        "name": row.name,
        "credit_code": code,
        "credit_code_warning": credit_code.warning(code),
        "verified": row.verified_at is not None,
    }


def _name(row: Enterprise) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "credit_code": row.credit_code or row.given_code,
        **labelled("kind", row.kind),
        "joined_at": instant(row.joined_at),
        "may_split": row.kind is NameKind.MERGED,
    }
