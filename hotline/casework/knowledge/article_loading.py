"""Articles from files: what is new or changed is published, what was changed here as well waits for a person to settle it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.accounts.config_sync import ADDED, CHANGED, LEFT, BadSource, Report, quietly
from hotline.casework.knowledge.article_source import Source, content_of_source, hash_of
from hotline.casework.knowledge.drafting import Content, content_of_version, version_of
from hotline.casework.knowledge.publication import add_versions
from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.models.database.bulk import reserve_keys
from hotline.models.knowledge.article_conflicts import ArticleConflict
from hotline.models.knowledge.articles import Article, ArticleDraft, ArticleVersion
from hotline.rules.knowledge.article import ArticleState

Entry = TypeVar("Entry")
ARTICLES: Any = Article.__table__
CONFLICT = "conflict"
BATCH = 1000
"""Each is one transaction, of about a second: on SQLite everybody else who writes waits so long."""


@dataclass(frozen=True, slots=True)
class Incoming:
    source: Source
    content: Content
    hash: str


def load_articles(ctx: Context, sources: Iterable[Source], *, progress: Callable[[int], object] = quietly) -> Report:
    """All of them or, where one is wrong, none (`BadSource`); `progress` is told how many have been dealt with."""
    report: Report = Counter()
    reading = Reading(ctx.session)
    for batch in batches(sources):
        report += load_batch(ctx, [reading.incoming(source) for source in batch])
        progress(len(batch))
    return report


def batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """So many at a time that no statement grows with the base."""
    left = iter(entries)
    while batch := list(islice(left, BATCH)):
        yield batch


class Reading:
    """What has to be known to read entries: the categories, the units, the codes that came already."""

    def __init__(self, session: Session) -> None:
        self.categories = set(session.scalars(select(Category.code)))
        self.units = set(session.scalars(select(Unit.code)))
        self.seen: dict[str, str] = {}

    def incoming(self, source: Source) -> Incoming:
        """Refuses (`BadSource`) what is wrong, and a code that came before."""
        content = content_of_source(source)
        if content.category not in self.categories or content.owner_unit not in self.units:
            raise BadSource(f"{source.place}：类别或责任单位不存在。")
        if source.code in self.seen:
            raise BadSource(f"{source.place}：代码“{source.code}”与{self.seen[source.code]}重复。")
        self.seen[source.code] = source.place
        return Incoming(source, content, hash_of(content))


def load_batch(ctx: Context, incoming: list[Incoming]) -> Report:
    """Publishes what is new or has changed; what people changed in the pages is never overwritten, nor is the file lost."""
    report: Report = Counter()
    here = _Here(ctx.session, [entry.source.code for entry in incoming])
    publish = []
    keys = iter(reserve_keys(ctx.session, ARTICLES, len(incoming) - len(here.articles)))
    for entry in incoming:
        article = here.articles.get(entry.source.code)
        what = ADDED if article is None else here.becomes(article, entry)
        report[what] += 1
        if what in (ADDED, CHANGED):
            publish.append((article or _new(ctx.session, next(keys), entry), entry))
        elif what == CONFLICT and article is not None:
            _keep_conflict(ctx, article, entry, here.conflicts[article.id])
    _publish(ctx, publish)
    return report


class _Here:
    """What there is already of the articles of one batch, read at once."""

    def __init__(self, session: Session, codes: list[str]) -> None:
        query = select(Article).where(Article.code.in_(codes)).order_by(Article.id).with_for_update()
        self.articles = {article.code: article for article in session.scalars(query)}
        ids = [article.id for article in self.articles.values()]
        current = [article.current_version_id for article in self.articles.values()]
        versions = session.scalars(select(ArticleVersion).where(ArticleVersion.id.in_(current)))
        self.said = {version.article_id: content_of_version(version) for version in versions}
        self.drafted = set(session.scalars(select(ArticleDraft.article_id).where(ArticleDraft.article_id.in_(ids))))
        self.conflicts: dict[int, dict[str, ArticleConflict]] = defaultdict(dict)
        for row in session.scalars(select(ArticleConflict).where(ArticleConflict.article_id.in_(ids))):
            self.conflicts[row.article_id][row.source_hash] = row
        edited = [article.id for article in self.articles.values() if article.edited]
        self.earlier: dict[int, list[Content]] = defaultdict(list)
        for version in session.scalars(select(ArticleVersion).where(ArticleVersion.article_id.in_(edited))):
            self.earlier[version.article_id].append(content_of_version(version))

    def becomes(self, article: Article, entry: Incoming) -> str:
        """Left, changed or in conflict. An edited article's earlier words, and what somebody has settled, bring nothing new."""
        said, source = self.said.get(article.id), entry.source
        ours = hash_of(said) if said else ""
        moved = (article.section, article.review_state) != (source.section, source.review_state)
        if entry.hash in (article.source_hash, ours) and (article.edited or not moved):
            article.source_hash = entry.hash
            return LEFT
        before = self.conflicts[article.id].get(entry.hash)
        if entry.content in self.earlier[article.id] or (before is not None and before.settled_at is not None):
            return LEFT
        by_hand = article.edited and (ours != article.source_hash or article.state is not ArticleState.PUBLISHED)
        return CONFLICT if by_hand or article.id in self.drafted else CHANGED


def _new(session: Session, key: int, entry: Incoming) -> Article:
    article = Article(id=key, code=entry.source.code, state=entry.source.state, edited=False)
    session.add(article)
    return article


def _publish(ctx: Context, entries: list[tuple[Article, Incoming]]) -> None:
    for article, entry in entries:
        article.section, article.source_hash = entry.source.section, entry.hash
        article.review_state = entry.source.review_state
    if entries:
        add_versions(ctx, [(article, version_of(entry.content)) for article, entry in entries])


def _keep_conflict(ctx: Context, article: Article, entry: Incoming, conflicts: dict[str, ArticleConflict]) -> None:
    """Once for each state of the file."""
    if entry.hash not in conflicts:
        row = ArticleConflict(article_id=article.id, source_hash=entry.hash, seen_at=ctx.now)
        row.content = entry.content.stored()
        ctx.session.add(row)
