"""Late, in SQL: the same answers as `rules/deadlines/lateness.py`, for queries that filter and count."""

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, SQLColumnExpression, and_, func, or_, type_coerce
from sqlalchemy.orm.util import AliasedClass

from hotline.models.database.base import Instant
from hotline.models.deadlines.clocks import Clock

Clocks = type[Clock] | AliasedClass[Clock]


def due_is_late(
    due_at: SQLColumnExpression[datetime | None], now: datetime, *, provisional: SQLColumnExpression[bool]
) -> ColumnElement[bool]:
    """Return the condition that the due of a clock that runs and is not paused is late."""
    return and_(due_at < now, ~provisional)


def is_late(clock: Clocks, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a clock is late: it runs, is neither paused nor provisional, and its due has passed."""
    runs = (clock.stopped_at.is_(None), clock.paused_at.is_(None))
    return and_(*runs, due_is_late(clock.due_at, now, provisional=clock.provisional))


def was_late(clock: Clocks, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a clock is or was late: as it was fixed when it ended, or as it stands."""
    at = func.coalesce(clock.paused_at, type_coerce(now, Instant()))
    return or_(clock.late.is_(True), and_(clock.stopped_at.is_(None), clock.due_at < at, ~clock.provisional))


def is_counted(clock: Clocks, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a clock counts in the rates of what was on time: it was met, or it is or was late."""
    return or_(clock.met_at.is_not(None), was_late(clock, now))


def late_within(clock: Clocks, now: datetime, ahead: timedelta) -> ColumnElement[bool]:
    """Return the condition that a clock is not late yet, and will be before this time has passed."""
    return and_(is_late(clock, now + ahead), clock.due_at >= now)
