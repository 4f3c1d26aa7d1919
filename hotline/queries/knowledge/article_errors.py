"""Reported errors: for those who decide, and for those who reported what came of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleError, ArticleTask
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.queries.knowledge.freshness import clock_line
from hotline.rules.knowledge.article import visibilities_for
from hotline.rules.knowledge.freshness import DISPUTING, WATCH_ARTICLES, ErrorState
from hotline.rules.vocabulary import Role

Decider = aliased(Staff)


@dataclass(frozen=True, slots=True)
class ErrorFilters:
    """Which reports; None narrows nothing. `mine`: what the reader reported, in any state."""

    state: ErrorState | None = None
    unit: str | None = None
    mine: bool = False
    article: str | None = None


def error_page(ctx: Context, filters: ErrorFilters, page: paging.Page = paging.FIRST) -> dict[str, Any]:
    """The oldest first. Whoever does not keep the knowledge base sees what they reported themselves."""
    query: Any = _query().where(ArticleVersion.visibility.in_(visibilities_for(ctx.actor)))
    if filters.mine or not ctx.actor.roles & WATCH_ARTICLES:
        query = query.where(ArticleError.reported_by == ctx.actor.staff_id)
    elif filters.state is None and filters.article is None:
        query = query.where(ArticleError.state.in_(DISPUTING))
    equal = {
        ArticleError.state: filters.state,
        ArticleVersion.owner_unit: filters.unit,
        Article.code: filters.article,
    }
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    order = paging.Order(ArticleError.reported_at, ArticleError.id)
    rows = ctx.session.execute(paging.page_of(query, order, page)).all()
    last = rows[page.limit - 1][0] if len(rows) > page.limit else None
    return {
        "items": [_line(ctx, row) for row in rows[: page.limit]],
        "next_cursor": paging.cursor_of(last.reported_at, last.id) if last else None,
    }


def error_line(ctx: Context, error_id: int) -> dict[str, Any]:
    """One report, for whoever has just made or decided it."""
    return _line(ctx, ctx.session.execute(_query().where(ArticleError.id == error_id)).one())


def _query() -> Any:
    names = (Staff.name.label("reporter"), Decider.name.label("decider"), Article.code)
    query = select(ArticleError, Clock, *names, Article.state, ArticleVersion)
    query = query.join(Article, Article.id == ArticleError.article_id)
    query = query.join(ArticleVersion, ArticleVersion.id == ArticleError.version_id)
    query = query.join(Staff, Staff.id == ArticleError.reported_by)
    query = query.outerjoin(Decider, Decider.id == ArticleError.decided_by)
    query = query.join(ArticleTask, ArticleTask.error_id == ArticleError.id)
    return query.outerjoin(Clock, and_(Clock.task_id == ArticleTask.id, Clock.stopped_at.is_(None)))


def _line(ctx: Context, row: Any) -> dict[str, Any]:
    error, clock, version = row[0], row[1], row.ArticleVersion
    decides = Role.EDITOR in ctx.actor.roles and error.state in DISPUTING
    return {
        "id": error.id,
        "article": row.code,
        "version": version.version,
        "title": version.title,
        "unit": version.owner_unit,
        **labelled("article_state", row.state),
        **labelled("kind", error.kind),
        "text": error.text,
        "high_risk": error.high_risk,
        **labelled("state", error.state),
        "reported_by": row.reporter,
        "reported_at": instant(error.reported_at),
        "decided_by": row.decider,
        "decided_at": instant(error.decided_at),
        "finding": error.finding,
        "mended_at": instant(error.mended_at),
        "mended_version": error.mended_version,
        "may_confirm": decides and error.state is ErrorState.OPEN,
        "may_dismiss": decides and version.written_by != ctx.actor.staff_id,
        "clock": clock_line(clock, ctx.now) if clock else None,
    }
