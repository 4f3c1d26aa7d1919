"""Which articles answer best: the best by words from the index, then compared closely with what was asked."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, column, select, text
from sqlalchemy.orm import Session

from hotline.reading.knowledge_query import Question
from hotline.records.article_index import ALL_ARTICLES, ArticleIndex, SearchWord
from hotline.records.articles import Article, ArticleVersion
from hotline.rules.relevance import UNITS_OF_AN_IMPACT, closeness, rarity

MOST_WORDS, COMPARED = 24, 100
BEST_OF_A_WORD, BEST_BY_WORDS = 1000, 1000
"""Beyond these an article does not come into question, unless a filter asks for few of them."""
READ_AT_MOST = 4000
"""Characters of a body that are compared; what comes later in a long text is found by its words alone."""


def scores(session: Session, question: Question, allowed: ColumnElement[bool], *, narrow: bool) -> dict[int, float]:
    """The best of the articles that are `allowed` (over articles and their current versions), each with its score."""
    weighed = _weighed(session, question)
    if not weighed:
        return {}
    most = 50 if narrow else 1
    words = _best_by_words(session, weighed, BEST_OF_A_WORD * most, BEST_BY_WORDS * most)
    query = select(ArticleIndex.article_id, words.c.score, ArticleIndex.head, ArticleIndex.body)
    query = query.join(words, words.c.article_id == ArticleIndex.article_id)
    query = query.join(Article, Article.id == ArticleIndex.article_id)
    query = query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id).where(allowed)
    rows = session.execute(query.order_by(words.c.score.desc(), ArticleIndex.article_id).limit(COMPARED)).all()
    texts = {row.article_id: f"{row.head}\n{row.body[:READ_AT_MOST]}" for row in rows}
    near = closeness(question.pairs, question.characters, texts)
    return {row.article_id: float(row.score) + near[row.article_id] for row in rows}


def _weighed(session: Session, question: Question) -> list[tuple[int, float]]:
    """The words that the index knows, with what each is worth here: its weight by how rare it is; the most telling ones."""
    asked = [ALL_ARTICLES, *question.words]
    rows = session.execute(
        select(SearchWord.id, SearchWord.word, SearchWord.articles).where(SearchWord.word.in_(asked))
    )
    known = {row.word: row for row in rows}
    total = known.pop(ALL_ARTICLES).articles
    found = [
        (row.id, question.words[word] * rarity(row.articles, total) / UNITS_OF_AN_IMPACT)
        for word, row in known.items()
        if row.articles
    ]
    return sorted(found, key=lambda entry: -entry[1])[:MOST_WORDS]


def _best_by_words(session: Session, weighed: list[tuple[int, float]], of_a_word: int, in_all: int) -> Any:
    """The articles with the highest sum of weighted impacts: of each word only its best, read off the end of its postings."""
    sent: dict[str, Any] = {"of_a_word": of_a_word, "in_all": in_all}
    if session.get_bind().dialect.name == "postgresql":
        sent |= {"ids": [id for id, _ in weighed], "weights": [weight for _, weight in weighed]}
        statement = text(_POSTGRESQL)
    else:
        sent |= {f"id{n}": id for n, (id, _) in enumerate(weighed)}
        sent |= {f"weight{n}": weight for n, (_, weight) in enumerate(weighed)}
        statement = text(_TOP.format(postings=" UNION ALL ".join(_OF_A_WORD.format(n=n) for n in range(len(weighed)))))
    columns = column("article_id", BigInteger), column("score", Float)
    return statement.bindparams(**sent).columns(*columns).subquery("by_words")


_TOP = (
    "SELECT article_id, SUM(worth) AS score FROM ({postings}) AS found"
    " GROUP BY article_id ORDER BY score DESC, article_id LIMIT :in_all"
)
_OF_A_WORD = (
    "SELECT * FROM (SELECT article_id, impact * :weight{n} AS worth FROM search_postings WHERE word_id = :id{n}"
    " ORDER BY impact DESC, article_id DESC LIMIT :of_a_word)"
)
_POSTGRESQL = _TOP.format(
    postings="SELECT best.article_id, best.impact * asked.weight AS worth"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:weights AS double precision[])) AS asked (word_id, weight)"
    " CROSS JOIN LATERAL (SELECT article_id, impact FROM search_postings WHERE search_postings.word_id = asked.word_id"
    " ORDER BY impact DESC, article_id DESC LIMIT :of_a_word) AS best"
)
