"""`python -m benchmarks`: fills a database, measures the service beside the floor in turns, and prints one table."""

import argparse
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select

from benchmarks import fill, http
from benchmarks.floor import Caught, catch
from hotline import clock
from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.database import migrate
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings
from tests.support.cast import hire

OPEN, LATE, DUE = 500, 1000, 1000
ROUNDS, SECONDS = 5, 2.0
SERVICE, FLOOR, BARE = 8101, 8102, 8103
CALL = {
    "title": "窗口不受理",
    "content": "材料齐全。",
    "type": "help",
    "category": "licensing-delay",
    "difficulty": "ordinary",
}


class Bench:
    """One database of one size."""

    def __init__(self, url: str, size: int, folder: Path) -> None:
        self.url, self.size, self.folder = url, size, folder
        self.settings = Settings(url, "secret-for-benchmarks", "data-key-for-benchmarks", resource("config"), folder)
        self.app = create_app(self.settings)
        self.app_context: AppContext = self.app.extensions["hotline"]
        self.now = clock.now()

    def fill(self) -> None:
        migrate.upgrade(self.url)
        with self.app_context.transaction() as ctx:
            load_all(ctx, self.settings.config, resource("knowledge_base"))
        self.tokens = hire(self.app_context).tokens
        for done in self._closed():
            print(f"\r{self.size:>9} tickets: {done / self.size:4.0%}", end="", flush=True)
        print()
        with self.app_context.transaction() as ctx:
            late, fresh = self.now - timedelta(days=20), self.now - timedelta(minutes=1)
            fill.open_tickets(ctx.session, self.size + 1, LATE, dispatched_at=late, rulebook=ctx.rules)
            fill.open_tickets(ctx.session, self.size + LATE + 1, OPEN, dispatched_at=fresh, rulebook=ctx.rules)
        escalate.run(Run(self.app_context, self.now))
        self._analyse()

    def _closed(self) -> Any:
        until = self.now - timedelta(days=30)
        first = 1
        while first <= self.size:
            count = min(50_000, self.size - first + 1)
            with self.app_context.transaction() as ctx:
                for _ in fill.closed_tickets(ctx.session, first, count, until - timedelta(minutes=self.size - first)):
                    pass
            first += count
            yield first - 1

    def _analyse(self) -> None:
        with self.app_context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")

    def requests(self) -> dict[str, tuple[str, bytes]]:
        """What is measured: (the floor's path, the service's request)."""
        number, token = fill.number_of(self.size // 2), self.tokens["supervisor"]
        look_up = http.message("GET", f"/api/v1/public/tickets/{number}?code={fill.CODE}")
        return {
            "look-up by number and code": ("/look-up", look_up),
            "file of a ticket": ("/file", http.message("GET", f"/api/v1/tickets/{number}", token)),
            "overdue page of 50": ("/overdue", http.message("GET", "/api/v1/overdue?limit=50", token)),
            "list of 50 by due": ("/list", http.message("GET", "/api/v1/tickets?limit=50", token)),
            "create": ("/create", http.message("POST", "/api/v1/tickets", self.tokens["operator"], orjson.dumps(CALL))),
        }

    def catch(self) -> dict[str, Caught]:
        """Each request's statements, caught at its second run, when the driver has prepared what it prepares."""
        caught: dict[str, Caught] = {}
        for path, request in self.requests().values():
            self._ask(request)
            answers: list[Any] = []
            caught[path] = catch(self.app_context.database, lambda r=request, a=answers: a.append(self._ask(r)))  # type: ignore[misc]
            if path == "/create":
                self._name(caught[path], answers[0]["number"])
        return caught

    def _ask(self, request: bytes) -> Any:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        method, address, _ = first.split()
        headers = dict(line.split(": ", 1) for line in rest)
        answer = self.app.test_client().open(address, method=method, headers=headers, data=body)
        if answer.status_code // 100 != 2:
            raise RuntimeError(answer.text)
        return answer.get_json()

    def _name(self, caught: Caught, number: str) -> None:
        with self.app_context.snapshot() as ctx:
            caught.number = number
            caught.ticket_id = ctx.session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
            ids = select(Clock.id).where(Clock.ticket_id == caught.ticket_id).order_by(Clock.id)
            caught.clock_ids = list(ctx.session.scalars(ids))
        if caught.ticket_id in caught.clock_ids:
            raise RuntimeError("a ticket and its clock share an id: the floor could not tell them apart")

    def over_http(self) -> tuple[list[tuple[str, float, float]], float, float]:
        """(what, answers a second of the service, of the floor) as medians of rounds in turns; of Flask alone; megabytes held."""
        path = self.folder / "caught"
        path.write_bytes(pickle.dumps(self.catch()))
        environment = {
            "HOTLINE_DATABASE_URL": self.url,
            "HOTLINE_SECRET_KEY": self.settings.secret_key,
            "HOTLINE_DATA_KEY": self.settings.data_key,
            "FLOOR_REQUESTS": str(path),
        }
        rows = []
        with (
            http.serving("hotline.wsgi:app", SERVICE, environment) as pid,
            http.serving("benchmarks.floor_server:app", FLOOR, environment),
        ):
            for what, (floor_path, request) in self.requests().items():
                floor_request = http.message("GET", floor_path)
                pairs = []
                for _ in range(ROUNDS):
                    pairs.append((http.rate(SERVICE, request, SECONDS), http.rate(FLOOR, floor_request, SECONDS)))
                service, floor = (statistics.median(rates) for rates in zip(*pairs, strict=True))
                rows.append((what, service, floor))
            memory = http.memory_of(pid)
        with http.serving("benchmarks.bare:app", BARE, {}):
            alone = statistics.median(http.rate(BARE, http.message("GET", "/"), SECONDS) for _ in range(ROUNDS))
        return rows, alone, memory

    def passes(self) -> tuple[float, float, float]:
        """Milliseconds of a pass with nothing due, of one with 1,000 due, and per escalation that it recorded."""
        idle = statistics.median(_milliseconds(lambda: escalate.run(Run(self.app_context, self.now))) for _ in range(5))
        with self.app_context.transaction() as ctx:
            begun = self.now - timedelta(days=20)
            first = ctx.session.scalar(select(func.max(Ticket.id))) or 0
            fill.open_tickets(ctx.session, first + 1, DUE, dispatched_at=begun, rulebook=ctx.rules)
            fill.advance_keys(ctx.session)
        before = self._recorded()
        busy = _milliseconds(lambda: escalate.run(Run(self.app_context, self.now)))
        return idle, busy, busy / (self._recorded() - before)

    def _recorded(self) -> int:
        with self.app_context.snapshot() as ctx:
            return ctx.session.scalar(select(func.count()).select_from(Escalation)) or 0


def _milliseconds(ctx: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    ctx()
    return (time.perf_counter() - begin) * 1000


def measure(url: str, size: int, folder: Path) -> None:
    """One size on one engine, printed as rows of a Markdown table."""
    bench = Bench(url, size, folder)
    bench.fill()
    idle, busy, each = bench.passes()
    rows, alone, memory = bench.over_http()
    engine = bench.app_context.database.engine.dialect.name
    for what, service, floor in rows:
        print(f"| {engine} | {size:,} | {what} | {service:,.0f}/s | {floor:,.0f}/s | {service / floor:.0%} |")
    print(f"a route of Flask that does nothing: {alone:,.0f}/s")
    print(f"{engine}, {size:,} tickets: a pass with nothing due {idle:.1f} ms; with {DUE:,} due {busy:.0f} ms,")
    print(f"{each:.3f} ms an escalation; the web server holds {memory:.0f} MB")
    bench.app_context.database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    arguments = parser.parse_args()
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            url = arguments.postgresql or f"sqlite:///{folder}/hotline.db"
            measure(url, size, Path(folder))


main()
