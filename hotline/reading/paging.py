"""Keyset paging: a page begins where the last one ended, whatever came in meanwhile, and its cost never grows."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, tuple_

from hotline.records.base import Instant
from hotline.rules.refusals import InvalidInput

LONGEST = 200
DEFAULT = 50
LARGEST_ID = 2**63 - 1
WRONG = "翻页位置不对，请从第一页看起"


def cursor_of(at: datetime, id: int) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{id}".encode()).decode().rstrip("=")


def id_of(cursor: str) -> int:
    """Where a list that is ordered by the ids alone goes on; refuses `InvalidInput` for what is no such place."""
    try:
        return _id(cursor)
    except ValueError:
        raise InvalidInput({"/cursor": WRONG}) from None


def _id(text: str) -> int:
    id = int(text)
    if not 0 <= id <= LARGEST_ID:
        raise ValueError
    return id


def _position(cursor: str) -> tuple[datetime, int]:
    try:
        at, id = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None or not 0 <= int(id) < 1 << 63:
            raise ValueError
        return instant.astimezone(UTC), _id(id)
    except (ValueError, OverflowError, binascii.Error):
        raise InvalidInput({"/cursor": WRONG}) from None


def page(
    query: Select[Any], at: Any, id: Any, *, cursor: str | None, limit: int, newest_first: bool = False
) -> Select[Any]:
    """The query ordered by (at, id) from the cursor on; it asks for one row more than `limit`, to know if there is a next."""
    if not 1 <= limit <= LONGEST:
        raise InvalidInput({"/limit": f"每页1至{LONGEST}条"})
    if cursor:
        instant, last = _position(cursor)
        here, there = tuple_(at, id), tuple_(literal(instant, Instant()), literal(last))
        condition: ColumnElement[bool] = here < there if newest_first else here > there
        query = query.where(condition)
    order = (at.desc(), id.desc()) if newest_first else (at, id)
    return query.order_by(*order).limit(limit + 1)
