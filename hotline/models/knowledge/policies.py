"""New policies: registered as they are published, each until there is an article that answers from it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.knowledge.freshness import PolicyState

WAITING = text("state = 'waiting'")


class Policy(Record):
    """A policy; `identity` makes it the same policy, `article_id` is the article that answers from it (or is to).

    `registered_by` is empty when it came from a file. `owner_unit` is the code of a unit, as in an article.
    """

    __tablename__ = "policies"
    __table_args__ = (
        Index("ix_policies_waiting", "registered_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_policies_document_key", "document_key"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    identity: Mapped[str] = mapped_column(String(240), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    document_number: Mapped[str] = mapped_column(String(80))
    document_key: Mapped[str] = mapped_column(String(200))
    issuing_body: Mapped[str] = mapped_column(String(120))
    source_url: Mapped[str] = mapped_column(String(400))
    level: Mapped[str] = mapped_column(String(16))
    published_on: Mapped[date] = mapped_column(Date)
    owner_unit: Mapped[str] = mapped_column(String(64))
    registered_at: Mapped[datetime]
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[PolicyState] = mapped_column(Word(PolicyState))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
