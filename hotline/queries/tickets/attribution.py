"""Why is this late? Every working hour of a ticket's life, laid at somebody's door.

The lines of the timeline say who had it from when on. Time at a unit that gave the ticket back rightly, or from which it was
recalled in time, is the centre's, who sent it there; a dispute that the unit lost is the unit's. Nights, rest days and
holidays are nobody's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.queries.formatting import instant
from hotline.rules.vocabulary import RequestKind, RequestState, Word


class Owner(Word):
    """Whose time it is."""

    CENTRE = "centre", "热线中心"
    UNIT = "unit", "承办单位"
    ENTERPRISE = "enterprise", "企业补正"
    DISPUTE = "dispute", "退单争议"
    SUSPENDED = "suspended", "挂起"
    MERGED = "merged", "并单期间"


@dataclass(frozen=True, slots=True)
class Span:
    """From one line to the next: whose, what it was for, and (for a dispute) to whom it belongs in the end."""

    owner: Owner
    what: str
    begin: datetime
    end: datetime
    unit: str | None = None
    belongs: Owner | None = None


Next = Callable[[str | None, dict[str, Any]], tuple[Owner, str, str | None] | None]


def _centre(what: str) -> Next:
    return lambda unit, data: (Owner.CENTRE, what, unit)


def _unit(what: str) -> Next:
    return lambda unit, data: (Owner.UNIT, what, unit)


def _asked(unit: str | None, data: dict[str, Any]) -> tuple[Owner, str, str | None] | None:
    return (Owner.DISPUTE, "申请退单", unit) if data["kind"] == RequestKind.RETURN else None


def _decided(unit: str | None, data: dict[str, Any]) -> tuple[Owner, str, str | None] | None:
    return (Owner.UNIT, "签收", unit) if data["kind"] == RequestKind.RETURN else None


AFTER: dict[str, Next] = {
    "submitted": _centre("受理"),
    "info_asked": lambda unit, data: (Owner.ENTERPRISE, "补正", unit),
    "info_supplied": _centre("受理"),
    "accepted": _centre("派单"),
    "dispatched": lambda unit, data: (Owner.UNIT, "签收", data["unit"]),
    "signed": _unit("办理"),
    "requested": _asked,
    "request_decided": _decided,
    "returned": _centre("重新派单"),
    "reassigned": _centre("重新派单"),
    "recalled": _centre("重新派单"),
    "withheld": lambda unit, data: (Owner.CENTRE, "重新派单", unit) if data["taken"] else None,
    "suspended": lambda unit, data: (Owner.SUSPENDED, "挂起", unit),
    "resumed": _unit("办理"),
    "result_submitted": _centre("审核"),
    "result_refused": _unit("补办"),
    "result_passed": _centre("回访"),
    "reworked": _unit("重办"),
    "reopened": _unit("重办"),
    "taken_up": _centre("重新受理"),
    "merged": lambda unit, data: (Owner.MERGED, "并单", unit),
    "unmerged": lambda unit, data: (Owner.CENTRE, "重新派单" if data.get("again") else "受理", unit),
}
ENDS = frozenset(
    {"answered_direct", "closed", "withdrawn", "terminated", "rejected", "transferred", "not_supplied", "merged"}
)


def spans_of(lines: Sequence[Any], now: datetime) -> list[Span]:
    """The spans of a life from its lines, in order; what has not ended goes on until now."""
    spans: list[Span] = []
    unit, begin, here = None, None, None
    for line in lines:
        after = AFTER.get(line.entry)
        following = after(unit, line.data) if after is not None else None
        if line.entry == "handed_over" and line.data["lead"] and here is not None:
            following = (here[0], here[1], line.data["successor"])
        if following is None and line.entry not in ENDS:
            continue
        if here is not None and begin is not None:
            spans.append(Span(here[0], here[1], begin, line.at, here[2]))
        if line.entry == "request_decided":
            _settle(spans, line.data["state"] == RequestState.APPROVED)
        elif line.entry == "recalled" and not line.data["late"]:
            _settle(spans, True)
        here, begin = following, line.at
        unit = here[2] if here is not None else unit
    if here is not None and begin is not None:
        spans.append(Span(here[0], here[1], begin, now, here[2]))
    return spans


def _settle(spans: list[Span], right: bool) -> None:
    """A return was decided: with a right one the whole stay at the unit belongs to the centre, else the dispute to the unit.

    What was recalled in time was with the unit by the centre's doing as well.
    """
    for index in range(len(spans) - 1, -1, -1):
        span = spans[index]
        if span.owner is Owner.DISPUTE or (right and span.owner is Owner.UNIT):
            spans[index] = replace(span, belongs=Owner.CENTRE if right else Owner.UNIT)
        else:
            break


def attribution(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """The spans with their working hours, the sum at each door, and what was nobody's."""
    query = select(TimelineEntry).where(TimelineEntry.ticket_id == ticket.id).order_by(TimelineEntry.sequence)
    spans = spans_of(list(ctx.session.scalars(query)), ctx.now)
    working = [ctx.rules.calendar.working_time_between(span.begin, span.end) for span in spans]
    whole = sum((span.end - span.begin for span in spans), timedelta())
    doors: dict[tuple[str, str], timedelta] = {}
    for span, time in zip(spans, working, strict=True):
        door = _door(span)
        doors[door] = doors.get(door, timedelta()) + time
    total = sum(working, timedelta())
    return {
        "number": ticket.number,
        "spans": [_line(span, time) for span, time in zip(spans, working, strict=True)],
        "doors": [
            {"owner": owner, "name": name, "hours": _hours(time), "share": round(time / total, 3) if total else None}
            for (owner, name), time in sorted(doors.items(), key=lambda entry: -entry[1])
        ],
        "working_hours": _hours(total),
        "rest_hours": _hours(whole - total),
    }


def _door(span: Span) -> tuple[str, str]:
    owner = span.owner if span.owner is not Owner.UNIT else (span.belongs or Owner.UNIT)
    if owner is Owner.UNIT:
        return str(owner), span.unit or owner.label
    if owner is Owner.DISPUTE:
        whose = span.unit if span.belongs is Owner.UNIT else (span.belongs or owner).label
        return str(owner), f"{owner.label}（{whose if span.belongs else '未裁定'}）"
    return str(owner), owner.label


def _line(span: Span, time: timedelta) -> dict[str, Any]:
    owner, name = _door(span)
    return {
        "owner": owner,
        "name": name,
        "what": span.what,
        "unit": span.unit,
        "from": instant(span.begin),
        "to": instant(span.end),
        "hours": _hours(time),
        "rest_hours": _hours(span.end - span.begin - time),
    }


def _hours(time: timedelta) -> float:
    return round(time.total_seconds() / 3600, 2)
