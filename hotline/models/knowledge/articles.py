"""Articles of the knowledge base, their drafts and immutable versions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, Text, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.models.database.base import Key, Record, Word
from hotline.rules.knowledge.article import ArticleState, DraftState

OF_THE_CURRENT = ("owner_unit", "visibility", "effective_from", "effective_to")
"""What an article repeats of its current version."""
STANDING = (*OF_THE_CURRENT[:2], "state", *OF_THE_CURRENT[2:], "review_on", "review_state", "disputes")
"""By these all articles are counted, unit by unit, from the index alone."""


class Article(Record):
    """An article; what people read is its current version. `source_hash` remembers what its file said.

    `edited`: it was changed in the pages since, so that a file does not overwrite it silently. `disputes` counts the error
    reports that are open. Unit, visibility and dates are those of the current version, which never changes: they stand here
    so that articles are counted without reading what they say. `review_on` moves on when somebody has found it still right.
    """

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_standing", *STANDING),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    section: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[ArticleState] = mapped_column(Word(ArticleState))
    review_state: Mapped[str] = mapped_column(String(16))
    source_hash: Mapped[str] = mapped_column(String(64))
    current_version_id: Mapped[int | None] = mapped_column(index=True)
    edited: Mapped[bool] = mapped_column(default=False)
    disputes: Mapped[int] = mapped_column(default=0)
    owner_unit: Mapped[str | None] = mapped_column(String(64))
    visibility: Mapped[str | None] = mapped_column(String(16))
    effective_from: Mapped[date | None] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    review_on: Mapped[date | None] = mapped_column(Date)


class ArticleVersion(Record):
    """One publication, never changed afterwards: a ticket's answer names the version, not the article."""

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "version"),
        Index("ix_article_versions_newest", "published_at", "id"),
        Index("ix_article_versions_category", "category", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    questions: Mapped[list[Any]]
    body: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(64))
    keywords: Mapped[list[Any]]
    policy_title: Mapped[str] = mapped_column(String(200))
    document_number: Mapped[str] = mapped_column(String(80))
    issuing_body: Mapped[str] = mapped_column(String(120))
    source_url: Mapped[str] = mapped_column(String(400))
    level: Mapped[str] = mapped_column(String(16))
    owner_unit: Mapped[str] = mapped_column(String(64))
    applies_to: Mapped[str] = mapped_column(String(400))
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    next_review_on: Mapped[date] = mapped_column(Date)
    visibility: Mapped[str] = mapped_column(String(16))
    change_note: Mapped[str] = mapped_column(String(400))
    published_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    article: Mapped[Article] = relationship(lazy="joined", innerjoin=True)


KEPT_BY_THE_SERVICE = {"id", "article_id", "version", "published_at", "written_by", "reviewed_by"}
SAID = tuple(column.name for column in ArticleVersion.__table__.columns if column.name not in KEPT_BY_THE_SERVICE)
"""What a version says, by the names of its columns: what files carry."""


def version_in_force(on: date) -> ColumnElement[bool]:
    """The versions that hold on this day: the same answer as `rules/knowledge/validity.py`, and a test holds the two together."""
    ends = or_(ArticleVersion.effective_to.is_(None), ArticleVersion.effective_to >= on)
    return and_(ArticleVersion.effective_from <= on, ends)


class ArticleDraft(Record):
    """What is being written beside the published version, at most one for an article; `version` guards who saves.

    `content` holds the fields of a version by their names, dates as text; `based_on` is the version it began from (0: none).
    """

    __tablename__ = "article_drafts"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), unique=True)
    state: Mapped[DraftState] = mapped_column(Word(DraftState))
    content: Mapped[dict[str, Any]]
    based_on: Mapped[int]
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ArticleEvent(Record):
    """What was done to an article, by whom and why."""

    __tablename__ = "article_events"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    what: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text, default="")
