"""Published versions: each is immutable, and the latest is the one that people read and find."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.knowledge.indexing import index
from hotline.context import Context
from hotline.models.database.bulk import insert_values, reserve_keys
from hotline.models.knowledge.articles import OF_THE_CURRENT, Article, ArticleVersion

VERSIONS: Any = ArticleVersion.__table__
COLUMNS = tuple(VERSIONS.c.keys())
Pairs = Sequence[tuple[Article, ArticleVersion]]


def add_version(ctx: Context, article: Article, version: ArticleVersion) -> None:
    """The next version of an article, from now on the one that people read and find."""
    add_versions(ctx, [(article, version)])


def add_versions(ctx: Context, pairs: Pairs) -> None:
    """The next version of each of these (different) articles; the number of statements does not grow with theirs.

    An article that is new here needs its key already.
    """
    numbers = _latest(ctx.session, [article.id for article, _ in pairs])
    for key, (article, version) in zip(reserve_keys(ctx.session, VERSIONS, len(pairs)), pairs, strict=True):
        version.id, version.article_id, version.published_at = key, article.id, ctx.now
        version.version = numbers.get(article.id, 0) + 1
        article.current_version_id, article.review_on = key, version.next_review_on
        for name in OF_THE_CURRENT:
            setattr(article, name, getattr(version, name))
    ctx.session.flush()
    versions = [version for _, version in pairs]
    insert_values(ctx.session, VERSIONS, COLUMNS, list(map(attrgetter(*COLUMNS), versions)))
    index(ctx.session, versions)


def _latest(session: Session, article_ids: list[int]) -> dict[int, int]:
    """The number of the latest version of each of these articles that has one."""
    query = select(ArticleVersion.article_id, func.max(ArticleVersion.version))
    query = query.where(ArticleVersion.article_id.in_(article_ids)).group_by(ArticleVersion.article_id)
    rows = session.execute(query)
    return dict(rows.all())
