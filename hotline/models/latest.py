"""The latest instant that the data holds."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.models.database.jobs import JobRun
from hotline.models.tickets.timeline import TimelineEntry


def latest_instant(session: Session) -> datetime | None:
    """When the last line of a timeline was written, or the last job ran; None in an empty database."""
    last_line = session.scalar(
        select(func.max(TimelineEntry.recorded_at)).where(
            TimelineEntry.id >= select(func.max(TimelineEntry.id) - 1000).scalar_subquery()
        )
    )
    last_run = session.scalar(select(func.max(JobRun.last_finished_at)))
    return max((at for at in (last_line, last_run) if at is not None), default=None)
