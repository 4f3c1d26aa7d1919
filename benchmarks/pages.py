"""`python -m benchmarks.pages`: how long the server takes for each desk and list of a city with a million tickets.

Each page is asked for as the browser asks, without the network: routing, rights, statements, the template. Medians of thirty.
"""

import argparse
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import city, fill
from hotline import clock
from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.models.database import migrate
from hotline.models.database.session import Database
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from tests.support.cast import PASSWORD, hire
from tests.support.plans import scans

TIMES = 30
AIM, WALL_AIM = 50, 100


def pages(closed: int) -> list[tuple[str, str]]:
    """(who, the address) of everything that is measured."""
    number, month_ago = fill.number_of(closed // 2), (clock.now() - timedelta(days=30)).date()
    lists = (
        "",
        "?overdue=true",
        "?state=handling",
        "?state=closed",
        "?state=merged",
        "?overdue=false",
        "?unit=tax",
        "?type=report&step=2",
        "?q=诉求",
        "?q=没有这样的标题",
        f"?q={number}",
        "?sort=-received",
        "?sort=-received&unit=tax",
        "?sort=-received&type=report",
        "?sort=-received&q=没有这样的标题",
    )
    return [
        ("operator", "/operator"),
        ("operator", "/operator?phone=13800138000"),
        ("dispatcher", "/dispatch"),
        ("handler", "/unit"),
        ("leader", "/unit"),
        ("supervisor", "/supervision"),
        ("supervisor", "/supervision?unit=tax"),
        *(("supervisor", f"/tickets{query}") for query in lists),
        ("handler", "/tickets"),
        ("handler", "/tickets?sort=-received"),
        ("handler", "/tickets?sort=-received&q=没有这样的标题"),
        ("reviewer", "/call-backs"),
        ("supervisor", "/rectifications"),
        ("supervisor", "/rectifications?state=rectifying"),
        ("supervisor", "/knowledge"),
        ("supervisor", "/statistics"),
        ("supervisor", f"/statistics?from={month_ago}&to={clock.now().date()}&by=month"),
        ("supervisor", f"/tickets/{number}"),
        ("supervisor", "/freshness"),
    ]


def prepare(url: str, folder: Path, closed: int) -> AppContext:
    """The database of this size; one that was filled before is taken as it is."""
    settings = Settings(url, "secret-for-benchmarks", "data-key-for-benchmarks", resource("config"), folder)
    database = Database(url)
    known = migrate.current(database)
    database.dispose()
    migrate.upgrade(url)
    app_context = AppContext(settings)
    if known is None:
        _fill(app_context, closed)
    return app_context


def _fill(app_context: AppContext, closed: int) -> None:
    with app_context.transaction() as ctx:
        load_all(ctx, app_context.settings.config, resource("knowledge_base"))
    hire(app_context)
    with app_context.transaction() as ctx:
        for done in city.fill(ctx.session, closed, now=ctx.now, rulebook=ctx.rules):
            print(f"\r{done / closed:4.0%}", end="", flush=True)
    print()
    with app_context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if app_context.database.is_sqlite else "VACUUM ANALYZE")


def measure(app_context: AppContext, closed: int) -> None:
    """A row of a Markdown table for each page."""
    app = create_app(app_context.settings)
    clients: dict[str, FlaskClient] = {}
    engine = app_context.database.engine.dialect.name
    for who, address in pages(closed):
        client = clients.get(who) or clients.setdefault(who, _signed_in(app.test_client(), who))
        median, least, own, size = _times(client, address)
        aim = WALL_AIM if address.startswith("/supervision") else AIM
        shown = f"**{median:.0f} ms**" if median > aim else f"{median:.0f} ms"
        print(
            f"| {engine} | {who} | {address} | {shown} | {least:.0f} ms | {own:.0f} ms | {aim} ms | {size / 1024:.0f} kB |",
            flush=True,
        )
    app.extensions["hotline"].database.dispose()


def plans(app_context: AppContext, closed: int) -> None:
    """The statements of each page that read a large table from end to end."""
    app = create_app(app_context.settings)
    database = app.extensions["hotline"].database
    clients: dict[str, FlaskClient] = {}
    for who, address in pages(closed):
        client = clients.get(who) or clients.setdefault(who, _signed_in(app.test_client(), who))
        for line in scans(database, lambda c=client, a=address: c.get(a)):  # type: ignore[misc]
            print(f"{who} {address}\n  {line}")


def _signed_in(client: FlaskClient, who: str) -> FlaskClient:
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    client.post("/sign-in", data={"username": who, "password": PASSWORD, "csrf_token": token})
    return client


def _times(client: FlaskClient, address: str) -> tuple[float, float, float, int]:
    """Milliseconds: the median and the least of thirty, the median of this process's own; and the bytes of the answer."""
    first = client.get(address)
    if first.status_code != 200:
        raise RuntimeError(f"{address}: {first.status_code}")
    taken, own = [], []
    for _ in range(TIMES):
        begin, worked = time.perf_counter(), time.process_time()
        client.get(address)
        taken.append((time.perf_counter() - begin) * 1000)
        own.append((time.process_time() - worked) * 1000)
    return statistics.median(taken), min(taken), statistics.median(own), len(first.data)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument(
        "--postgresql", help="the address of a database, empty or filled by this before; without it SQLite"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the SQLite database, to be measured again")
    parser.add_argument("--plans", action="store_true", help="do not measure, name the statements that scan")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = arguments.keep or Path(passing)
        app_context = prepare(arguments.postgresql or f"sqlite:///{folder}/hotline.db", folder, arguments.tickets)
        app_context.database.dispose()
        (plans if arguments.plans else measure)(app_context, arguments.tickets)


if __name__ == "__main__":
    main()
