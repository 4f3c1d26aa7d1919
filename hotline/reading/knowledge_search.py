"""Articles: found by words cut for Chinese, in force first; what is not in force carries its warning."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.reading.article_marks import marks, review_on
from hotline.reading.shown import instant
from hotline.records.articles import Article, ArticleVersion, ArticleWords
from hotline.rules.actors import Actor
from hotline.rules.article import visibilities_for
from hotline.rules.refusals import UnknownThing
from hotline.rules.validity import in_force
from hotline.rules.working_calendar import local
from hotline.words import words_of

MOST_WORDS = 16


def search(
    session: Session,
    text: str | None,
    actor: Actor | None,
    *,
    now: datetime,
    section: str | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Articles by how many of the words they hold, the title counting more; without a text all of them by title."""
    words = words_of(text or "")[:MOST_WORDS]
    query = select(Article, ArticleVersion, ArticleWords.words)
    query = query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    query = query.join(ArticleWords, ArticleWords.article_id == Article.id).where(
        Article.state == "published", ArticleVersion.visibility.in_(visibilities_for(actor))
    )
    if section:
        query = query.where(Article.section == section)
    if text and not words:
        return []
    if words:
        query = query.where(or_(*(ArticleWords.words.contains(f" {word} ", autoescape=True) for word in words)))
    today = local(now).date()
    rows = session.execute(query).all()
    found = [(_holds(version, today), score(words, version, bag), article, version) for article, version, bag in rows]
    found.sort(key=lambda entry: (not entry[0], -entry[1], entry[3].title))
    return [line(article, version, today) for _, _, article, version in found[:limit]]


def score(words: list[str], version: ArticleVersion, bag: str) -> int:
    """One for each word held, weighted by its length, and thrice that in the title or a question."""
    head = " ".join([version.title, *version.questions, *version.keywords]).lower()
    return sum(len(word) * (3 if word in head else 1) for word in words if f" {word} " in bag)


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
        "document_number": version.document_number,
        "policy_title": version.policy_title,
        "effective_from": version.effective_from.isoformat(),
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
        "in_force": _holds(version, on),
        **marks(article, version, on, warning(article, version, on)),
        "excerpt": version.body.split("\n\n")[0][:120],
    }


def article_by_code(session: Session, code: str, actor: Actor | None, *, now: datetime) -> dict[str, Any]:
    """The current version in full; refuses `UnknownThing`, also for an article that this reader may not see."""
    query = select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    query = query.where(Article.code == code, Article.state == "published")
    row = session.execute(query.where(ArticleVersion.visibility.in_(visibilities_for(actor)))).one_or_none()
    if row is None:
        raise UnknownThing("这篇知识文章")
    return in_full(row[0], row[1], local(now).date())


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
        "owner_unit": version.owner_unit,
        "applies_to": version.applies_to,
        "next_review_on": review_on(article, version).isoformat(),
        "change_note": version.change_note,
    }


def versions_of(session: Session, code: str, actor: Actor | None) -> list[dict[str, Any]]:
    """Every publication of an article, the newest first."""
    query = select(ArticleVersion).join(Article, Article.id == ArticleVersion.article_id).where(Article.code == code)
    rows = session.scalars(
        query.where(ArticleVersion.visibility.in_(visibilities_for(actor))).order_by(ArticleVersion.version.desc())
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
