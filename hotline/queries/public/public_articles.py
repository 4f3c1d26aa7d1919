"""The knowledge base as the public reads it: what is in force, shelf by shelf; one article with its versions and its kin.

An article that has expired is shown to whoever has its address, with its warning; what is suspended, withdrawn, unpublished or
for staff is nothing that the public could ask for.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.queries.formatting import instant
from hotline.queries.knowledge import articles, knowledge_search
from hotline.queries.paging import FIRST, Order, Page, cursor_of, page_of
from hotline.queries.public.public_sections import LifeEvent, Section
from hotline.rules.actors import VISITOR
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState, Visibility

MOST_RELATED = 6


def readable(on: date) -> Select[*tuple[Any, ...]]:
    """(article, current version) of what everybody may read and what is in force on this day."""
    query = select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    return query.where(
        Article.state == ArticleState.PUBLISHED,
        ArticleVersion.visibility == str(Visibility.PUBLIC),
        ArticleVersion.effective_from <= on,
        or_(ArticleVersion.effective_to.is_(None), ArticleVersion.effective_to >= on),
    )


def on_shelf(shelf: Section | LifeEvent) -> ColumnElement[bool]:
    """Whether an article lies in this section, or belongs to this event."""
    if isinstance(shelf, Section):
        return Article.section == shelf.code
    return or_(ArticleVersion.category.in_(shelf.categories), Article.code.in_(shelf.articles))


def shelf_page(ctx: Context, shelf: Section | LifeEvent | None, page: Page = FIRST) -> dict[str, Any]:
    """The articles of a shelf, or of all of them, the latest publication first, and where the next page begins."""
    today = local(ctx.now).date()
    query = readable(today) if shelf is None else readable(today).where(on_shelf(shelf))
    query = page_of(query, Order(ArticleVersion.published_at, ArticleVersion.id, newest_first=True), page)
    rows = ctx.session.execute(query).all()
    shown = rows[: page.limit]
    last = shown[-1][1] if len(rows) > page.limit else None
    return {
        "items": [knowledge_search.line(article, version, today) for article, version in shown],
        "next_cursor": cursor_of(last.published_at, last.id) if last else None,
    }


def article_page(ctx: Context, code: str, *, on: date | None = None) -> dict[str, Any]:
    """An article in full, as it reads now or was read on a day; refuses `UnknownThing` when it is not public any more."""
    found = knowledge_search.article_by_code(ctx.by(VISITOR), code)
    versions = _versions(ctx.session, code)
    if on is not None:
        version = articles.version_on(ctx.by(VISITOR), code, on)
        found = knowledge_search.in_full(version.article, version, on)
    unit = select(Unit.name).where(Unit.code == found["owner_unit"])
    return {
        **found,
        "on": on.isoformat() if on else None,
        "owner_unit_name": ctx.session.scalar(unit),
        "published_at": next(v["published_at"] for v in versions if v["version"] == found["version"]),
        "versions": versions,
        "related": _related(ctx.session, code, found["category"], local(ctx.now).date()),
    }


def _versions(session: Session, code: str) -> list[dict[str, Any]]:
    """Every publication that everybody may read, the latest first."""
    query = select(ArticleVersion).join(Article, Article.id == ArticleVersion.article_id)
    query = query.where(Article.code == code, ArticleVersion.visibility == str(Visibility.PUBLIC))
    return [
        {
            "version": row.version,
            "published_at": instant(row.published_at),
            "effective_from": row.effective_from.isoformat(),
            "effective_to": row.effective_to.isoformat() if row.effective_to else None,
            "change_note": row.change_note,
        }
        for row in session.scalars(query.order_by(ArticleVersion.version.desc()))
    ]


def _related(session: Session, code: str, category: str, today: date) -> list[dict[str, str]]:
    query = readable(today).where(ArticleVersion.category == category, Article.code != code)
    rows = session.execute(query.order_by(ArticleVersion.id.desc()).limit(MOST_RELATED))
    return [{"code": article.code, "title": version.title} for article, version in rows]
