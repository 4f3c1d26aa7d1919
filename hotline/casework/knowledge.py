"""Articles from `knowledge_base/`: each publication is an immutable version, loading the same file again changes nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.indexing import index
from hotline.casework.loading import ADDED, CHANGED, LEFT, BadSource, Report
from hotline.records.articles import Article, ArticleVersion
from hotline.records.units import Category, Unit
from hotline.rules.article import ArticleState

CONFLICT = "conflict"
TEXTS = ("title", "category", "policy_title", "document_number", "issuing_body", "source_url", "level", "owner_unit")
MORE_TEXTS = ("applies_to", "visibility", "change_note")
VISIBILITIES = frozenset({"public", "staff", "internal"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its section and code (the names of folder and file), its front matter and its body."""

    section: str
    code: str
    matter: Mapping[str, Any]
    body: str

    @property
    def hash(self) -> str:
        said = json.dumps([self.matter, self.body], default=str, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def load_articles(session: Session, sources: Iterable[Source], *, now: datetime) -> Report:
    """Publishes what is new or has changed; an article that was suspended or withdrawn by hand stays so."""
    report: Report = Counter()
    known = {article.code: article for article in session.scalars(select(Article))}
    codes = set(session.scalars(select(Category.code))), set(session.scalars(select(Unit.code)))
    for source in sources:
        article = known.get(source.code)
        if article is not None and article.source_hash == source.hash:
            report[LEFT] += 1
            continue
        if article is not None and article.edited:
            # Changed here and in the file: a person settles it, by publishing what is to hold.
            report[CONFLICT] += 1
            continue
        version = _version(source, *codes)
        report[ADDED if article is None else CHANGED] += 1
        _publish(session, article, source, version, now)
    session.flush()
    return report


def _version(source: Source, categories: set[str], units: set[str]) -> ArticleVersion:
    try:
        version = ArticleVersion(
            **{name: str(source.matter[name]) for name in TEXTS + MORE_TEXTS},
            questions=[str(text) for text in source.matter["questions"]],
            keywords=[str(text) for text in source.matter["keywords"]],
            effective_from=_day(source.matter["effective_from"]),
            effective_to=_day(source.matter["effective_to"]) if source.matter["effective_to"] else None,
            next_review_on=_day(source.matter["next_review_on"]),
            body=source.body.strip(),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadSource(f"{source.section}/{source.code}.md：缺少或写错了 {error}。") from None
    if version.category not in categories or version.owner_unit not in units or version.visibility not in VISIBILITIES:
        raise BadSource(f"{source.section}/{source.code}.md：类别、责任单位或可见范围不存在。")
    return version


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError(f"日期 {value!r}")
    return value


def _publish(session: Session, article: Article | None, source: Source, version: ArticleVersion, now: datetime) -> None:
    if article is None:
        article = Article(code=source.code, section=source.section, state=ArticleState.PUBLISHED, source_hash="")
        article.review_state = ""
    article.section, article.source_hash = source.section, source.hash
    article.review_state = str(source.matter.get("review_state", "confirmed"))
    session.add(article)
    session.flush()
    add_version(session, article, version, now=now)


def add_version(session: Session, article: Article, version: ArticleVersion, *, now: datetime) -> None:
    """The next version of an article, from now on the one that people read and find."""
    latest = select(func.max(ArticleVersion.version)).where(ArticleVersion.article_id == article.id)
    version.version = (session.scalar(latest) or 0) + 1
    version.article_id, version.published_at = article.id, now
    session.add(version)
    session.flush()
    article.current_version_id = version.id
    index(session, [version])
