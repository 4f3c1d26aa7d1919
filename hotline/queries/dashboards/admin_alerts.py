"""What an administrator has to look at: what the doctor would say, years in the air, accounts and units that are of no use."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.models.accounts.staff import Staff
from hotline.queries.accounts import accounts, units
from hotline.queries.dashboards import health
from hotline.queries.deadlines import calendar
from hotline.rules.rulebook import Rulebook


def attention(session: Session, *, now: datetime, rulebook: Rulebook) -> dict[str, Any]:
    """`lines`: the jobs, the ladder and the outbox where they are not well; the rest are numbers, each with its own list."""
    lines = [*health.scheduler(session, now), health.ladder(session, now), health.outbox(session, now)]
    unused = select(func.count()).select_from(Staff).where(accounts.unused(now, rulebook))
    return {
        "lines": [line.sentence for line in lines if not line.well],
        "years": calendar.provisional_years(session, rulebook.calendar, now),
        "unused": session.scalar(unused) or 0,
        "unused_days": rulebook.administration.unused_days,
        "unreached": units.unreached(session),
    }
