"""Four schedulers over 5,000 due clocks, one of them killed: nothing lost, nothing twice, on both engines."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.fill import open_tickets
from hotline.app_context import AppContext
from hotline.casework.tickets.timeline import verify
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind

DUE = 5000
DISPATCHED_AT = datetime(2026, 3, 2, 10, tzinfo=ZONE)
NOW = "2026-03-06 10:00"
STEPS = {
    0: datetime(2026, 3, 3, 9, 15, tzinfo=ZONE),
    1: datetime(2026, 3, 3, 15, 30, tzinfo=ZONE),
    2: datetime(2026, 3, 3, 17, 30, tzinfo=ZONE),
    3: datetime(2026, 3, 5, 17, 30, tzinfo=ZONE),
}


def scheduler(database_url: str, data: Path) -> subprocess.Popen[bytes]:
    settings = {
        "HOTLINE_DATABASE_URL": database_url,
        "HOTLINE_SECRET_KEY": "secret-for-tests-only",
        "HOTLINE_DATA_KEY": "data-key-for-tests-only",
        "HOTLINE_DATA": str(data),
    }
    command = [sys.executable, "-m", "hotline", "scheduler", "--once", "--at", NOW]
    return subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)


def recorded(app_context: AppContext) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Escalation)) or 0


def test_nothing_is_lost_and_nothing_happens_twice(app_context: AppContext, database_url: str, tmp_path: Path) -> None:
    with app_context.transaction() as ctx:
        open_tickets(ctx.session, 1, DUE, dispatched_at=DISPATCHED_AT, rulebook=ctx.rules)

    running = [scheduler(database_url, tmp_path) for _ in range(4)]
    victim = running[0]
    while not recorded(app_context) and any(process.poll() is None for process in running):
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait() != 0, "the victim had finished before it was killed: it was no test"
    assert [process.wait() for process in running[1:]] == [0, 0, 0]
    left_behind = recorded(app_context)
    assert scheduler(database_url, tmp_path).wait() == 0
    assert scheduler(database_url, tmp_path).wait() == 0

    with app_context.snapshot() as ctx:
        session = ctx.session
        signing = select(Escalation.step, Escalation.at, func.count()).join(Clock, Clock.id == Escalation.clock_id)
        fired = session.execute(
            signing.where(Clock.kind == ClockKind.SIGN).group_by(Escalation.step, Escalation.at)
        ).all()
        assert {(step, at): count for step, at, count in fired} == dict.fromkeys(STEPS.items(), DUE)
        assert left_behind <= recorded(app_context)
        per_ticket = Counter(session.scalars(select(Order.ticket_id)))
        assert len(per_ticket) == DUE and set(per_ticket.values()) == {1}
        handling = Counter(session.scalars(select(Clock.ticket_id).where(Clock.kind == ClockKind.HANDLE)))
        assert len(handling) == DUE and set(handling.values()) == {1}
        assert session.scalar(select(func.count()).select_from(Ticket).where(~Ticket.unsigned_late)) == 0
        lines = select(func.count()).select_from(TimelineEntry)
        assert session.scalar(lines) == session.scalar(select(func.sum(Ticket.timeline_length)))
        told = session.execute(select(Notice.event, Notice.staff_id)).all()
        assert len(told) == len(set(told)) > 0
        assert [broken for _, broken in verify(session) if broken] == []
