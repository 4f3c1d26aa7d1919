"""`python -m benchmarks.search`: fifty thousand articles loaded, indexed and searched; latencies at the server, and memory.

The articles are made of sentences of those that the package carries, each with a place, a year and a number of its own, so that
words are as common as they are in real ones. Questions are titles and pieces of sentences, some with a slip of typing, some by
their sound, some by number.
"""

import argparse
import random
import resource as process
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import text

from benchmarks.fill import closed_tickets
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import article_files, article_sources, load_all
from hotline.casework.knowledge.indexing import AT_ONCE, index_stale
from hotline.models.database import migrate
from hotline.models.database.bulk import insert_rows
from hotline.models.knowledge.articles import OF_THE_CURRENT, Article, ArticleVersion
from hotline.queries.intake import suggestions
from hotline.queries.knowledge import knowledge_search
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings

PLACES = [a + b for a in "襄宜荆孝黄咸随恩武汉天门潜仙神农" for b in "阳昌门感冈宁州施江川河湖山城"]
FIRST_DAY = date(2020, 1, 1)


def opened(url: str, folder: Path) -> AppContext:
    """A migrated database without articles."""
    migrate.upgrade(url)
    return AppContext(Settings(url, "secret-for-benchmarks", "data-key-for-benchmarks", resource("config"), folder))


Written = tuple[str, str, str]
"""(the unit that owns an article, its title, its body)"""


def article_rows(app_context: AppContext, texts: Iterable[Written], *, first: int = 1) -> Iterator[int]:
    """Publishes articles in batches and indexes them; yields how many are in."""
    batch: list[Written] = []
    done = first - 1
    for written in texts:
        batch.append(written)
        if len(batch) == AT_ONCE:
            done = _write(app_context, batch, done)
            yield done
            batch = []
    if batch:
        yield _write(app_context, batch, done)


def _write(app_context: AppContext, batch: list[Written], done: int) -> int:
    ids = range(done + 1, done + 1 + len(batch))
    with app_context.transaction() as ctx:
        versions = [_version(id, written, ctx.now) for id, written in zip(ids, batch, strict=True)]
        insert_rows(ctx.session, Article.__table__, list(map(_article, versions)))  # type: ignore[arg-type]
        insert_rows(ctx.session, ArticleVersion.__table__, versions)  # type: ignore[arg-type]
        index_stale(ctx.session)
    return done + len(batch)


def _article(version: dict[str, Any]) -> dict[str, Any]:
    id = version["id"]
    same = {name: version[name] for name in OF_THE_CURRENT} | {"review_on": version["next_review_on"]}
    known = {
        **same,
        "id": id,
        "code": f"article-{id}",
        "section": "policy",
        "state": "published",
        "review_state": "confirmed",
    }
    return {**known, "source_hash": "", "current_version_id": id, "edited": False, "disputes": 0}


def _version(id: int, written: Written, now: Any) -> dict[str, Any]:
    unit, title, body = written
    empty = ("policy_title", "document_number", "issuing_body", "source_url", "applies_to", "change_note")
    known: dict[str, Any] = {"id": id, "article_id": id, "version": 1, "title": title[:200], "body": body}
    known |= {"questions": [], "keywords": [], "category": "licensing-delay", "level": "city", "owner_unit": unit}
    dates = {"effective_from": FIRST_DAY, "effective_to": None, "next_review_on": date(2099, 1, 1), "published_at": now}
    return {**known, **dict.fromkeys(empty, ""), **dates, "visibility": "public"}


def made(count: int, chance: random.Random) -> Iterator[Written]:
    sources = list(article_sources(article_files(resource("knowledge_base"))))
    titles = [str(source.matter["title"]) for source in sources]
    sentences = [line for source in sources for line in source.body.replace("。", "。\n").splitlines() if len(line) > 8]
    for number in range(count):
        place, year = chance.choice(PLACES), chance.randrange(2015, 2027)
        body = "\n".join(chance.sample(sentences, 8))
        yield "tax", f"{place}{chance.choice(titles)}", f"{place}府发〔{year}〕{number}号。{body}"


def questions(chance: random.Random) -> list[str]:
    sources = list(article_sources(article_files(resource("knowledge_base"))))
    texts = [source.body for source in sources] + [str(source.matter["title"]) for source in sources]
    found = [str(source.matter["title"]) for source in sources]
    for _ in range(300):
        source = chance.choice(texts)
        at = chance.randrange(max(1, len(source) - 24))
        found.append(source[at : at + chance.randrange(2, 24)])
    found += [f"〔{chance.randrange(2015, 2027)}〕{chance.randrange(50_000)}号" for _ in range(50)]
    return found + ["yyzz", "营业直照", "公机金", "企业", "办理", "的", "申请材料", "shuiwu", "GB/T 39735"] * 5


def analyse(app_context: AppContext) -> None:
    with app_context.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def timed(name: str, ctx: Any, asked: list[str]) -> None:
    for question in asked[:20]:
        ctx(question)
    taken = []
    for question in asked:
        begin = time.perf_counter()
        ctx(question)
        taken.append((time.perf_counter() - begin) * 1000)
    print(
        f"| {name} | {median(taken):.1f} ms | {quantiles(taken, n=20)[18]:.1f} ms | {max(taken):.1f} ms |", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--tickets", type=int, default=0, help="closed tickets that lie beside them")
    arguments = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        app_context = opened(arguments.postgresql or f"sqlite:///{folder}/hotline.db", Path(folder))
        with app_context.transaction() as ctx:
            load_all(ctx, app_context.settings.config, resource("knowledge_base"))
            for _ in closed_tickets(ctx.session, 1, arguments.tickets, ctx.now):
                pass
        analyse(app_context)
        begin = time.perf_counter()
        for done in article_rows(app_context, made(arguments.articles, chance), first=1000):
            print(f"\r{done - 999:,}", end="", flush=True)
        taken = time.perf_counter() - begin
        analyse(app_context)
        memory = process.getrusage(process.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\r{arguments.articles:,} articles loaded and indexed in {taken:.0f} s, {memory:.0f} MB at most")
        print("\n| | median | 95 of 100 | longest |\n|---|---|---|---|")
        with app_context.snapshot() as ctx:
            timed("search", lambda q: knowledge_search.search(ctx, q), questions(chance))
            help_ = lambda q: suggestions.suggestions(ctx, text=q)  # noqa: E731
            timed("answers while typing", help_, questions(chance))
        app_context.database.dispose()


if __name__ == "__main__":
    main()
