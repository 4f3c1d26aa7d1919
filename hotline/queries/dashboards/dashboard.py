"""The wall of the supervisors: one look at what is late, what soon will be, and what waits; read in one snapshot.

Each number is counted by the conditions of the list that its link opens.
"""

from datetime import date
from typing import Any

from sqlalchemy import func

from hotline.context import Context
from hotline.models.handling.tracked import TrackedItem
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.queries.dashboards.decisions import decision_counts
from hotline.queries.deadlines.overdue import clock_counts, step_counts
from hotline.queries.formatting import instant, labelled
from hotline.queries.handling.tracked import TrackedFilters, tracked_rows
from hotline.queries.knowledge import article_queue, freshness
from hotline.queries.messages import deliveries
from hotline.queries.ratings.rectifications import CaseFilters, case_rows
from hotline.queries.supervision import false_completions
from hotline.rules.deadlines.due_counts import When
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.digest import CENTRE
from hotline.rules.vocabulary import ClockKind


def wall(ctx: Context, *, unit: str | None = None) -> dict[str, Any]:
    """Everything that the wall shows, of all units or of one (`centre`: what nobody but the centre answers for)."""
    since = local(ctx.now).date().replace(day=1)
    fresh = freshness.by_unit(ctx)
    return {
        "at": instant(ctx.now),
        "clocks": grid(clock_counts(ctx, unit=unit)),
        "steps": step_counts(ctx, unit=unit),
        **decision_counts(ctx, unit=unit),
        "cases": _cases(ctx, unit),
        "tracked": _tracked(ctx, unit),
        "sham": {"since": since.isoformat(), "count": _sham(ctx, since, unit)},
        "articles": _of_unit(fresh, unit),
        "article_clocks": article_queue.by_kind(ctx) if unit is None else [],
        "deliveries": deliveries.late_counts(ctx),
    }


def grid(counts: list[dict[str, Any]]) -> dict[str, Any]:
    """Units by kinds of clock: `cells[unit][kind][when]`, with the totals of each row, of each column and of all."""
    kinds = [kind for kind in ClockKind if any(row["kind"] is kind for row in counts)]
    rows: dict[str, dict[str, Any]] = {}
    for row in counts:
        code = row["unit"] or CENTRE
        line = rows.setdefault(code, {"unit": code, "unit_name": row["unit_name"] or "热线中心", "cells": {}})
        line["cells"][row["kind"]] = row
    for line in rows.values():
        line["total"] = _summed(line["cells"].values())
    return {
        "kinds": [labelled("kind", kind) for kind in kinds],
        "rows": list(rows.values()),
        "by_kind": {kind: _summed(row for row in counts if row["kind"] is kind) for kind in kinds},
        "total": _summed(counts),
    }


def _summed(rows: Any) -> dict[str, int]:
    found = list(rows)
    return {when: sum(row[when] for row in found) for when in When}


def _cases(ctx: Context, unit: str | None) -> dict[str, Any]:
    late = case_rows(ctx, CaseFilters(unit=unit, late=True))
    return {
        "states": [
            {**labelled("state", state), "count": number}
            for state, number in ctx.session.execute(
                _count_by(case_rows(ctx, CaseFilters(unit=unit)).where(IS_OPEN_CASE), Rectification.state)
            )
        ],
        "late": ctx.session.scalar(_count(late)) or 0,
    }


def _tracked(ctx: Context, unit: str | None) -> dict[str, Any]:
    rows = tracked_rows(ctx, TrackedFilters(unit=unit))
    late = tracked_rows(ctx, TrackedFilters(unit=unit, late=True))
    return {
        "states": [
            {**labelled("state", state), "count": number}
            for state, number in ctx.session.execute(_count_by(rows, TrackedItem.state))
        ],
        "late": ctx.session.scalar(_count(late)) or 0,
    }


def _sham(ctx: Context, since: date, unit: str | None) -> int:
    filters = false_completions.ShamFilters(unit, since)
    return ctx.session.scalar(_count(false_completions.sham_rows(ctx.actor, filters))) or 0


def _count(query: Any) -> Any:
    return query.with_only_columns(func.count(), maintain_column_froms=True)


def _count_by(query: Any, by: Any) -> Any:
    return query.with_only_columns(by, func.count(), maintain_column_froms=True).group_by(by).order_by(by)


def _of_unit(fresh: dict[str, Any], unit: str | None) -> dict[str, int]:
    if unit is None:
        total: dict[str, int] = fresh["total"]
        return total
    nothing = dict.fromkeys(fresh["total"], 0)
    return next((found for found in fresh["units"] if found["unit"] == unit), nothing)
