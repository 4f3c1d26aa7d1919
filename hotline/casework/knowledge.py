"""Published versions: each is immutable, and the latest is the one that people read and find."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.indexing import index
from hotline.records.articles import Article, ArticleVersion

Pairs = Sequence[tuple[Article, ArticleVersion]]


def add_version(session: Session, article: Article, version: ArticleVersion, *, now: datetime) -> None:
    """The next version of an article, from now on the one that people read and find."""
    add_versions(session, [(article, version)], now=now)


def add_versions(session: Session, pairs: Pairs, *, now: datetime) -> None:
    """The next version of each of these (different) articles; the number of statements does not grow with theirs."""
    ids = [article.id for article, _ in pairs]
    latest = select(ArticleVersion.article_id, func.max(ArticleVersion.version)).where(
        ArticleVersion.article_id.in_(ids)
    )
    rows = session.execute(latest.group_by(ArticleVersion.article_id))
    numbers = dict(rows.all())
    for article, version in pairs:
        version.article, version.published_at = article, now
        version.version = numbers.get(article.id, 0) + 1
        session.add(version)
    session.flush()
    for article, version in pairs:
        article.current_version_id = version.id
    session.flush()
    index(session, [version for _, version in pairs])
