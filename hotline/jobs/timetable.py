"""The timetable as data: what runs, how often; and how a run is remembered."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from hotline.app_context import AppContext
from hotline.jobs import (
    archive,
    cleanup,
    deliver,
    escalate,
    freshness,
    hot_topics,
    imports,
    index_articles,
    recompute_deadlines,
    resume,
)
from hotline.jobs.run import Run
from hotline.models.database.jobs import JobRun
from hotline.models.database.upsert import insert
from hotline.rules.jobs import JobName
from hotline.rules.refusals import Refusal

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """`looks_every`: seconds between two looks, where a run may last so long that `every_seconds` is another measure.

    What is `beside` the others has a thread of its own, so that it keeps nothing waiting.
    """

    name: str
    every_seconds: int
    run: Callable[[Run], int]
    looks_every: int = 0
    beside: bool = False


TIMETABLE = (
    Job(JobName.RESUME, 60, resume.run),
    Job(JobName.FRESHNESS, 600, freshness.run),
    Job(JobName.ESCALATE, 30, escalate.run),
    Job(JobName.DELIVER, 20, deliver.run),
    Job(JobName.INDEX_ARTICLES, 300, index_articles.run),
    Job(JobName.ARCHIVE, 3600, archive.run),
    Job(JobName.HOT_TOPICS, 3600, hot_topics.run),
    Job(JobName.RECOUNT, 1800, recompute_deadlines.run),
    Job(JobName.IMPORTS, 600, imports.run, looks_every=5, beside=True),
    Job(JobName.TIDY, 86400, cleanup.run),
)


def register(app_context: AppContext) -> None:
    """Writes the timetable down, so that a job which never runs is missed; any number of schedulers do so at once."""
    with app_context.transaction() as ctx:
        for job in TIMETABLE:
            period = {"period_seconds": job.every_seconds}
            row = insert(ctx.session, JobRun).values(name=job.name, last_started_at=ctx.now, last_count=0, **period)
            ctx.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=period))


def run_job(app_context: AppContext, job: Job, now: datetime) -> int:
    """Runs a job once, as of `now`, and remembers that it ran and what went wrong."""
    try:
        _remember(app_context, job, last_started_at=now)
        count = job.run(Run(app_context, now))
        _remember(app_context, job, last_finished_at=now, last_error=None, last_count=count)
    except (SQLAlchemyError, Refusal, ValueError, OSError) as error:
        log.error("job failed", job=job.name, error=type(error).__name__)
        _remember_failure(app_context, job, type(error).__name__)
        return 0
    return count


def _remember_failure(app_context: AppContext, job: Job, error: str) -> None:
    """A database that is silent is told nothing: the job then shows as one that has not run."""
    with suppress(SQLAlchemyError):
        _remember(app_context, job, last_error=error)


def _remember(app_context: AppContext, job: Job, **columns: object) -> None:
    with app_context.transaction() as ctx:
        ctx.session.execute(update(JobRun).where(JobRun.name == job.name).values(**columns))
