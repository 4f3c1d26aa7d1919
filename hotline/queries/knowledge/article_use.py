"""How articles are used: figures for those who keep them, and a number between 0 and 1 for whoever orders them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Subquery, case, cast, func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.knowledge.article_use import ArticleUse, ArticleVote, EmptySearch
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.models.tickets.tickets import Ticket
from hotline.queries import paging
from hotline.queries.formatting import instant
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article_use import Use
from hotline.rules.knowledge.article_use import usefulness as useful

YES = cast(ArticleVote.solved, Integer)


def use_page(ctx: Context, days: int, page: paging.Page) -> dict[str, Any]:
    """Articles that were of any use in these days; those that more often did not help than did come first."""
    uses, votes, cites = _uses(ctx.now, days), _votes(ctx.now, days), _cites(ctx.now, days)
    solved, asked = func.coalesce(votes.c.solved, 0), func.coalesce(votes.c.asked, 0)
    columns = {
        "shown": func.coalesce(uses.c.shown, 0),
        "opened": func.coalesce(uses.c.opened, 0),
        "cited": func.coalesce(cites.c.cited, 0),
        "solved": solved,
        "not_solved": asked - solved,
    }
    order: dict[str, Any] = {"worse": case((asked > 2 * solved, 1), else_=0), "not_solved": columns["not_solved"]}
    order |= {"opened": columns["opened"], "id": Article.id}
    labelled = {**order, **columns}
    query: Any = select(Article.code, ArticleVersion.title, *(found.label(name) for name, found in labelled.items()))
    query = query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    for found in (uses, votes, cites):
        query = query.outerjoin(found, found.c.article_id == Article.id)
    total: Any = sum(columns.values())
    query = paging.largest_first(query.where(total > 0), list(order.values()), page)
    rows = ctx.session.execute(query).all()
    shown = ("code", "title", *columns)
    return {
        "items": [{name: getattr(row, name) for name in shown} for row in rows[: page.limit]],
        "next_cursor": paging.numbers_of(rows[page.limit - 1], list(order)) if len(rows) > page.limit else None,
    }


def _uses(now: datetime, days: int) -> Subquery:
    def times(use: Use) -> Any:
        return func.sum(ArticleUse.times).filter(ArticleUse.use == use).label(str(use))

    query = select(ArticleUse.article_id, times(Use.SHOWN), times(Use.OPENED))
    return query.where(ArticleUse.used_on > _since(now, days)).group_by(ArticleUse.article_id).subquery()


def _votes(now: datetime, days: int) -> Subquery:
    query = select(ArticleVote.article_id, func.count().label("asked"), func.sum(YES).label("solved"))
    return query.where(ArticleVote.voted_on > _since(now, days)).group_by(ArticleVote.article_id).subquery()


def _cites(now: datetime, days: int) -> Subquery:
    """Read from the tickets: what an answer was given from stands there."""
    query = select(ArticleVersion.article_id, func.count().label("cited"))
    query = query.join(Ticket, Ticket.answer_version_id == ArticleVersion.id)
    return query.where(Ticket.replied_at > now - timedelta(days=days)).group_by(ArticleVersion.article_id).subquery()


def _since(now: datetime, days: int) -> Any:
    return local(now).date() - timedelta(days=days)


def usefulness(session: Session, article_ids: Collection[int]) -> dict[int, float]:
    """How useful the current version of each has shown itself, between 0 and 1; one half where nothing is known.

    What was said of an earlier version is forgotten: it may be just what was mended.
    """
    ids = [*article_ids]
    votes = select(ArticleVote.article_id, func.sum(YES), func.count()).join(
        Article, Article.id == ArticleVote.article_id
    )
    votes = votes.join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    votes = votes.where(ArticleVote.article_id.in_(ids), ArticleVote.version == ArticleVersion.version)
    cites = select(Article.id, func.count()).join(Ticket, Ticket.answer_version_id == Article.current_version_id)
    cited = dict(session.execute(cites.where(Article.id.in_(ids)).group_by(Article.id)).all())
    said = {row[0]: (row[1], row[2] - row[1]) for row in session.execute(votes.group_by(ArticleVote.article_id))}
    return {id: useful(*said.get(id, (0, 0)), cited.get(id, 0)) for id in ids}


def empty_search_page(session: Session, page: paging.Page) -> dict[str, Any]:
    """Searches that found nothing and wait for somebody, those asked most often first."""
    waiting = select(EmptySearch).where(EmptySearch.settled_at.is_(None))
    order = (EmptySearch.times, EmptySearch.id)
    rows = session.scalars(paging.largest_first(waiting, order, page)).all()
    items = [
        {
            "id": row.id,
            "text": row.text,
            "times": row.times,
            "first_at": instant(row.first_at),
            "last_at": instant(row.last_at),
        }
        for row in rows[: page.limit]
    ]
    more = len(rows) > page.limit
    return {"items": items, "next_cursor": paging.numbers_of(rows[page.limit - 1], ("times", "id")) if more else None}


def empty_search(session: Session, search_id: int) -> str | None:
    """What was searched for, as long as it waits."""
    query = select(EmptySearch.text).where(EmptySearch.id == search_id, EmptySearch.settled_at.is_(None))
    return session.scalar(query)
