"""Why a clock is due when it is: each day that counts or not, each that was added, and by which rules it began."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries.deadlines.added_days import Added, added_to
from hotline.queries.deadlines.due import clock_line, days_with_added
from hotline.queries.deadlines.rule_versions import version_line
from hotline.queries.formatting import instant
from hotline.rules.deadlines.time_limits import calendar_limit, counts_minutes
from hotline.rules.deadlines.working_calendar import ONE_DAY, WorkingCalendar, local
from hotline.rules.knowledge.freshness import WATCH_ARTICLES
from hotline.rules.refusals import UnknownThing
from hotline.rules.visibility import scope_of


def explain_clock(ctx: Context, clock_id: int) -> dict[str, Any]:
    """Why a clock is due then; refuses `UnknownThing` to whoever may not see its ticket, or the knowledge base's tasks."""
    query = select(Clock, Ticket.number, ArticleTask.title).outerjoin(Ticket, Ticket.id == Clock.ticket_id)
    query = query.outerjoin(ArticleTask, ArticleTask.id == Clock.task_id).where(Clock.id == clock_id)
    keeps = bool(ctx.actor.roles & WATCH_ARTICLES)
    seen = and_(Clock.ticket_id.is_not(None), visible_tickets(scope_of(ctx.actor)))
    row = ctx.session.execute(query.where(or_(seen, Clock.task_id.is_not(None) & keeps))).one_or_none()
    if row is None or (row[0].ticket_id is not None and row[0].unit_path is None and not ctx.actor.at_centre):
        raise UnknownThing("这个时限")
    clock, added = row[0], added_to(ctx, row[0])
    counted = _counted(clock, added, ctx.rules.calendar)
    return {
        **clock_line(clock, ctx.now),
        "number": row.number,
        "title": row.title,
        "days": clock.days,
        "extra_days": clock.extra_days,
        "rules": version_line(ctx, clock.rules_version),
        "counted": counted,
        "added": [{"at": instant(found.at), "days": found.days, "text": found.text()} for found in added],
        "sentence": _sentence(clock, added, counted, ctx.rules.calendar),
    }


def _first_days(clock: Clock, calendar: WorkingCalendar) -> int:
    """The working days that the limit itself takes: none where a same-day limit ends on its own day."""
    if clock.days is not None:
        return clock.days
    limit = calendar_limit(clock.days, clock.limit_text)
    return int(
        limit is not None and local(limit.due(clock.started_at, calendar).at).date() > local(clock.started_at).date()
    )


def _counted(clock: Clock, added: Sequence[Added], calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """Every day up to the due: counted or skipped, and for which reason each of the last ones was `added`."""
    first = _first_days(clock, calendar)
    if counts_minutes(clock.days, clock.limit_text) or not first + clock.extra_days:
        return []
    whys = (found.why for found in added for _ in range(found.days))
    return days_with_added(calendar.explain(clock.started_at, first + clock.extra_days), first, whys)


def _sentence(
    clock: Clock, added: Sequence[Added], counted: Sequence[dict[str, Any]], calendar: WorkingCalendar
) -> str:
    """From when, by which limit, what was added one by one, and until when."""
    sentence = f"自{_at(clock.started_at)}起{clock.limit_text}，{_at(_first_due(clock, calendar))}到期。"
    if clock.days is not None:
        sentence = calendar.explain(clock.started_at, clock.days).sentence()
    if added:
        sentence += "另有：" + "；".join(found.text() for found in added) + f"。现为{_at(clock.due_at)}到期。"
    if counted and counted[-1]["on"] != local(clock.due_at).date().isoformat():
        sentence += f"这一时限记录的到期时间是{_at(clock.due_at)}：此后日历有变动，没有重算。"
    return sentence


def _first_due(clock: Clock, calendar: WorkingCalendar) -> datetime:
    """The due by the limit alone; that of minutes lies before it by all that was added."""
    limit = calendar_limit(clock.days, clock.limit_text)
    if limit is not None:
        return limit.due(clock.started_at, calendar).at
    return clock.due_at - timedelta(seconds=clock.paused_seconds) - clock.extra_days * ONE_DAY


def _at(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"
