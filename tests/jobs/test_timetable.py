"""The timetable: written down by any number of schedulers, missed when silent, and one bad clock stops nobody."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.fill import open_tickets
from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.tickets import escalation
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.jobs.scheduler import run_once
from hotline.jobs.timetable import TIMETABLE, Job, register, run_job
from hotline.models.database.jobs import JobRun
from hotline.models.deadlines.clocks import Clock
from hotline.queries.dashboards.health import scheduler
from hotline.rules.deadlines.working_calendar import ZONE

END = datetime(9999, 12, 31, 15, tzinfo=UTC)
START = datetime(2026, 3, 2, 10, tzinfo=ZONE)


def wrong(app_context: AppContext, now: datetime) -> set[str]:
    with app_context.snapshot() as ctx:
        return {line.name for line in scheduler(ctx.at(now)) if not line.well}


def test_schedulers_that_start_together_write_the_timetable_once(app_context: AppContext) -> None:
    ready, failed = threading.Barrier(8), []

    def start() -> None:
        ready.wait()
        try:
            register(app_context)
        except SQLAlchemyError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with app_context.snapshot() as ctx:
        assert len(ctx.session.scalars(select(JobRun)).all()) == len(TIMETABLE)


def test_a_job_that_is_silent_for_three_periods_is_missed(app_context: AppContext) -> None:
    now = clock.now()
    assert wrong(app_context, now) == {"jobs"}
    run_once(app_context, now)
    assert wrong(app_context, now + timedelta(seconds=50)) == set()
    assert wrong(app_context, now + timedelta(seconds=100)) == {"job:escalate", "job:deliver"}
    assert wrong(app_context, now + timedelta(days=4)) == {f"job:{job.name}" for job in TIMETABLE}


def test_a_job_that_fails_says_so_until_it_runs_again(app_context: AppContext) -> None:
    def broken(_: Run) -> int:
        raise ValueError("broken")

    register(app_context)
    now = clock.now()
    run_job(app_context, Job("tidy", 86400, broken), now)
    assert "job:tidy" in wrong(app_context, now)
    run_once(app_context, now)
    assert "job:tidy" not in wrong(app_context, now)


def test_one_bad_clock_is_pushed_ahead_and_stops_nobody(app_context: AppContext) -> None:
    with app_context.transaction() as ctx:
        open_tickets(ctx.session, 1, 5, dispatched_at=START, rulebook=ctx.rules)
        bad = ctx.session.scalars(select(Clock.id).order_by(Clock.id).limit(1)).one()
        # A due at the end of all calendars: what comes two days after it cannot be said.
        ctx.session.execute(update(Clock).where(Clock.id == bad).values(due_at=END, started_at=END))
    now = START + timedelta(days=1, hours=8)
    escalate.run(Run(app_context, now))
    with app_context.snapshot() as ctx:
        rows = ctx.session.execute(select(Clock.id, Clock.step, Clock.next_step_at).where(Clock.kind == "sign")).all()
    assert {step for id, step, _ in rows if id != bad} == {2}
    assert next(at for id, _, at in rows if id == bad) == now + timedelta(hours=1)


def test_a_batch_is_written_whole(app_context: AppContext) -> None:
    with app_context.transaction() as ctx:
        open_tickets(ctx.session, 1, 5, dispatched_at=START, rulebook=ctx.rules)
    with app_context.transaction(START + timedelta(days=7)) as ctx:
        assert escalation.escalate(ctx) == 5
    with app_context.snapshot() as ctx:
        kinds = Counter(ctx.session.scalars(select(Clock.kind)))
    assert kinds == {"sign": 5, "handle": 5, "order_issue": 5}
