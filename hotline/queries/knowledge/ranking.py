"""Which articles answer best: the best by words from the index, then compared closely with what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, column, select, text
from sqlalchemy.orm import Session

from hotline.models.knowledge.article_index import ALL_ARTICLES, ArticleIndex, SearchWord
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.queries.knowledge.knowledge_query import Question
from hotline.rules.knowledge.bm25 import ALL_IN_THE_TITLE, UNITS_OF_AN_IMPACT, closeness, rarity

MOST_WORDS, COMPARED = 20, 40
POSTINGS_READ, BEST_OF_A_WORD, BEST_BY_WORDS = 3000, 100, 200
"""The rarest words are read whole while they are within the first number; of each other word only its best articles."""
NARROWED = 50
"""A filter that asks for few articles reads so many times more."""
READ_AT_MOST = 4000
"""Characters of a body that are compared; what comes later in a long text is found by its words alone."""


@dataclass(frozen=True, slots=True)
class _Word:
    """`weight`: what an impact of one thousandth is worth; `articles`: in how many it occurs."""

    id: int
    weight: float
    articles: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: `body` in its one form."""

    article_id: int
    score: float
    body: str


def best(session: Session, question: Question, allowed: ColumnElement[bool], *, narrow: bool, limit: int) -> list[Hit]:
    """Of the articles that are `allowed` (over articles and their current versions) those that answer best, the best first."""
    weighed = _weighed(session, question)
    if not weighed:
        return []
    by_words = _best_by_words(session, weighed, NARROWED if narrow else 1)
    query = select(by_words).join(Article, Article.id == by_words.c.article_id)
    query = query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id).where(allowed)
    ordered = query.order_by(by_words.c.score.desc(), by_words.c.article_id).limit(COMPARED)
    scores: dict[int, float] = dict(session.execute(ordered).all())
    hits = _compared(session, question, scores)
    return sorted(hits, key=lambda hit: (-hit.score, hit.article_id))[:limit]


def _compared(session: Session, question: Question, scores: Mapping[int, float]) -> list[Hit]:
    columns = ArticleIndex.article_id, ArticleIndex.head, ArticleIndex.body
    rows = session.execute(select(*columns).where(ArticleIndex.article_id.in_(scores))).all()
    texts = {row.article_id: f"{row.head}\n{row.body[:READ_AT_MOST]}" for row in rows}
    near = closeness(question.pairs, question.characters, texts)
    return [
        Hit(id, (scores[id] + near[id]) * _entitled(question, head.split("\n")[0]), body) for id, head, body in rows
    ]


def _entitled(question: Question, title: str) -> float:
    return ALL_IN_THE_TITLE if question.said and all(word in title for word in question.said) else 1.0


def _weighed(session: Session, question: Question) -> list[_Word]:
    """The words that the index knows, the most telling ones: a word tells by its weight and by how rare it is."""
    query = select(SearchWord.id, SearchWord.word, SearchWord.articles)
    rows = session.execute(query.where(SearchWord.word.in_([ALL_ARTICLES, *question.words])))
    rows_by_word = {row.word: row for row in rows}
    total = rows_by_word.pop(ALL_ARTICLES).articles
    found = [
        _Word(row.id, question.words[word] * rarity(row.articles, total) / UNITS_OF_AN_IMPACT, row.articles)
        for word, row in rows_by_word.items()
        if row.articles
    ]
    return sorted(found, key=lambda word: -word.weight)[:MOST_WORDS]


def _best_by_words(session: Session, weighed: list[_Word], times: int) -> Any:
    """The articles with the highest sums of weighted impacts; the postings of a word are read from the end, its best first."""
    most = _how_many(weighed, times)
    sent: dict[str, Any] = {"in_all": BEST_BY_WORDS * times}
    if session.get_bind().dialect.name == "postgresql":
        sent |= {"ids": [word.id for word in weighed], "weights": [word.weight for word in weighed], "most": most}
        statement = text(_POSTGRESQL)
    else:
        for n, word in enumerate(weighed):
            sent |= {f"id{n}": word.id, f"weight{n}": word.weight, f"most{n}": most[n]}
        statement = text(_TOP.format(postings=" UNION ALL ".join(_OF_A_WORD.format(n=n) for n in range(len(weighed)))))
    columns = column("article_id", BigInteger), column("score", Float)
    return statement.bindparams(**sent).columns(*columns).subquery("by_words")


def _how_many(weighed: list[_Word], times: int) -> list[int]:
    left, most = POSTINGS_READ * times, []
    for word in weighed:
        most.append(word.articles if word.articles <= left else BEST_OF_A_WORD * times)
        left -= most[-1]
    return most


_TOP = (
    "SELECT article_id, SUM(worth) AS score FROM ({postings}) AS found"
    " GROUP BY article_id ORDER BY score DESC, article_id LIMIT :in_all"
)
_OF_A_WORD = (
    "SELECT * FROM (SELECT article_id, impact * :weight{n} AS worth FROM search_postings WHERE word_id = :id{n}"
    " ORDER BY impact DESC, article_id DESC LIMIT :most{n})"
)
_POSTGRESQL = _TOP.format(
    postings="SELECT best.article_id, best.impact * asked.weight AS worth"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:weights AS double precision[]), CAST(:most AS integer[]))"
    " AS asked (word_id, weight, most)"
    " CROSS JOIN LATERAL (SELECT article_id, impact FROM search_postings WHERE search_postings.word_id = asked.word_id"
    " ORDER BY impact DESC, article_id DESC LIMIT asked.most) AS best"
)
