"""Registered policies, those that wait for an article first registered first, with their clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.articles import Article
from hotline.models.knowledge.policies import Policy
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.queries.knowledge.freshness import clock_line
from hotline.rules.knowledge.freshness import PolicyState
from hotline.rules.refusals import UnknownThing

TEXTS = ("title", "document_number", "issuing_body", "source_url", "level", "owner_unit")


@dataclass(frozen=True, slots=True)
class PolicyFilters:
    """In which state, and of which unit (None: of all)."""

    state: PolicyState = PolicyState.WAITING
    unit: str | None = None


def policy_page(ctx: Context, filters: PolicyFilters, page: paging.Page) -> dict[str, Any]:
    """`items` and `next_cursor`."""
    query: Any = _query().where(Policy.state == filters.state)
    if filters.unit is not None:
        query = query.where(Policy.owner_unit == filters.unit)
    rows = ctx.session.execute(paging.page_of(query, paging.Order(Policy.registered_at, Policy.id), page)).all()
    last = rows[page.limit - 1][0] if len(rows) > page.limit else None
    return {
        "items": [_line(row, ctx.now) for row in rows[: page.limit]],
        "next_cursor": paging.cursor_of(last.registered_at, last.id) if last else None,
    }


def policy_line(ctx: Context, policy_id: int) -> dict[str, Any]:
    """One of them; refuses `UnknownThing`."""
    row = ctx.session.execute(_query().where(Policy.id == policy_id)).one_or_none()
    if row is None:
        raise UnknownThing("这份政策")
    return _line(row, ctx.now)


def _query() -> Any:
    query = select(Policy, Clock, Article.code.label("article"), Unit.name.label("unit_name"))
    query = query.join(ArticleTask, ArticleTask.policy_id == Policy.id)
    query = query.outerjoin(Clock, and_(Clock.task_id == ArticleTask.id, Clock.stopped_at.is_(None)))
    query = query.outerjoin(Article, Article.id == Policy.article_id)
    return query.outerjoin(Unit, Unit.code == Policy.owner_unit)


def _line(row: Any, now: datetime) -> dict[str, Any]:
    policy, clock = row[0], row[1]
    return {
        "id": policy.id,
        **{name: getattr(policy, name) for name in TEXTS},
        "unit_name": row.unit_name,
        "published_on": policy.published_on.isoformat(),
        "registered_at": instant(policy.registered_at),
        **labelled("state", policy.state),
        "article": row.article,
        "settled_at": instant(policy.settled_at),
        "reason": policy.reason,
        "clock": clock_line(clock, now) if clock else None,
    }


def beginning(ctx: Context, policy_id: int) -> dict[str, str]:
    """What an article about this policy begins with: the fields of a form, by their names."""
    policy = policy_line(ctx, policy_id)
    same = {name: policy[name] for name in ("document_number", "issuing_body", "source_url", "level", "owner_unit")}
    return {**same, "title": policy["title"], "policy_title": policy["title"], "change_note": "首次收录"}
