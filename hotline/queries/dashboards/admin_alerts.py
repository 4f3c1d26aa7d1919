"""What an administrator has to look at: what the doctor would say, years in the air, accounts and units that are of no use."""

from typing import Any

from sqlalchemy import func, select

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.queries.accounts import accounts, units
from hotline.queries.dashboards import health
from hotline.queries.deadlines import calendar


def attention(ctx: Context) -> dict[str, Any]:
    """`lines`: the jobs, the ladder and the outbox where they are not well; the rest are numbers, each with its own list."""
    lines = [*health.scheduler(ctx), health.ladder(ctx), health.outbox(ctx)]
    unused = select(func.count()).select_from(Staff).where(accounts.unused(ctx))
    return {
        "lines": [line.sentence for line in lines if not line.well],
        "years": calendar.provisional_years(ctx, ctx.rules.calendar),
        "unused": ctx.session.scalar(unused) or 0,
        "unused_days": ctx.rules.administration.unused_days,
        "unreached": units.unreached(ctx.session),
    }
