"""The first rows of a list that stands beside others on a page, and how many more there are."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

Rows = Select[*tuple[Any, ...]]


class Shown(list[dict[str, Any]]):
    """Lines of a list; `left_out` says how many there are beside them."""

    def __init__(self, lines: Iterable[dict[str, Any]] = (), left_out: int = 0) -> None:
        super().__init__(lines)
        self.left_out = left_out

    def answer(self) -> dict[str, Any]:
        """The list as the API answers it."""
        return {"items": self, "left_out": self.left_out}


def shown(session: Session, query: Rows, most: int, line: Callable[..., dict[str, Any]]) -> Shown:
    """At most so many lines, each made of the columns of a row."""
    rows, left_out = first_rows(session, query, most)
    return Shown((line(*row) for row in rows), left_out)


def first_rows(session: Session, query: Rows, most: int) -> tuple[list[Any], int]:
    """At most so many rows, and how many are left out: they are counted only where there are some."""
    rows = session.execute(query.limit(most + 1)).all()
    left_out = _count(session, query) - most if len(rows) > most else 0
    return list(rows[:most]), left_out


def _count(session: Session, query: Rows) -> int:
    ones = query.order_by(None).with_only_columns(literal(1), maintain_column_froms=True)
    return session.scalar(select(func.count()).select_from(ones.subquery())) or 0
