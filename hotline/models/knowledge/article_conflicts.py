"""What a file says of an article that was changed in the pages as well, until a person settles it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class ArticleConflict(Record):
    """One incoming version, `content` as in a draft. Settled it stays, so that the same file does not bring it again."""

    __tablename__ = "article_conflicts"
    __table_args__ = (
        UniqueConstraint("article_id", "source_hash"),
        Index(
            "ix_article_conflicts_open",
            "seen_at",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    content: Mapped[dict[str, Any]]
    source_hash: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
