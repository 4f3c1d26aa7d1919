"""What lies in the database before and after the day: lines of old tickets, dues pressed like the day, growth, what must hold."""

from collections import Counter

import psutil
from sqlalchemy import func, select, text

from benchmarks.load.day import HOURS, Day
from hotline.app_context import AppContext
from hotline.casework.tickets.timeline import verify
from hotline.models.deadlines.clocks import Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry

# Four lines of every ticket, before its first, for their size and their indexes: no chain, and `timeline verify` is not for them.
LINES = text("""
INSERT INTO timeline (ticket_id, sequence, at, recorded_at, entry, actor, audience, data, previous_hash, hash)
SELECT tickets.id, line - 4, received_at, received_at, (ARRAY['logged','dispatched','signed','closed'])[line], '人员', 'staff',
       json_build_object('unit', lead_unit_id, 'text', title), md5(number), md5(number || line)
FROM tickets CROSS JOIN generate_series(1, 4) AS line WHERE tickets.state = 'closed'
""")
# What comes due within the day that is lived comes due within the day as it is pressed.
PRESSED = text("""
UPDATE clocks SET due_at = now() + (due_at - now()) / :pressed, next_step_at = now() + (next_step_at - now()) / :pressed
WHERE stopped_at IS NULL AND next_step_at BETWEEN now() AND now() + make_interval(hours => :hours)
""")
SIZES = text("""
SELECT relname, pg_total_relation_size(relid) AS held FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 12
""")


def write_timelines(app_context: AppContext) -> None:
    """Once, after the closed tickets."""
    with app_context.database.transaction() as session:
        if session.scalar(select(TimelineEntry.id).limit(1)) is None:
            print("timelines of the closed tickets", flush=True)
            session.execute(LINES)


def press(app_context: AppContext, day: Day) -> None:
    with app_context.database.transaction() as session:
        session.execute(PRESSED, {"pressed": day.pressed, "hours": HOURS})


def server_pids(app_context: AppContext) -> list[int]:
    """The server's first process, where it runs on this machine."""
    with app_context.snapshot() as ctx:
        backend = psutil.Process(ctx.session.scalar(select(func.pg_backend_pid())))
        return [backend.ppid()]


class Stock:
    """Sizes and counts before the day."""

    def __init__(self, app_context: AppContext) -> None:
        self.app_context = app_context
        self.size, self.tables, self.last, self.steps = self._now()

    def _now(self) -> tuple[int, dict[str, int], int, int]:
        with self.app_context.snapshot() as ctx:
            session = ctx.session
            size = session.scalar(text("SELECT pg_database_size(current_database())"))
            tables = {row.relname: row.held for row in session.execute(SIZES)}
            last = session.scalar(select(func.max(Ticket.id)))
            steps = session.scalar(select(func.count()).select_from(Escalation))
            return size, tables, last or 0, steps or 0

    def print_growth(self, logged: list[str]) -> None:
        """Refuses (`AssertionError`) when an acknowledged ticket is not there exactly once, or a timeline does not hold."""
        size, tables, last, steps = self._now()
        grown, climbed = (size - self.size) / 2**20, steps - self.steps
        print(
            f"{size / 2**30:.2f} GB, grown by {grown:.0f} MB; {last - self.last} tickets; {climbed} steps of the ladder"
        )
        for name, held in tables.items():
            print(f"  {name}: {held / 2**20:,.0f} MB, grown by {(held - self.tables.get(name, 0)) / 2**20:,.1f} MB")
        with self.app_context.snapshot() as ctx:
            there = Counter(ctx.session.scalars(select(Ticket.number).where(Ticket.id > self.last)))
            missing = [number for number in logged if there[number] != 1]
            assert not missing, f"{len(missing)} acknowledged tickets are not there once: {missing[:3]}"
            broken = [found for _, found in verify(ctx.session, after=self.last) if found]
            assert not broken, broken[:3]
        print(f"{len(logged)} acknowledged tickets are there, each once; their timelines verify")
