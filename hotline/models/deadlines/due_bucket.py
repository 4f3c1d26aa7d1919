"""How near a due is, in SQL: the same parts as `rules/deadlines/due_bucket.py`, for lists, desks and counts."""

from sqlalchemy import ColumnElement, and_, or_, true

from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.lateness import is_late
from hotline.rules.deadlines.due_bucket import Edges, Nearness
from hotline.rules.deadlines.due_counts import PARTS, When


def parts_at(edges: Edges) -> dict[Nearness, ColumnElement[bool]]:
    """Return the condition of each part on a running clock: each of them lies in one part, the same as by `Edges.of`."""
    return {part: part_at(part, edges) for part in Nearness if part is not Nearness.WAITING}


def part_at(part: Nearness, edges: Edges) -> ColumnElement[bool]:
    """Return the condition that a running clock lies in this part; what waits for the centre has no clock."""
    counts = Clock.paused_at.is_(None)
    if part is Nearness.LATE:
        return is_late(Clock, edges.now)
    if part is Nearness.TODAY:
        return and_(counts, Clock.due_at < edges.tomorrow, ~is_late(Clock, edges.now))
    if part is Nearness.NEAR:
        return and_(counts, Clock.due_at >= edges.tomorrow, Clock.due_at <= edges.close)
    return and_(counts, Clock.due_at > edges.close) if part is Nearness.LATER else Clock.paused_at.is_not(None)


def counts_as(when: When, edges: Edges) -> ColumnElement[bool]:
    """Return the condition on a running clock that is not paused to be counted there, by its part and `due_counts.PARTS`."""
    if when is When.RUNNING:
        return true()
    parts = [part_at(part, edges) for part in PARTS[when]]
    if when is When.LATE:
        return parts[0]
    # What is neither provisional nor late is due from now on: said so that the index is read from there.
    return and_(~Clock.provisional, Clock.due_at >= edges.now, or_(*parts))
