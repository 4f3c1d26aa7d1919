"""Keyset paging: a page begins where the last one ended, whatever came in meanwhile, and its cost never grows.

`page_of` is one way, for what is only read on; `read` goes both ways, and can say how far it has searched.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from hotline.models.database.base import Instant
from hotline.rules.refusals import InvalidInput

LONGEST = 200
DEFAULT = 50
COUNTED = 200
"""Up to so many rows are counted; beyond that there are "more than"."""
DEPTH = 20_000
"""So many rows at most are looked through for one page of a list that its filters may leave almost empty."""
LARGEST_ID = 2**63 - 1
WRONG = "翻页位置不对，请从第一页看起"
BACK = "<"


@dataclass(frozen=True, slots=True)
class Page:
    """The page that is asked for: at most `limit` rows from `cursor` on (None: from the beginning of the list)."""

    cursor: str | None = None
    limit: int = DEFAULT


FIRST = Page()


@dataclass(frozen=True, slots=True)
class Order:
    """The columns by which a list is ordered: an instant, and the id where two are the same."""

    at: Any
    id: Any
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows in the order of the list. `searched_to`: where a search has stopped, before the page was full."""

    rows: list[Any]
    next_cursor: str | None = None
    previous_cursor: str | None = None
    searched_to: datetime | None = None

    def ends(self) -> dict[str, str | None]:
        """The two cursors, as lists answer them."""
        return {"next_cursor": self.next_cursor, "previous_cursor": self.previous_cursor}


def cursor_of(at: datetime, id: int) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{id}".encode()).decode().rstrip("=")


def _id(text: str) -> int:
    id = int(text)
    if not 0 <= id <= LARGEST_ID:
        raise ValueError
    return id


def largest_first(query: Select[Any], numbers: Sequence[Any], page: Page) -> Select[Any]:
    """The query ordered by whole numbers, the last of them the id, from the cursor on, which is one number beside the other.

    It asks for one row more than the page has. Refuses `InvalidInput`.
    """
    _check_limit(page.limit)
    if page.cursor:
        try:
            last = [_id(text) for text in page.cursor.split("-")]
        except ValueError:
            last = []
        if len(last) != len(numbers):
            raise InvalidInput({"/cursor": WRONG})
        query = query.where(tuple_(*numbers) < tuple_(*map(literal, last)))
    return query.order_by(*(number.desc() for number in numbers)).limit(page.limit + 1)


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
        if instant.tzinfo is None:
            raise ValueError
        return instant.astimezone(UTC), _id(id)
    except (ValueError, OverflowError, binascii.Error):
        raise InvalidInput({"/cursor": WRONG}) from None


def page_of(query: Select[Any], order: Order, page: Page) -> Select[Any]:
    """Order the query and begin at the cursor; ask for one row more than the page has, to know if there is a next."""
    _check_limit(page.limit)
    if page.cursor:
        here, place = _compared(order, _position(page.cursor))
        query = query.where(here < place if order.newest_first else here > place)
    columns = (order.at.desc(), order.id.desc()) if order.newest_first else (order.at, order.id)
    return query.order_by(*columns).limit(page.limit + 1)


def _compared(order: Order, position: tuple[datetime, int]) -> tuple[Any, Any]:
    instant, last = position
    return tuple_(order.at, order.id), tuple_(literal(instant, Instant()), literal(last))


def read(session: Session, query: Select[Any], order: Order, page: Page, *, bounded: bool = False) -> PageRows:
    """One page, whichever way its cursor leads. Its rows carry the two columns of the order as their last.

    `bounded`: at most `DEPTH` rows of the table are looked through, found or not.
    """
    back = page.cursor is not None and page.cursor.startswith(BACK)
    place = page.cursor.removeprefix(BACK) if page.cursor else None
    onwards = replace(order, newest_first=order.newest_first is not back)
    until = _depth(session, onwards, place) if bounded else None
    ordered = page_of(query.add_columns(order.at, order.id), onwards, replace(page, cursor=place))
    if until:
        here, end = _compared(order, until)
        ordered = ordered.where(here >= end if onwards.newest_first else here <= end)
    found = list(session.execute(ordered).all())
    more, rows = len(found) > page.limit, found[: page.limit]
    stopped = until if not more else None
    ahead = cursor_of(*rows[-1][-2:]) if more else cursor_of(*until) if until else None
    behind = place and (cursor_of(*rows[0][-2:]) if rows else place)
    if back:
        return PageRows(rows[::-1], behind or None, ahead and BACK + ahead, stopped and stopped[0])
    return PageRows(rows, ahead, behind and BACK + behind, stopped and stopped[0])


def _depth(session: Session, order: Order, place: str | None) -> tuple[datetime, int] | None:
    """The last place that this page may look at; None where the table ends before."""
    walk = page_of(select(order.at, order.id), order, Page(place, 1)).offset(DEPTH).limit(1)
    row = session.execute(walk).one_or_none()
    return (row[0], row[1]) if row else None


def count(session: Session, query: Select[Any]) -> int:
    """How many rows there are, up to one more than `COUNTED`: the query has to be one that finds them without a scan."""
    few = query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(COUNTED + 1)
    return session.scalar(select(func.count()).select_from(few.subquery())) or 0
