"""Keyset paging: a page begins where the last one ended, whatever came in meanwhile, and its cost never grows."""

import base64
import binascii
from collections.abc import Sequence
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


def largest_first(query: Select[Any], numbers: Sequence[Any], *, cursor: str | None, limit: int) -> Select[Any]:
    """The query ordered by whole numbers, the last of them the id, from the cursor on, which is one number beside the other.

    It asks for one row more than `limit`. Refuses `InvalidInput`.
    """
    _check_limit(limit)
    if cursor:
        try:
            last = [_id(text) for text in cursor.split("-")]
        except ValueError:
            last = []
        if len(last) != len(numbers):
            raise InvalidInput({"/cursor": WRONG})
        query = query.where(tuple_(*numbers) < tuple_(*map(literal, last)))
    return query.order_by(*(number.desc() for number in numbers)).limit(limit + 1)


def numbers_of(row: Any, names: Sequence[str]) -> str:
    """The cursor behind this row for `largest_first`."""
    return "-".join(str(getattr(row, name)) for name in names)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= LONGEST:
        raise InvalidInput({"/limit": f"每页1至{LONGEST}条"})


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
    _check_limit(limit)
    if cursor:
        instant, last = _position(cursor)
        here, there = tuple_(at, id), tuple_(literal(instant, Instant()), literal(last))
        condition: ColumnElement[bool] = here < there if newest_first else here > there
        query = query.where(condition)
    order = (at.desc(), id.desc()) if newest_first else (at, id)
    return query.order_by(*order).limit(limit + 1)
