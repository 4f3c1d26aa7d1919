"""The index of articles: written with each publication, and anew for what was indexed by other words of the hotline."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from hotline.models.database.bulk import insert_values, reserve_keys, update_rows
from hotline.models.database.session import lexicon_of
from hotline.models.knowledge.article_index import ALL_ARTICLES, ArticleIndex, SearchPosting, SearchWord
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.rules.knowledge.bm25 import UNITS_OF_AN_IMPACT, impacts
from hotline.text.words import codes_of, normalize, readings_in, tokenize

AT_ONCE, WORDS_AT_ONCE = 500, 2000
WORDS: Any = SearchWord.__table__
POSTINGS: Any = SearchPosting.__table__
INDEX: Any = ArticleIndex.__table__


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as it is found: its texts in their one form, and its words with what each is worth."""

    article_id: int
    version_id: int
    head: str
    body: str
    words: dict[str, int]


def entry_of(version: ArticleVersion, stop: frozenset[str]) -> Entry:
    """The title counts most, then questions, keywords and the document's name; their readings are found, too.

    Words of `stop` say nothing and are left out.
    """
    title, body = normalize(version.title), normalize(version.body)
    called = [*version.questions, *version.keywords, version.policy_title, version.document_number]
    rest = normalize("\n".join(called))
    words = impacts(*([word for word in _words(text) if word not in stop] for text in (title, rest, body)))
    said = dict.fromkeys(readings_in([title, *map(normalize, version.keywords)]), UNITS_OF_AN_IMPACT)
    return Entry(version.article_id, version.id, f"{title}\n{rest}", body, said | words)


def _words(folded: str) -> list[str]:
    return tokenize(folded) + codes_of(folded)


def index(session: Session, versions: Sequence[ArticleVersion]) -> None:
    """From now on these articles are found by the versions given. Who indexes waits for whoever indexes already."""
    if not versions:
        return
    lexicon = lexicon_of(session)
    entries = [entry_of(version, lexicon.stop) for version in versions]
    session.flush()
    session.execute(update(SearchWord).where(SearchWord.word == ALL_ARTICLES).values(articles=SearchWord.articles))
    changes = _taken_out(session, [entry.article_id for entry in entries])
    for entry in entries:
        changes.update([ALL_ARTICLES, *entry.words])
    ids = _counted(session, changes)
    pairs = {entry.article_id: [(ids[word], worth) for word, worth in entry.words.items()] for entry in entries}
    postings = sorted((word_id, worth, id) for id, found in pairs.items() for word_id, worth in found)
    insert_values(session, POSTINGS, ("word_id", "impact", "article_id"), postings)
    rows = [(e.article_id, e.version_id, lexicon.version, e.head, e.body, pairs[e.article_id]) for e in entries]
    insert_values(session, INDEX, ("article_id", "version_id", "lexicon", "head", "body", "postings"), rows)


def index_stale(session: Session, limit: int = AT_ONCE) -> int:
    """Indexes articles whose index is missing, of an older version, or by other words; answers how many."""
    query = select(ArticleVersion).join(Article, Article.current_version_id == ArticleVersion.id)
    query = query.outerjoin(ArticleIndex, ArticleIndex.article_id == Article.id).where(
        or_(
            ArticleIndex.article_id.is_(None),
            ArticleIndex.version_id != ArticleVersion.id,
            ArticleIndex.lexicon != lexicon_of(session).version,
        )
    )
    versions = session.scalars(query.order_by(Article.id).limit(limit)).all()
    index(session, versions)
    return len(versions)


def _taken_out(session: Session, article_ids: list[int]) -> Counter[str]:
    """Deletes what was indexed of these articles; answers how many fewer articles hold each word."""
    query = select(ArticleIndex.article_id, ArticleIndex.postings).where(ArticleIndex.article_id.in_(article_ids))
    indexed = session.execute(query).all()
    postings = [{"w": word, "i": impact, "a": row.article_id} for row in indexed for word, impact in row.postings]
    if not indexed:
        return Counter()
    of = POSTINGS.c
    whole = (of.word_id == bindparam("w"), of.impact == bindparam("i"), of.article_id == bindparam("a"))
    session.connection().execute(delete(POSTINGS).where(*whole), postings)
    session.execute(delete(ArticleIndex).where(ArticleIndex.article_id.in_(article_ids)))
    held = Counter(posting["w"] for posting in postings)
    words = _in_parts(session, WORDS.c.id, list(held))
    gone = Counter({row.word: -held[row.id] for row in words})
    gone[ALL_ARTICLES] = -len(indexed)
    return gone


def _counted(session: Session, changes: Counter[str]) -> dict[str, int]:
    """Writes how many more articles hold each word; answers the ids of the words, new ones included."""
    rows_by_word = {row.word: row for row in _in_parts(session, WORDS.c.word, list(changes))}
    fresh = sorted(changes.keys() - rows_by_word.keys())
    keys = dict(zip(fresh, reserve_keys(session, WORDS, len(fresh)), strict=True))
    insert_values(session, WORDS, ("id", "word", "articles"), [(id, word, changes[word]) for word, id in keys.items()])
    counted = [SimpleNamespace(id=row.id, articles=row.articles + changes[word]) for word, row in rows_by_word.items()]
    update_rows(session, WORDS, ("articles",), counted)
    return keys | {word: row.id for word, row in rows_by_word.items()}


def _in_parts(session: Session, column: Any, wanted: Sequence[Any]) -> Iterable[Any]:
    for at in range(0, len(wanted), WORDS_AT_ONCE):
        yield from session.execute(select(WORDS).where(column.in_(wanted[at : at + WORDS_AT_ONCE])))
