"""What the knowledge base owes now: every running clock of its tasks, the nearest due first, and their number by kind."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, or_, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.lateness import is_late
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.queries import paging
from hotline.queries.formatting import labelled
from hotline.queries.knowledge.article_marks import address_of
from hotline.queries.knowledge.freshness import clock_line
from hotline.rules.actors import Actor
from hotline.rules.knowledge.article import visibilities_for
from hotline.rules.vocabulary import ClockKind


def by_kind(ctx: Context) -> list[dict[str, Any]]:
    """How many clocks run, and how many of them are late."""
    late = func.sum(case((is_late(Clock, ctx.now), 1), else_=0)).label("late")
    query = _running(select(Clock.kind, func.count().label("running"), late), ctx.actor)
    rows = ctx.session.execute(query.group_by(Clock.kind).order_by(Clock.kind)).all()
    return [{**labelled("kind", row.kind), "running": row.running, "late": int(row.late)} for row in rows]


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Which of the running clocks; None narrows nothing."""

    kind: ClockKind | None = None
    unit: str | None = None
    late: bool = False


def queue_page(ctx: Context, filters: QueueFilters, page: paging.Page) -> dict[str, Any]:
    """The rows that these numbers count: `items` and `next_cursor`."""
    query = _running(select(Clock, ArticleTask, Unit.name.label("unit_name"), Unit.code.label("unit")), ctx.actor)
    query = query.outerjoin(Unit, Unit.id == Clock.unit_id)
    if filters.kind is not None:
        query = query.where(Clock.kind == filters.kind)
    if filters.unit is not None:
        query = query.where(Unit.code == filters.unit)
    if filters.late:
        query = query.where(is_late(Clock, ctx.now))
    rows = ctx.session.execute(paging.page_of(query, paging.Order(Clock.due_at, Clock.id), page)).all()
    last = rows[page.limit - 1][0] if len(rows) > page.limit else None
    return {
        "items": [_line(ctx, row) for row in rows[: page.limit]],
        "next_cursor": paging.cursor_of(last.due_at, last.id) if last else None,
    }


def _running(query: Any, actor: Actor) -> Any:
    """Of articles that this person may read, and of policies."""
    query = query.select_from(Clock).join(ArticleTask, ArticleTask.id == Clock.task_id)
    query = query.outerjoin(Article, Article.id == ArticleTask.article_id)
    query = query.outerjoin(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    readable = or_(ArticleTask.article_id.is_(None), ArticleVersion.visibility.in_(visibilities_for(actor)))
    return query.where(Clock.stopped_at.is_(None), readable)


def _line(ctx: Context, row: Any) -> dict[str, Any]:
    clock, task = row[0], row[1]
    return {
        **clock_line(clock, ctx.now),
        "task": str(task.kind),
        "name": task.name,
        "title": task.title,
        "unit": row.unit,
        "unit_name": row.unit_name,
        "address": address_of(task, ctx.actor),
    }
