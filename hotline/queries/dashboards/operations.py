"""How the service stands, in numbers: what a machine watches. Nothing here says whose matter anything is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from hotline.context import Context
from hotline.models.database.jobs import JobRun
from hotline.models.database.replica import Standing
from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.lateness import is_late, late_within
from hotline.models.messages.notices import Delivery, Notice
from hotline.rules.messages.delivery import DeliveryState

SOON = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "24h": timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its labels; seconds where the name ends in `_seconds`, pieces elsewhere."""

    name: str
    help: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Messages that might have left by now, and since when the oldest of them waits."""

    waiting: int
    oldest: datetime | None


def outbox(ctx: Context) -> Outbox:
    """What waits to be sent and is not booked for later."""
    waiting = select(func.count(), func.min(Notice.not_before)).select_from(Delivery)
    waiting = waiting.join(Notice, Notice.id == Delivery.notice_id)
    count, oldest = ctx.session.execute(
        waiting.where(Delivery.state == DeliveryState.WAITING, Notice.not_before <= ctx.now)
    ).one()
    return Outbox(count, oldest)


def behind(now: datetime) -> Select[int]:
    """How many clocks have a step of the ladder that should have fired more than ten minutes ago."""
    old = Clock.next_step_at < now - timedelta(minutes=10)
    return select(func.count()).select_from(Clock).where(Clock.next_step_at.is_not(None), old)


def figures(ctx: Context) -> Iterator[Figure]:
    """Dues about to pass and passed, the ladder, the outbox and the jobs."""
    yield from _dues(ctx)
    yield Figure(
        "ladder_behind",
        "Clocks whose next step is more than ten minutes late",
        ctx.session.scalar(behind(ctx.now)) or 0,
    )
    waits = outbox(ctx)
    waited = (ctx.now - waits.oldest).total_seconds() if waits.oldest else 0
    yield Figure("outbox_waiting", "Messages that could have been sent by now", waits.waiting)
    yield Figure("outbox_oldest_seconds", "How long the oldest of them has waited", waited)
    dead = select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.DEAD)
    yield Figure("outbox_dead", "Messages given up", ctx.session.scalar(dead) or 0)
    yield from _jobs(ctx)


def _dues(ctx: Context) -> Iterator[Figure]:
    by_kind = select(Clock.kind, func.count()).group_by(Clock.kind)
    for kind, count in ctx.session.execute(by_kind.where(is_late(Clock, ctx.now))):
        yield Figure("clocks_late", "Running time limits that have passed", count, {"kind": str(kind)})
    for name, ahead in SOON.items():
        for kind, count in ctx.session.execute(by_kind.where(late_within(Clock, ctx.now, ahead))):
            labels = {"kind": str(kind), "within": name}
            yield Figure("clocks_due", "Running time limits that pass within this time", count, labels)


def _jobs(ctx: Context) -> Iterator[Figure]:
    for run in ctx.session.scalars(select(JobRun).order_by(JobRun.name)):
        labels = {"job": run.name}
        last = run.last_finished_at or run.last_started_at
        if last is not None:
            yield Figure("job_age_seconds", "Since the job last finished", (ctx.now - last).total_seconds(), labels)
        yield Figure("job_period_seconds", "How often the job should run", run.period_seconds, labels)
        yield Figure("job_failed", "1 when the last run failed", int(run.last_error is not None), labels)


def replica(standing: Standing) -> Iterator[Figure]:
    """Whether the replica serves lists and figures, and how far behind it is where that is known."""
    yield Figure("replica_used", "1 when lists and figures are read from the replica", int(standing.fault is None))
    if standing.behind is not None:
        yield Figure("replica_lag_seconds", "How far the replica is behind at most", standing.behind.total_seconds())
