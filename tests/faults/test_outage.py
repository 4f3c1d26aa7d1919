"""No scheduler for a week: the first run catches up on everything once, at the instants of a week without a gap."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from tests.conftest import prepare, settings_for
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.site import Site
from tests.jobs.test_many_schedulers import DISPATCHED_AT
from tests.support.cast import Cast

OWING = 60
WEEK = timedelta(days=7)


def steps_of(app_context: AppContext) -> set[tuple[object, ...]]:
    columns = (Ticket.number, Clock.kind, Clock.round, Escalation.step, Escalation.at, Escalation.passed_over)
    query = (
        select(*columns).join(Clock, Clock.id == Escalation.clock_id).join(Ticket, Ticket.id == Escalation.ticket_id)
    )
    with app_context.snapshot() as ctx:
        return {tuple(row) for row in ctx.session.execute(query)}


def said_in_order(app_context: AppContext) -> bool:
    """Whether each ticket's steps stand in its timeline in the order in which they were due."""
    query = select(TimelineEntry.ticket_id, TimelineEntry.at).where(TimelineEntry.entry == "escalated")
    lines: dict[int, list[datetime]] = {}
    with app_context.snapshot() as ctx:
        for ticket, at in ctx.session.execute(query.order_by(TimelineEntry.ticket_id, TimelineEntry.sequence)):
            lines.setdefault(ticket, []).append(at)
    return all(instants == sorted(instants) for instants in lines.values())


def test_a_week_without_a_scheduler_is_caught_up_once(
    app_context: AppContext, cast: Cast, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    end = DISPATCHED_AT + WEEK
    owe_steps(app_context, OWING)
    with Site(database_url, tmp_path) as site:
        for _ in range(2):
            run = site.scheduler("--once", "--at", end.isoformat())
            assert run.popen.wait() == 0, run.said()
            fired = steps_fired(app_context)
    assert steps_fired(app_context) == fired and not steps_owed(app_context, end)
    check_everything(app_context, cast, None, OWING)
    assert said_in_order(app_context)
    assert steps_of(app_context) == _without_a_gap(empty_url, tmp_path / "other", end)


def _without_a_gap(url: str, data: Path, end: datetime) -> set[tuple[object, ...]]:
    """The same week, a scheduler running every hour."""
    prepare(url, data)
    app_context, now = AppContext(settings_for(url, data)), DISPATCHED_AT
    owe_steps(app_context, OWING)
    while now <= end:
        escalate.run(Run(app_context, now))
        now += timedelta(hours=1)
    found = steps_of(app_context)
    app_context.database.dispose()
    return found
