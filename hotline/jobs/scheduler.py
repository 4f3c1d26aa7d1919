"""The scheduler's process: APScheduler only ticks; the database decides who takes what, so any number may run."""

import signal
from datetime import datetime
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from hotline import clock
from hotline.app_context import AppContext
from hotline.jobs.timetable import TIMETABLE, Job, register, run_job
from hotline.observability import logs

log = structlog.get_logger()


def run_once(app_context: AppContext, now: datetime) -> dict[str, int]:
    """Each job of the timetable once, in order: what each did."""
    register(app_context)
    return {job.name: run_job(app_context, job, now) for job in TIMETABLE}


def _add_jobs(scheduler: BaseScheduler, app_context: AppContext) -> None:
    def tick(job: Job) -> None:
        run_job(app_context, job, clock.now())

    for job in TIMETABLE:
        scheduler.add_job(
            tick,
            "interval",
            args=[job],
            seconds=job.looks_every or job.every_seconds,
            executor="beside" if job.beside else "default",
            next_run_time=clock.now(),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def _threads() -> dict[str, ThreadPoolExecutor]:
    return {name: ThreadPoolExecutor(1) for name in ("default", "beside")}


def run_forever(app_context: AppContext) -> None:
    """Ticks until SIGTERM or SIGINT; what a kill interrupts is caught up by the next run."""
    logs.configure()
    register(app_context)
    scheduler = BlockingScheduler(timezone="UTC", executors=_threads())
    _add_jobs(scheduler, app_context)

    def stop(number: int, frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("scheduler started", jobs=len(TIMETABLE))
    scheduler.start()


def run_beside(app_context: AppContext) -> BackgroundScheduler:
    """The same in a thread beside the demonstration's web server."""
    register(app_context)
    scheduler = BackgroundScheduler(timezone="UTC", daemon=True, executors=_threads())
    _add_jobs(scheduler, app_context)
    scheduler.start()
    return scheduler
