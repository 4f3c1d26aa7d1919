"""Keyset paging: a page begins where the last one ended, whatever came in meanwhile, and its cost never grows.

`page_of` is one way, for what is only read on; `read` goes both ways, and can say how far it has searched; `read_parts` does
so through several lists as one.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
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
BACK, NEXT_PART = "<", "~"


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
class Part:
    """A stretch of a list in one order. `bounded`: at most `DEPTH` rows that are `within` are looked through."""

    query: Select[Any]
    order: Order
    bounded: bool = False
    within: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows of one part; `stopped`: the place at which the search for more of them was given up."""

    part: int
    rows: list[Any]
    stopped: tuple[datetime, int] | None

    def places(self) -> list[tuple[str, Any]]:
        """Each row with the cursor behind it."""
        return [(_token(self.part, row[-2], row[-1]), row) for row in self.rows]


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
    return _from(query, order, _position(page.cursor) if page.cursor else None).limit(page.limit + 1)


def _from(query: Select[Any], order: Order, position: tuple[datetime, int] | None) -> Select[Any]:
    """The query in this order, behind this position."""
    if position:
        here, place = _compared(order, position)
        query = query.where(here < place if order.newest_first else here > place)
    columns = (order.at.desc(), order.id.desc()) if order.newest_first else (order.at, order.id)
    return query.order_by(*columns)


def _compared(order: Order, position: tuple[datetime, int]) -> tuple[Any, Any]:
    instant, last = position
    return tuple_(order.at, order.id), tuple_(literal(instant, Instant()), literal(last))


def read(session: Session, query: Select[Any], order: Order, page: Page, *, bounded: bool = False) -> PageRows:
    """One page, whichever way its cursor leads. Its rows carry the two columns of the order as their last.

    `bounded`: at most `DEPTH` rows of the table are looked through, found or not.
    """
    return read_parts(session, (Part(query, order, bounded),), page)


def read_parts(session: Session, parts: Sequence[Part], page: Page) -> PageRows:
    """One page of a list that is its parts one after the other, each in its own order; a page may hold the end of one
    and the beginning of the next. A part is asked for only where those before it leave room."""
    _check_limit(page.limit)
    back = page.cursor is not None and page.cursor.startswith(BACK)
    place = page.cursor.removeprefix(BACK) if page.cursor else None
    reached = _stretches(session, parts, place, page.limit, back=back)
    rows = [found for stretch in reached for found in stretch.places()]
    shown, stopped = rows[: page.limit], reached[-1].stopped
    if stopped:
        ahead: str | None = _token(reached[-1].part, *stopped)
    else:
        ahead = shown[-1][0] if len(rows) > page.limit else None
    behind = place and (shown[0][0] if shown else place)
    found, until = [row for _, row in shown], stopped[0] if stopped else None
    if back:
        return PageRows(found[::-1], behind or None, ahead and BACK + ahead, until)
    return PageRows(found, ahead, behind and BACK + behind, until)


def _stretches(session: Session, parts: Sequence[Part], place: str | None, limit: int, *, back: bool) -> list[_Stretch]:
    """Read the parts from the place on, for one page and one row more, until there is enough or a search stops."""
    first, here = _placed(place, len(parts))
    reached: list[_Stretch] = []
    wanted = limit + 1
    for number in range(first, -1, -1) if back else range(first, len(parts)):
        stretch = _stretch(session, parts[number], here, wanted, back=back, number=number)
        reached.append(stretch)
        wanted, here = wanted - len(stretch.rows), None
        if wanted <= 0 or stretch.stopped:
            break
    return reached


def _stretch(session: Session, part: Part, here: Any, wanted: int, *, back: bool, number: int) -> _Stretch:
    order = replace(part.order, newest_first=part.order.newest_first is not back)
    until = _depth(session, replace(part, order=order), here) if part.bounded else None
    query = _from(part.query.add_columns(order.at, order.id), order, here)
    if until:
        at, end = _compared(order, until)
        query = query.where(at >= end if order.newest_first else at <= end)
    rows = list(session.execute(query.limit(wanted)).all())
    return _Stretch(number, rows, until if len(rows) < wanted else None)


def _depth(session: Session, part: Part, here: tuple[datetime, int] | None) -> tuple[datetime, int] | None:
    """The last place that this page may look at; None where the table ends before."""
    walk = _from(select(part.order.at, part.order.id).where(*part.within), part.order, here)
    row = session.execute(walk.offset(DEPTH).limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def _token(part: int, at: datetime, id: int) -> str:
    """The cursor behind a row: which part it lies in is told by the marks before it."""
    return NEXT_PART * part + cursor_of(at, id)


def _placed(place: str | None, parts: int) -> tuple[int, tuple[datetime, int] | None]:
    if place is None:
        return 0, None
    cursor = place.lstrip(NEXT_PART)
    part = len(place) - len(cursor)
    if part >= parts:
        raise InvalidInput({"/cursor": WRONG})
    return part, _position(cursor)


def count(session: Session, query: Select[Any]) -> int:
    """How many rows there are, up to one more than `COUNTED`: the query has to be one that finds them without a scan."""
    few = query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(COUNTED + 1)
    return session.scalar(select(func.count()).select_from(few.subquery())) or 0
