"""`python -m benchmarks.questions FOLDER`: how often lay questions find the statutes that answer them, beside plain BM25.

FOLDER holds `docs_positive_only.csv` (doc_id, text), `queries.csv` (query_id, question) and `qrels.csv` (query_id, doc_id), as
the STARD collection is published. Every statute is loaded as an article, and every question is asked as a member of staff would.
"""

import argparse
import csv
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import rjieba

from benchmarks.search import article_rows, opened
from hotline import clock
from hotline.app_context import AppContext
from hotline.queries.knowledge import knowledge_search

K1, B = 1.5, 0.75
Asks = Callable[[str], Sequence[str]]


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as opened_file:
        yield from csv.DictReader(opened_file)


def plain_bm25(texts: dict[str, str]) -> Asks:
    """Okapi BM25 over the words of the same cutter, nothing else: what the service has to beat."""
    often = {id: Counter(_plain_words(text)) for id, text in texts.items()}
    length = {id: sum(words.values()) for id, words in often.items()}
    usual = sum(length.values()) / len(length)
    held: dict[str, list[str]] = defaultdict(list)
    for id, words in often.items():
        for word in words:
            held[word].append(id)

    def ask(question: str) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for word in _plain_words(question):
            rare = math.log(1 + (len(texts) - len(held[word]) + 0.5) / (len(held[word]) + 0.5))
            for id in held[word]:
                count = often[id][word]
                scores[id] += rare * count * (K1 + 1) / (count + K1 * (1 - B + B * length[id] / usual))
        return sorted(scores, key=lambda id: -scores[id])[:10]

    return ask


def _plain_words(text: str) -> list[str]:
    return [word for word in rjieba.cut_for_search(text.lower(), True) if any(c.isalnum() for c in word)]


def measured(name: str, ask: Asks, questions: dict[str, str], answers: dict[str, set[str]]) -> None:
    first = five = reciprocal = 0.0
    for id, question in questions.items():
        right = [found in answers[id] for found in ask(question)[:10]]
        first += any(right[:1])
        five += any(right[:5])
        reciprocal += next((1 / (rank + 1) for rank, hit in enumerate(right) if hit), 0)
    count = len(questions)
    print(f"| {name} | {first / count:.3f} | {five / count:.3f} | {reciprocal / count:.3f} |", flush=True)


def service(app_context: AppContext, names: Sequence[str], now: datetime) -> Asks:
    """The articles are numbered in the order of `names`."""

    def ask(question: str) -> list[str]:
        with app_context.snapshot() as ctx:
            found = knowledge_search.search(ctx.at(now), question, limit=10)
            return [names[int(item["code"].removeprefix("article-")) - 1] for item in found]

    return ask


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    arguments = parser.parse_args()
    texts = {row["doc_id"]: row["text"] for row in rows(arguments.folder, "docs_positive_only.csv")}
    questions = {row["query_id"]: row["question"] for row in rows(arguments.folder, "queries.csv")}
    answers: dict[str, set[str]] = defaultdict(set)
    for row in rows(arguments.folder, "qrels.csv"):
        answers[row["query_id"]].add(row["doc_id"])
    print(f"{len(questions):,} questions, {len(texts):,} statutes\n\n| | hit@1 | hit@5 | MRR@10 |\n|---|---|---|---|")
    measured("plain BM25", plain_bm25(texts), questions, answers)
    with tempfile.TemporaryDirectory() as folder:
        app_context = opened(arguments.postgresql or f"sqlite:///{folder}/hotline.db", Path(folder))
        for _ in article_rows(app_context, (("justice", id, text) for id, text in texts.items())):
            pass
        measured(
            app_context.database.engine.dialect.name, service(app_context, list(texts), clock.now()), questions, answers
        )
        app_context.database.dispose()


if __name__ == "__main__":
    main()
