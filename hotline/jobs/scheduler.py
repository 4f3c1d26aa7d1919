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
from hotline.app_context import Office
from hotline.jobs.timetable import TIMETABLE, Job, register, run_job
from hotline.observability import logs

log = structlog.get_logger()


def run_once(office: Office, now: datetime) -> dict[str, int]:
    """Each job of the timetable once, in order: what each did."""
    register(office)
    return {job.name: run_job(office, job, now) for job in TIMETABLE}


def _add_jobs(scheduler: BaseScheduler, office: Office) -> None:
    def tick(job: Job) -> None:
        run_job(office, job, clock.now())

    for job in TIMETABLE:
        scheduler.add_job(
            tick,
            "interval",
            args=[job],
            seconds=job.every_seconds,
            next_run_time=clock.now(),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def run_forever(office: Office) -> None:
    """Ticks until SIGTERM or SIGINT; what a kill interrupts is caught up by the next run."""
    logs.configure()
    register(office)
    scheduler = BlockingScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
    _add_jobs(scheduler, office)

    def stop(number: int, frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("scheduler started", jobs=len(TIMETABLE))
    scheduler.start()


def run_beside(office: Office) -> BackgroundScheduler:
    """The same in a thread beside the demonstration's web server."""
    register(office)
    scheduler = BackgroundScheduler(timezone="UTC", daemon=True, executors={"default": ThreadPoolExecutor(1)})
    _add_jobs(scheduler, office)
    scheduler.start()
    return scheduler
