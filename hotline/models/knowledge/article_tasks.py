"""What the knowledge base owes: a row with clocks, as a ticket has them; and the errors that people report."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.knowledge.freshness import ErrorKind, ErrorState, TaskKind

OPEN = text("closed_at IS NULL")
DISPUTING = text("state IN ('open','confirmed')")


class ArticleTask(Record):
    """A policy without an article, a review, an expiry or an error report. Its row is the lock of its clocks.

    `key` opens each task once, however many open it; `name` and `title` are what people call its subject; `due_on` is the day
    that a review or an expiry is about, `version_id` the version whose day it is.
    """

    __tablename__ = "article_tasks"
    __table_args__ = (
        Index("ix_article_tasks_open", "kind", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_article_tasks_article", "article_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("article_versions.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"), unique=True)
    error_id: Mapped[int | None] = mapped_column(ForeignKey("article_errors.id"), unique=True)
    due_on: Mapped[date | None] = mapped_column(Date)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ArticleError(Record):
    """Somebody of the staff says that a version of an article is wrong; `high_risk` took it down in the same transaction."""

    __tablename__ = "article_errors"
    __table_args__ = (
        Index("ix_article_errors_disputing", "article_id", sqlite_where=DISPUTING, postgresql_where=DISPUTING),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    kind: Mapped[ErrorKind] = mapped_column(Word(ErrorKind))
    text: Mapped[str] = mapped_column(Text)
    high_risk: Mapped[bool]
    state: Mapped[ErrorState] = mapped_column(Word(ErrorState))
    reported_by: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    reported_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    finding: Mapped[str] = mapped_column(Text, default="")
    mended_at: Mapped[datetime | None]
    mended_version: Mapped[int | None]
