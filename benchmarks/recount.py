"""`python -m benchmarks.recount`: the amendment of the Spring Festival of 2020, with a million running clocks.

They were started evenly over the seventeen working days before the festival; the dues of the last five of these days move.
"""

import argparse
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from benchmarks.fill import CHUNK, ticket_row
from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar
from hotline.casework.knowledge.article_files import load_all
from hotline.casework.tickets import clocks
from hotline.models.accounts.units import Unit
from hotline.models.database import migrate
from hotline.models.database.bulk import insert_rows
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind, State
from hotline.settings.config_files import resource
from hotline.settings.environment import Settings

BEGUN_ON = (2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23)
NOW = datetime(2020, 1, 27, 9, tzinfo=ZONE)
# Notice of 2019-11-21: 01-24 to 01-30 off, 01-19 and 02-01 working. Notice of 2020-01-26: off until 02-02, 02-01 too.
OFF, MADE_UP, ADDED = range(24, 31), 19, ("2020-01-31", "2020-02-01", "2020-02-02")


def notice(*, amended: bool) -> dict[str, Any]:
    """The year file as it stood before or after the amendment."""
    days = [{"name": "春节", "date": f"2020-01-{on}", "isOffDay": True} for on in OFF]
    days.append({"name": "春节", "date": f"2020-01-{MADE_UP}", "isOffDay": False})
    working = {"2020-01-31", "2020-02-01"}
    days += [{"name": "春节", "date": on, "isOffDay": amended or on not in working} for on in ADDED]
    return {"year": 2020, "days": days}


def fill(app_context: AppContext, count: int) -> None:
    """Tickets in hand since the working days before the festival, each with a handling clock of five working days."""
    begins = [
        datetime(2020, 1, day, 9, tzinfo=ZONE) + timedelta(minutes=minute)
        for day in BEGUN_ON
        for minute in range(0, 450, 5)
    ]
    with app_context.transaction(NOW) as ctx:
        units = list(ctx.session.scalars(select(Unit).order_by(Unit.id)))
        known: dict[Any, dict[str, Any]] = {}
        for first in range(1, count + 1, CHUNK):
            tickets, rows = [], []
            for position in range(first, min(first + CHUNK, count + 1)):
                begin = begins[position % len(begins)]
                ticket = ticket_row(ctx.session, position, units[position % len(units)], State.HANDLING, begin)
                if begin not in known:
                    known[begin] = clocks.new_row(_Like(ticket), ClockKind.HANDLE, begin, rulebook=ctx.rules)
                row = {**known[begin], "ticket_id": position, "unit_id": ticket["lead_unit_id"]}
                rows.append({**row, "unit_path": ticket["desk_path"]})
                tickets.append({**ticket, "due_at": row["due_at"], "due_kind": str(ClockKind.HANDLE)})
            insert_rows(ctx.session, Ticket.__table__, tickets)  # type: ignore[arg-type]
            insert_rows(ctx.session, Clock.__table__, rows)  # type: ignore[arg-type]
            print(f"\r{position:>9} tickets", end="", flush=True)
        ctx.session.execute(text("ANALYZE"))
    print()


class _Like:
    """A row of columns with the manners of a ticket."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__.update(columns)


def run(url: str, count: int, folder: Path) -> None:
    """Fills, previews, imports, and says how long each took."""
    app_context = AppContext(
        Settings(url, "secret-for-benchmarks", "data-key-for-benchmarks", resource("config"), folder)
    )
    migrate.upgrade(url)
    with app_context.transaction(NOW) as ctx:
        load_all(ctx, app_context.settings.config, resource("knowledge_base"))
        first = calendar.year_change(notice(amended=False))
        calendar.apply(ctx.by(CONSOLE), first, base=app_context.rulebook)
    fill(app_context, count)
    second = calendar.year_change(notice(amended=True))
    started = time.perf_counter()
    with app_context.snapshot(NOW) as ctx:
        foreseen = calendar.preview(ctx, second, base=app_context.rulebook).moved
    previewed = time.perf_counter()
    with app_context.transaction(NOW) as ctx:
        moved = calendar.apply(ctx.by(CONSOLE), second, base=app_context.rulebook)
    finished = time.perf_counter()
    assert foreseen == moved > 0, (foreseen, moved)
    print(
        f"{count} running clocks, {moved} moved: preview {previewed - started:.1f} s, import {finished - previewed:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recount")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--postgresql", help="an empty database; without it SQLite in a folder of its own")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(asked.postgresql or f"sqlite:///{folder}/hotline.db", asked.count, Path(folder))


if __name__ == "__main__":
    main()
