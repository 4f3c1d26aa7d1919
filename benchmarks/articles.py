"""`python -m benchmarks.articles`: the whole base from Markdown files and out again, by the commands as processes of their own.

The articles are made up as for `benchmarks.search`; each is written as a file with front matter. What `knowledge import` has
taken in can be found: the index is part of the same transaction. An article is looked for at the end, so that this is true.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.search import made
from hotline.app_context import AppContext
from hotline.casework.knowledge.drafting import Content, version_of
from hotline.models.knowledge.articles import SAID
from hotline.queries.knowledge import knowledge_search
from hotline.queries.knowledge.article_export import Exported
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings

FOLDERS = 20
SECRETS = {"HOTLINE_SECRET_KEY": "secret-for-benchmarks", "HOTLINE_DATA_KEY": "data-key-for-benchmarks"}


def write_files(folder: Path, count: int) -> None:
    for number, (unit, title, body) in enumerate(made(count, random.Random(1))):
        day = date(2020, 1, 1)
        said = Content(f"{title}（{number}）", body, "licensing-delay", unit, day, date(2099, 1, 1), "首次收录")
        version = version_of(said)
        matter = {name: getattr(version, name) for name in SAID if name != "body"}
        article = Exported(f"section-{number % FOLDERS}", f"article-{number}", matter, body)
        path = folder / article.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article.markdown(), encoding="utf-8")


def run(name: str, environment: dict[str, str], *words: str) -> None:
    """One line: seconds by the clock and of the processor, and the most memory that the process has held."""
    quiet, begin = subprocess.DEVNULL, time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "hotline", *words], env=environment, stdout=quiet, stderr=quiet)
    _, status, used = os.wait4(process.pid, 0)
    taken, worked = time.perf_counter() - begin, used.ru_utime + used.ru_stime
    if status:
        sys.exit(f"{name}: failed")
    print(f"| {name} | {taken:.1f} s | {worked:.1f} s | {used.ru_maxrss / 1024:.0f} MB |", flush=True)


def check_found(url: str, folder: Path, count: int) -> None:
    keys = SECRETS["HOTLINE_SECRET_KEY"], SECRETS["HOTLINE_DATA_KEY"]
    app_context = AppContext(Settings(url, *keys, resource("config"), folder))
    with app_context.snapshot() as ctx:
        found = knowledge_search.search(ctx, f"府发{count - 1}号")
        assert found, "what was loaded is not found"
    app_context.database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.articles", description=__doc__)
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    parser.add_argument("--articles", type=int, default=50_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder / "in", arguments.articles)
        url = arguments.postgresql or f"sqlite:///{folder}/hotline.db"
        environment = {**os.environ, **SECRETS, "HOTLINE_DATABASE_URL": url, "HOTLINE_DATA": str(folder / "data")}
        print("| | by the clock | processor | memory |\n|---|---|---|---|")
        run("`db upgrade`", environment, "db", "upgrade")
        run("`load` (what the package carries)", environment, "load")
        run(f"`knowledge import` of {arguments.articles:,}", environment, "knowledge", "import", str(folder / "in"))
        check_found(url, folder, arguments.articles)
        run("the same again, nothing new", environment, "knowledge", "import", str(folder / "in"))
        run("`knowledge export` to a folder", environment, "knowledge", "export", str(folder / "out"))
        run("`knowledge export` to a sheet", environment, "knowledge", "export", str(folder / "all.xlsx"))


if __name__ == "__main__":
    main()
