"""How articles are used: counters of a day, votes, searches that found nothing, matters that became articles."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.knowledge.article_use import Reader, Use


class ArticleUse(Record):
    """How often a version was shown or opened on a day (Asia/Shanghai), by whom. Citations are read from the tickets."""

    __tablename__ = "article_uses"

    used_on: Mapped[date] = mapped_column(Date, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    use: Mapped[Use] = mapped_column(Word(Use), primary_key=True)
    reader: Mapped[Reader] = mapped_column(Word(Reader), primary_key=True)
    times: Mapped[int]


class ArticleVote(Record):
    """Whether a version solved it for a visitor. `visitor_hash`: a keyed hash of the visitor and the day, later taken away."""

    __tablename__ = "article_votes"
    __table_args__ = (
        UniqueConstraint("article_id", "voted_on", "visitor_hash"),
        Index("ix_article_votes_visitor", "visitor_hash"),
        Index("ix_article_votes_day", "voted_on"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    version: Mapped[int]
    voted_on: Mapped[date] = mapped_column(Date)
    reader: Mapped[Reader] = mapped_column(Word(Reader))
    solved: Mapped[bool]
    visitor_hash: Mapped[str | None] = mapped_column(String(64))


class EmptySearch(Record):
    """A search that found nothing, in the form in which it is kept; it waits until somebody dismisses it or writes an article."""

    __tablename__ = "empty_searches"
    __table_args__ = (
        Index("ix_empty_searches_last", "last_at"),
        Index("ix_empty_searches_first", "first_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    text: Mapped[str] = mapped_column(String(80), unique=True)
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))


class ArticleProposal(Record):
    """Which answered matter an article was drafted from: each matter once."""

    __tablename__ = "article_proposals"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), unique=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
