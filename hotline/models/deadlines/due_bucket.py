"""How near a due is, in SQL: the same parts as `rules/deadlines/due_bucket.py`, for lists, desks and counts."""

from sqlalchemy import ColumnElement, and_, or_, true

from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.lateness import is_late
from hotline.rules.deadlines.due_bucket import Edges, Nearness
from hotline.rules.deadlines.due_counts import PARTS, When


def parts_at(edges: Edges) -> dict[Nearness, ColumnElement[bool]]:
    """Return the condition of each part on a running clock: each of them lies in one part, the same as by `Edges.of`."""
    counts, late = Clock.paused_at.is_(None), is_late(Clock, edges.now)
    return {
        Nearness.LATE: late,
        Nearness.TODAY: and_(counts, Clock.due_at < edges.tomorrow, ~late),
        Nearness.NEAR: and_(counts, Clock.due_at >= edges.tomorrow, Clock.due_at <= edges.close),
        Nearness.LATER: and_(counts, Clock.due_at > edges.close),
        Nearness.PAUSED: Clock.paused_at.is_not(None),
    }


def counts_as(when: When, edges: Edges) -> ColumnElement[bool]:
    """Return the condition on a running clock that is not paused to be counted there, by its part and `due_counts.PARTS`."""
    if when is When.RUNNING:
        return true()
    parts = parts_at(edges)
    return and_(~Clock.provisional, or_(*(parts[part] for part in PARTS[when])))
