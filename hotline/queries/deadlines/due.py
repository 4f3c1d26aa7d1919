"""Clocks as people read them, and when so many working days are over."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, repeat
from typing import Any

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.queries.formatting import instant
from hotline.rules.deadlines.due_bucket import Nearness, edges_at
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.deadlines.lateness import was_late
from hotline.rules.deadlines.time_left import time_left
from hotline.rules.deadlines.time_limits import runs_day_and_night
from hotline.rules.deadlines.working_calendar import Explanation, WorkingCalendar
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


def days_with_added(explanation: Explanation, first: int, whys: Iterable[str]) -> list[dict[str, Any]]:
    """The same, and for which reason each working day after the `first` ones was `added`, in the order of the reasons."""
    reasons = chain(repeat(None, first), whys)
    return [{**day, "added": next(reasons, None) if day["counts"] else None} for day in days_of(explanation)]


def deadline(calendar: WorkingCalendar, start: datetime, days: int, extra_days: int = 0) -> dict[str, Any]:
    """The due of so many working days, and of those that were added, with every day counted or skipped."""
    explanation = calendar.explain(start, days + extra_days)
    added = f"（其中另加{extra_days}个工作日）" if extra_days else ""
    return {
        "start": instant(start),
        "days": days,
        "extra_days": extra_days,
        "due_at": instant(explanation.due.at),
        "provisional": explanation.due.provisional,
        "calendar_version": explanation.calendar_version,
        "counted": days_with_added(explanation, days, repeat("另加", extra_days)),
        "sentence": explanation.sentence().removesuffix("。") + f"{added}。",
    }
