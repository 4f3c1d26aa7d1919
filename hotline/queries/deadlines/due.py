"""Clocks as people read them, and why each is due when it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries.formatting import instant
from hotline.rules.deadlines.due_bucket import Nearness, edges_at
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.deadlines.lateness import was_late
from hotline.rules.deadlines.time_left import time_left
from hotline.rules.deadlines.time_limits import runs_day_and_night
from hotline.rules.deadlines.working_calendar import Explanation, WorkingCalendar
from hotline.rules.knowledge.freshness import WATCH_ARTICLES
from hotline.rules.refusals import UnknownThing
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import ClockKind, Urgency

MARKS = {
    Nearness.LATE: "late",
    Nearness.TODAY: "near",
    Nearness.NEAR: "near",
    Nearness.LATER: "well",
    Nearness.PAUSED: "still",
    Nearness.WAITING: "still",
}


def left(ctx: Context, clock: Any, urgency: Urgency) -> str:
    """What is left of a running clock, or by how much it is over; a paused one says what was left when it stood still."""
    now, wall = clock.paused_at or ctx.now, runs_day_and_night(clock.kind, urgency, clock.round)
    return time_left(clock.due_at, now, ctx.rules.calendar, provisional=clock.provisional, on_the_wall=wall)


def due_status(ctx: Context, clock: Any, urgency: Urgency) -> dict[str, str | None]:
    """A running clock at a glance: `left`, and `mark`, in which of the four states it is drawn."""
    paused, edges = clock.paused_at is not None, edges_at(ctx.now, ctx.rules.calendar)
    near = edges.of(clock.due_at, provisional=clock.provisional, paused=paused)
    return {"left": left(ctx, clock, urgency), "mark": MARKS[near]}


def standing_of(ctx: Context, ticket: Any) -> dict[str, str | None]:
    """The same of the nearest due of a ticket, or of a row of a list with its columns; None and None without one."""
    if ticket.due_at is None:
        return {"left": None, "mark": None}
    due_at, provisional, calendar = ticket.due_at, ticket.due_provisional, ctx.rules.calendar
    wall = runs_day_and_night(ClockKind(ticket.due_kind), ticket.urgency, ticket.round)
    return {
        "left": time_left(due_at, ctx.now, calendar, provisional=provisional, on_the_wall=wall),
        "mark": MARKS[edges_at(ctx.now, calendar).of(due_at, provisional=provisional)],
    }


def clock_line(clock: Clock, now: datetime) -> dict[str, Any]:
    """One clock of a ticket's file."""
    return {
        "id": clock.id,
        "kind": str(clock.kind),
        "kind_label": clock.kind.label,
        "round": clock.round,
        "limit": clock.limit_text,
        "started_at": instant(clock.started_at),
        "due_at": instant(clock.due_at),
        "first_due_at": instant(clock.first_due_at),
        "provisional": clock.provisional,
        "paused": clock.paused_at is not None,
        "running": clock.stopped_at is None,
        "met_at": instant(clock.met_at),
        "late": was_late(clock, now),
        "step": clock.step,
        "step_label": STEP_LABELS[clock.step] if clock.step >= 0 else None,
    }


def days_of(explanation: Explanation) -> list[dict[str, Any]]:
    return [{"on": day.on.isoformat(), "counts": day.counts, "reason": day.reason} for day in explanation.counted]


def deadline(calendar: WorkingCalendar, start: datetime, days: int) -> dict[str, Any]:
    """The due of so many working days, with every day counted or skipped."""
    explanation = calendar.explain(start, days)
    return {
        "start": instant(start),
        "days": days,
        "due_at": instant(explanation.due.at),
        "provisional": explanation.due.provisional,
        "calendar_version": explanation.calendar_version,
        "counted": days_of(explanation),
        "sentence": explanation.sentence(),
    }


def explain_clock(ctx: Context, clock_id: int) -> dict[str, Any]:
    """Why a clock is due then; refuses `UnknownThing` to whoever may not see its ticket, or the knowledge base's tasks."""
    query = select(Clock, Ticket.number, ArticleTask.title).outerjoin(Ticket, Ticket.id == Clock.ticket_id)
    query = query.outerjoin(ArticleTask, ArticleTask.id == Clock.task_id).where(Clock.id == clock_id)
    keeps = bool(ctx.actor.roles & WATCH_ARTICLES)
    seen = and_(Clock.ticket_id.is_not(None), visible_tickets(scope_of(ctx.actor)))
    row = ctx.session.execute(query.where(or_(seen, Clock.task_id.is_not(None) & keeps))).one_or_none()
    if row is None or (row[0].ticket_id is not None and row[0].unit_path is None and not ctx.actor.at_centre):
        raise UnknownThing("这个时限")
    clock = row[0]
    line = {**clock_line(clock, ctx.now), "number": row.number, "title": row.title}
    line["extra_days"] = clock.extra_days
    if clock.days is None:
        sentence = f"自{instant(clock.started_at)}起{clock.limit_text}，{instant(clock.due_at)}到期。"
        return {**line, "days": None, "counted": [], "sentence": sentence}
    explanation = ctx.rules.calendar.explain(clock.started_at, clock.days)
    sentence = explanation.sentence()
    if clock.extra_days:
        due_at = (instant(clock.due_at) or "")[:16].replace("T", " ")
        sentence += f"另因延期、挂起或审核占用加{clock.extra_days}个工作日（见办理记录），现为{due_at}到期。"
    return {**line, "days": clock.days, "counted": days_of(explanation), "sentence": sentence}
