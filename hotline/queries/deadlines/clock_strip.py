"""The clocks of a ticket on a calendar: a column for each day, a bar for each clock, what stood still hatched.

Everything is laid out here in whole numbers; the page draws it as SVG and says the same again as a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.queries.formatting import instant
from hotline.rules.deadlines.lateness import has_passed, was_late
from hotline.rules.deadlines.working_calendar import Day, local

WIDE, NARROW, THIN = 30, 14, 4
LONGEST = 1100
"""Days: about three years; of what goes back farther the last part is drawn."""
PLAIN = ("工作日", "周末")
HEAD, ROW = 48, 30
STOPS = {"suspended": "resumed", "info_asked": "info_supplied"}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an instant lies: so many units to the right of the first day's midnight."""

    first: date
    last: date
    width: int

    def x(self, at: datetime) -> int:
        """Never outside of the days that are drawn."""
        here = local(at)
        day = (here.date() - self.first).days
        through = (here.hour * 60 + here.minute) / 1440
        return round(max(0.0, min(float(self.days), day + through)) * self.width)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def strip(ctx: Context, clocks: Sequence[Clock], pauses: Sequence[tuple[datetime, datetime]]) -> dict[str, Any] | None:
    """The calendar from the first clock to the last due or end; None where no clock ever ran."""
    if not clocks:
        return None
    scale = _scale(clocks, ctx.now)
    bars = [_bar(clock, row, scale, pauses, ctx.now) for row, clock in enumerate(clocks)]
    days = [scale.first + timedelta(days=n) for n in range(scale.days)]
    calendar_days = [ctx.rules.calendar.look(on) for on in days]
    return {
        "width": scale.days * scale.width,
        "height": HEAD + ROW * len(bars) + 4,
        "head": HEAD,
        "column": scale.width,
        "days": [_day(day, number, scale.width) for number, day in enumerate(calendar_days)],
        "months": [_month(on, number, scale.width) for number, on in enumerate(days) if on.day == 1 or not number],
        "special": [
            {"on": d.on.isoformat(), "working": d.working, "reason": d.reason} for d in _special(calendar_days)
        ],
        "bars": bars,
        "today": scale.x(ctx.now) if scale.first <= local(ctx.now).date() <= scale.last else None,
        "cut": local(min(clock.started_at for clock in clocks)).date() < scale.first,
    }


def _scale(clocks: Sequence[Clock], now: datetime) -> Scale:
    ends = [clock.stopped_at or max(now, clock.due_at) for clock in clocks]
    first = local(min(clock.started_at for clock in clocks)).date()
    last = local(max([*ends, *(clock.due_at for clock in clocks)])).date()
    first = max(first, last - timedelta(days=LONGEST - 1))
    days = (last - first).days + 1
    return Scale(first, last, WIDE if days <= 45 else NARROW if days <= 150 else THIN)


def _special(days: Iterable[Day]) -> list[Day]:
    """What a calendar on the wall does not show by itself: holidays, and weekends on which work is done."""
    return [day for day in days if day.reason not in PLAIN]


def _day(day: Day, number: int, width: int) -> dict[str, Any]:
    kind = "working" if day.working else "weekend"
    if day.reason not in PLAIN:
        kind = "make-up" if day.working else "holiday"
    weekday = "一二三四五六日"[day.on.weekday()]
    said = f"{day.on.isoformat()} 周{weekday} {day.reason}" + ("（暂定）" if day.provisional else "")
    mark = {"make-up": "班", "holiday": "休"}.get(kind, weekday)
    return {"x": number * width, "number": day.on.day, "mark": mark, "kind": kind, "said": said}


def _month(on: date, number: int, width: int) -> dict[str, Any]:
    return {"x": number * width, "said": f"{on.year}年{on.month}月" if on.month == 1 or not number else f"{on.month}月"}


def _bar(
    clock: Clock, row: int, scale: Scale, pauses: Sequence[tuple[datetime, datetime]], now: datetime
) -> dict[str, Any]:
    end = clock.stopped_at or now
    begin_x, due_x, end_x = scale.x(clock.started_at), scale.x(clock.due_at), scale.x(end)
    late = was_late(clock, now)
    over = end_x - due_x if late and has_passed(clock.due_at, end) else 0
    stood = [(max(begin, clock.started_at), min(until, end)) for begin, until in pauses if _stands(clock)]
    return {
        "id": clock.id,
        "kind_label": clock.kind.label,
        "round": clock.round,
        "y": HEAD + row * ROW,
        "x": begin_x,
        "width": max(2, end_x - over - begin_x),
        "over_x": due_x,
        "over": max(0, over),
        "till": due_x if clock.stopped_at is not None and due_x > end_x else None,
        "rest_x": end_x,
        "rest": max(0, due_x - end_x) if clock.stopped_at is None else 0,
        "due_x": due_x,
        "label_x": min(begin_x, scale.days * scale.width - 60),
        "paused": [{"x": scale.x(a), "width": scale.x(b) - scale.x(a)} for a, b in stood if a < b],
        "mark": _mark(clock, late),
        "said": _said(clock, late),
    }


def _stands(clock: Clock) -> bool:
    """What a suspension or a question to the enterprise holds up."""
    return str(clock.kind) in ("handle", "assist", "accept")


def _mark(clock: Clock, late: bool) -> str:
    if late:
        return "late"
    if clock.paused_at is not None and clock.stopped_at is None:
        return "still"
    return "near" if clock.stopped_at is None else "well"


def _said(clock: Clock, late: bool) -> str:
    due = (instant(clock.due_at) or "")[:16].replace("T", " ")
    if clock.stopped_at is None:
        state = "暂停" if clock.paused_at is not None else "已超期" if late else "正在计时"
    else:
        state = "超期" if late else "按时" if clock.met_at is not None else "提前结束"
    return f"第{clock.round}轮{clock.kind.label}，{due}到期，{state}"


def pauses_in(ctx: Context, ticket: Ticket) -> list[tuple[datetime, datetime]]:
    """The stretches on which time stood still, by the timeline; what has not ended goes on until now."""
    query = select(TimelineEntry.entry, TimelineEntry.at).where(TimelineEntry.ticket_id == ticket.id)
    found: list[tuple[datetime, datetime]] = []
    begun: tuple[str, datetime] | None = None
    for line in ctx.session.execute(query.order_by(TimelineEntry.sequence)):
        if begun is None and line.entry in STOPS:
            begun = (STOPS[line.entry], line.at)
        elif begun is not None and line.entry == begun[0]:
            found.append((begun[1], line.at))
            begun = None
    return found if begun is None else [*found, (begun[1], ctx.now)]
