"""`python -m benchmarks.load --postgresql URL`: the day of a big city against two web servers and two schedulers.

300 operators, 1,000 clerks, 20 dispatchers, 40 reviewers, seven supervisors and three walls, a hundred enterprises at a time; all
by the pages, as people work. Prints how long answers took, what failed, what the processes needed and how the database grew.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from benchmarks.load import stock
from benchmarks.load.browser import Browser
from benchmarks.load.crowd import hire_crowd, names_of
from benchmarks.load.day import Day
from benchmarks.load.figures import Figures, Taken
from benchmarks.load.people import WORK, Known, enterprise
from benchmarks.pages import prepare
from hotline.app_context import AppContext
from hotline.models.accounts.units import Unit
from tests.faults.site import Process, Site, Web
from tests.support.cast import PASSWORD

WEBS, SCHEDULERS, ENTERPRISES = 2, 2, 100
AT_ONCE = 8
"""So many sign in at one moment, before the day begins."""


@contextmanager
def _served(app_context: AppContext) -> Iterator[tuple[list[Web], list[Process]]]:
    """Web servers that answer, with one worker each, and schedulers."""
    known = app_context.settings
    keys = {"HOTLINE_SECRET_KEY": known.secret_key, "HOTLINE_DATA_KEY": known.data_key, "HOTLINE_PROXIES": "1"}
    with Site(known.database_url, known.data, keys) as site:
        webs = [site.web() for _ in range(WEBS)]
        site.ready(webs)
        yield webs, [site.scheduler() for _ in range(SCHEDULERS)]


async def _signed_in(ports: list[int], figures: Figures) -> dict[str, list[Browser]]:
    """Everybody, in the morning."""
    gate, found = asyncio.Semaphore(AT_ONCE), dict[str, list[Browser]]()

    async def sign_in(me: Browser, name: str) -> None:
        async with gate:
            await me.get("sign-in: the page", "/sign-in")
            answer = await me.post("sign-in", "/sign-in", {"username": name, "password": PASSWORD})
            if answer.status != 200:
                raise RuntimeError(f"{name} cannot sign in: {answer.status}")

    for role in WORK:
        found[role] = [Browser(ports[n % len(ports)], f"10.0.{n // 50}.1", figures) for n in range(len(names_of(role)))]
    everyone = [sign_in(me, name) for role in WORK for me, name in zip(found[role], names_of(role), strict=True)]
    await asyncio.gather(*everyone)
    return found


async def _ring(known: Known, figures: Figures) -> None:
    """Calls come when they come, whether somebody is free or not."""
    phones = [f"138{n:08d}" for n in range(800)]
    for at in known.day.calls(known.chance):
        await asyncio.sleep(max(0.0, known.day.began + at - time.monotonic()))
        known.calls.put_nowait(known.chance.choice(phones))
        figures.most_waiting = max(figures.most_waiting, known.calls.qsize())


async def live(ports: list[int], day: Day, known: Known, figures: Figures) -> None:
    """One day of everybody."""
    people = await _signed_in(ports, figures)
    print("\nThe morning, everybody signs in:")
    figures.print()
    day.begin()
    figures.begin()
    outside = [Browser(ports[n % len(ports)], "10.9.9.9", figures) for n in range(ENTERPRISES)]
    tasks = [asyncio.create_task(WORK[role](me, known)) for role, them in people.items() for me in them]
    tasks += [asyncio.create_task(enterprise(me, known)) for me in outside]
    tasks.append(asyncio.create_task(_ring(known, figures)))
    while not day.over():
        await asyncio.sleep(1)
        print(f"\r{day.passed():4.0%}", end="", file=sys.stderr, flush=True)
        for task in tasks:
            if task.done():
                task.result()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _run(app_context: AppContext, arguments: argparse.Namespace) -> None:
    day, chance = Day(arguments.minutes, tuple(arguments.part)), random.Random(arguments.seed)
    with app_context.snapshot() as ctx:
        departments = select(Unit.code).where(Unit.kind == "department").order_by(Unit.id)
        known = Known(day, chance, arguments.tickets, list(ctx.session.scalars(departments)))
    figures = Figures(day.in_peak)
    stock.press(app_context, day)
    before = stock.Stock(app_context)
    with _served(app_context) as (webs, schedulers):
        pids = {"web": [web.popen.pid for web in webs], "schedulers": [one.popen.pid for one in schedulers]}
        taken, begin = Taken(**pids, postgresql=stock.server_pids(app_context)), time.monotonic()
        asyncio.run(live([web.port for web in webs], day, known, figures))
        print(
            f"\nThe day of 8 hours in {arguments.minutes:g} minutes ({day.pressed:.0f} times as fast), {day.part} of it:"
        )
        figures.print()
        print(f"calls that waited for an operator at one moment: {figures.most_waiting} at most")
        taken.print(time.monotonic() - begin)
    before.print_growth(known.logged)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--postgresql", required=True, help="the address of a database, empty or filled by this before")
    parser.add_argument("--tickets", type=int, default=5_000_000)
    parser.add_argument("--minutes", type=float, default=40, help="how long the day takes here")
    parser.add_argument(
        "--part", type=float, nargs=2, default=(0, 1), help="from which share of the day to which: 0.24 0.3"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fill", action="store_true", help="only fill the database")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        app_context = prepare(arguments.postgresql, Path(passing), arguments.tickets)
        stock.write_timelines(app_context)
        hire_crowd(app_context)
        if not arguments.fill:
            _run(app_context, arguments)
        app_context.database.dispose()


if __name__ == "__main__":
    main()
