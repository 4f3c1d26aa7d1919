"""Articles: found by what people ask, in force first; what is not in force is shown when asked for, with its warning."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from hotline.context import Context
from hotline.models.database.session import lexicon_of
from hotline.models.knowledge.articles import Article, ArticleVersion, version_in_force
from hotline.queries.formatting import instant
from hotline.queries.knowledge import ranking
from hotline.queries.knowledge.article_marks import marks, review_on
from hotline.queries.knowledge.knowledge_query import understood
from hotline.queries.knowledge.snippet import snippet
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState, visibilities_for
from hotline.rules.knowledge.validity import in_force
from hotline.rules.refusals import UnknownThing


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for beside the text. `on`: the day on which it must be in force; `expired`: the others as well."""

    section: str | None = None
    unit: str | None = None
    level: str | None = None
    category: str | None = None
    on: date | None = None
    expired: bool = False

    @property
    def wanted(self) -> list[ColumnElement[bool]]:
        columns: dict[Any, str | None] = {
            Article.section: self.section,
            ArticleVersion.owner_unit: self.unit,
            ArticleVersion.level: self.level,
            ArticleVersion.category: self.category,
        }
        return [column == value for column, value in columns.items() if value]


def search(ctx: Context, text: str | None, *, limit: int = 20, **filters: Any) -> list[dict[str, Any]]:
    """The articles that answer best; without a text the newest. Any text is a question, and none is an error."""
    asked = Filters(**filters)
    day = asked.on or local(ctx.now).date()
    allowed = and_(*_may_find(ctx.actor, asked, day), *asked.wanted)
    if not text or not text.strip():
        newest = _whole().where(allowed).order_by(Article.current_version_id.desc()).limit(limit)
        return [line(article, version, day) for article, version in ctx.session.execute(newest)]
    question = understood(text, lexicon_of(ctx.session))
    hits = ranking.best(ctx.session, question, allowed, narrow=bool(asked.wanted), limit=limit)
    whole = _whole().where(Article.id.in_([hit.article_id for hit in hits]))
    rows = {article.id: (article, version) for article, version in ctx.session.execute(whole)}
    found = []
    for hit in hits:
        article, version = rows[hit.article_id]
        shown = snippet(version.body, hit.body, question.said)
        found.append(line(article, version, day) | {"snippet": shown})
    return sorted(found, key=lambda item: not item["in_force"])


def _whole() -> Select[Article, ArticleVersion]:
    return select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.current_version_id)


def _may_find(actor: Actor, asked: Filters, day: date) -> list[ColumnElement[bool]]:
    """What this reader may find at all: published, for such readers, and in force unless asked otherwise."""
    conditions = [Article.state == ArticleState.PUBLISHED, ArticleVersion.visibility.in_(visibilities_for(actor))]
    return conditions if asked.expired else [*conditions, version_in_force(day)]


def _holds(version: ArticleVersion, on: date) -> bool:
    return in_force(version.effective_from, version.effective_to, on)


def warning(article: Article, version: ArticleVersion, on: date) -> str | None:
    """The plain sentence beside an article that is not to be trusted as it stands."""
    if version.effective_from > on:
        return f"{version.effective_from}起生效，目前尚未生效。"
    if version.effective_to is not None and version.effective_to < on:
        return f"已于{version.effective_to}失效。"
    if article.review_state == "to_confirm":
        return "待复核：答复前请向责任单位确认现行规定。"
    return None


def line(article: Article, version: ArticleVersion, on: date) -> dict[str, Any]:
    return {
        "code": article.code,
        "version": version.version,
        "section": article.section,
        "title": version.title,
        "category": version.category,
        "owner_unit": version.owner_unit,
        "document_number": version.document_number,
        "policy_title": version.policy_title,
        "effective_from": version.effective_from.isoformat(),
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
        "in_force": _holds(version, on),
        **marks(article, version, on, warning(article, version, on)),
        "excerpt": version.body.split("\n\n")[0][:120],
    }


def article_by_code(ctx: Context, code: str) -> dict[str, Any]:
    """The current version in full; refuses `UnknownThing`, also for an article that this reader may not see."""
    query = select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    query = query.where(Article.code == code, Article.state == "published")
    row = ctx.session.execute(query.where(ArticleVersion.visibility.in_(visibilities_for(ctx.actor)))).one_or_none()
    if row is None:
        raise UnknownThing("这篇知识文章")
    return in_full(row[0], row[1], local(ctx.now).date())


def in_full(article: Article, version: ArticleVersion, on: date) -> dict[str, Any]:
    """One version with everything it says, and what there is to say of it on this day."""
    return {
        **line(article, version, on),
        "body": version.body,
        "questions": version.questions,
        "keywords": version.keywords,
        "issuing_body": version.issuing_body,
        "source_url": version.source_url,
        "level": version.level,
        "applies_to": version.applies_to,
        "next_review_on": review_on(article, version).isoformat(),
        "change_note": version.change_note,
    }


def versions_of(ctx: Context, code: str) -> list[dict[str, Any]]:
    """Every publication of an article, the newest first."""
    query = select(ArticleVersion).join(Article, Article.id == ArticleVersion.article_id).where(Article.code == code)
    rows = ctx.session.scalars(
        query.where(ArticleVersion.visibility.in_(visibilities_for(ctx.actor))).order_by(ArticleVersion.version.desc())
    ).all()
    if not rows:
        raise UnknownThing("这篇知识文章")
    return [
        {
            "version": row.version,
            "title": row.title,
            "change_note": row.change_note,
            "published_at": instant(row.published_at),
        }
        for row in rows
    ]
