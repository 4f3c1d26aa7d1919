"""How fresh each unit's articles are: one condition for each pile, for its number and for the rows behind it alike."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.models.knowledge.policies import Policy
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.queries.knowledge.article_marks import review_on
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.deadlines.lateness import is_late
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState, visibilities_for
from hotline.rules.knowledge.freshness import FreshnessRules, Pile, PolicyState, standing

WAITING = "waiting"


def conditions(today: date, rules: FreshnessRules) -> dict[Pile, ColumnElement[bool]]:
    """What lies on each pile today; an article may lie on several."""
    published = Article.state == ArticleState.PUBLISHED
    until = Article.effective_to
    holds = and_(published, Article.effective_from <= today, or_(until.is_(None), until >= today))
    soon = today + timedelta(days=rules.review_opens_days)
    ends = today + timedelta(days=rules.expiry_opens_days)
    return {
        Pile.IN_FORCE: holds,
        Pile.TO_CONFIRM: and_(published, Article.review_state == "to_confirm"),
        Pile.REVIEW_DUE: and_(holds, Article.review_on.between(today, soon)),
        Pile.REVIEW_OVERDUE: and_(holds, today > Article.review_on),
        Pile.EXPIRING: and_(holds, until <= ends),
        Pile.EXPIRED: and_(published, until < today),
        Pile.DISPUTED: Article.disputes > 0,
    }


def by_unit(ctx: Context) -> dict[str, Any]:
    """`units`, each with a number for every pile and for the policies that wait, and the `total`: of what may be read."""
    piles = conditions(local(ctx.now).date(), ctx.rules.freshness)
    counted = [func.sum(case((condition, 1), else_=0)).label(str(pile)) for pile, condition in piles.items()]
    query = select(Article.owner_unit, *counted).where(Article.visibility.in_(visibilities_for(ctx.actor)))
    rows = ctx.session.execute(query.group_by(Article.owner_unit)).all()
    found = {row.owner_unit: {str(pile): int(getattr(row, pile)) for pile in Pile} for row in rows}
    waiting = select(Policy.owner_unit, func.count()).where(Policy.state == PolicyState.WAITING)
    policies = {row[0]: row[1] for row in ctx.session.execute(waiting.group_by(Policy.owner_unit))}
    names = {row.code: row.name for row in ctx.session.execute(select(Unit.code, Unit.name).order_by(Unit.id))}
    nothing = dict.fromkeys(map(str, Pile), 0)
    units = [
        {"unit": code, "unit_name": name, **found.get(code, nothing), WAITING: policies.get(code, 0)}
        for code, name in names.items()
        if code in found or code in policies
    ]
    units = [unit for unit in units if any(unit[name] for name in (*map(str, Pile), WAITING))]
    return {"units": units, "total": {name: sum(unit[name] for unit in units) for name in (*nothing, WAITING)}}


@dataclass(frozen=True, slots=True)
class PileFilters:
    """One pile, of one unit or of all."""

    pile: Pile
    unit: str | None = None


def pile_page(ctx: Context, filters: PileFilters, page: paging.Page) -> dict[str, Any]:
    """The articles that the number of a pile counts, each with the running clocks of its tasks."""
    today = local(ctx.now).date()
    query: Any = select(Article, ArticleVersion, Unit.name.label("unit_name"))
    query = query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    query = query.outerjoin(Unit, Unit.code == Article.owner_unit)
    query = query.where(Article.visibility.in_(visibilities_for(ctx.actor)))
    query = query.where(conditions(today, ctx.rules.freshness)[filters.pile])
    if filters.unit is not None:
        query = query.where(Article.owner_unit == filters.unit)
    rows = ctx.session.execute(paging.page_of(query, paging.Order(ArticleVersion.published_at, Article.id), page)).all()
    last = rows[page.limit - 1] if len(rows) > page.limit else None
    clocks = _clocks(ctx, [row[0].id for row in rows[: page.limit]])
    return {
        "items": [_line(row, today, clocks.get(row[0].id, [])) for row in rows[: page.limit]],
        "next_cursor": paging.cursor_of(last[1].published_at, last[0].id) if last else None,
    }


def _line(row: Any, today: date, clocks: list[dict[str, Any]]) -> dict[str, Any]:
    article, version = row[0], row[1]
    return {
        "code": article.code,
        "version": version.version,
        "title": version.title,
        "unit": version.owner_unit,
        "unit_name": row.unit_name,
        **labelled("standing", standing(article.state, version.effective_from, version.effective_to, today)),
        "to_confirm": article.review_state == "to_confirm",
        "disputed": bool(article.disputes),
        "next_review_on": review_on(article, version).isoformat(),
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
        "clocks": clocks,
    }


def _clocks(ctx: Context, articles: list[int]) -> dict[int | None, list[dict[str, Any]]]:
    query = select(ArticleTask.article_id, Clock).join(Clock, Clock.task_id == ArticleTask.id)
    query = query.where(ArticleTask.article_id.in_(articles), Clock.stopped_at.is_(None))
    found: dict[int | None, list[dict[str, Any]]] = {}
    for article_id, clock in ctx.session.execute(query.order_by(Clock.due_at, Clock.id)):
        found.setdefault(article_id, []).append(clock_line(clock, ctx.now))
    return found


def clock_line(clock: Clock, now: datetime) -> dict[str, Any]:
    """A running clock of the knowledge base."""
    return {
        "clock_id": clock.id,
        **labelled("kind", clock.kind),
        "due_at": instant(clock.due_at),
        "provisional": clock.provisional,
        "late": is_late(clock, now),
        "step": clock.step,
        "step_label": STEP_LABELS[clock.step] if clock.step >= 0 else None,
    }
