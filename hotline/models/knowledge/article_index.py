"""What articles are found by: words, the articles they occur in, and each article's text in its one form."""

from typing import Any

from sqlalchemy import ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record

ALL_ARTICLES = ""
"""The word that every indexed article holds: its row counts them, and is locked by whoever writes to the index."""


class SearchWord(Record):
    """A word, a code (`#gbt39735`) or a reading (`~yyzz`), and in how many articles it occurs."""

    __tablename__ = "search_words"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    word: Mapped[str] = mapped_column(String(80), unique=True)
    articles: Mapped[int]


class SearchPosting(Record):
    """A word in an article. The key is in the order of reading: the articles of a word, the best first, from the end."""

    __tablename__ = "search_postings"
    __table_args__ = {"sqlite_with_rowid": False}

    word_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    impact: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)


class ArticleIndex(Record):
    """What is indexed of an article: of which version, by which words of the hotline, and the postings that were written."""

    __tablename__ = "article_index"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    version_id: Mapped[int]
    lexicon: Mapped[str] = mapped_column(String(16))
    head: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    postings: Mapped[list[Any]]
