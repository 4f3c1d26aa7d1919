"""Every component of the pages in every state it can be in, for whoever builds the next page."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template

from hotline.models.deadlines.clocks import Clock
from hotline.queries.deadlines import clock_strip
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import ClockKind
from hotline.web.access import login_required, snapshot

pages = Blueprint("components", __name__)
WRONG = {"/wrong": "这里写着错在哪里"}


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+08:00")


def _clock(id: int, kind: ClockKind, begun: str, due: str, **more: Any) -> Clock:
    values = {"round": 1, "late": False, "provisional": False, **more}
    return Clock(id=id, kind=kind, started_at=_at(begun), due_at=_at(due), **values)


def _clocks() -> list[Clock]:
    """One that was met, one that ended late, one that stands still: over the holidays of the National Day, which are known."""
    met, late = _at("09-24T15:00"), _at("10-12T11:00")
    return [
        _clock(1, ClockKind.SIGN, "09-23T10:00", "09-24T17:30", stopped_at=met, met_at=met),
        _clock(2, ClockKind.ORDER_REPLY, "09-24T15:00", "10-09T17:30", stopped_at=late, met_at=late, late=True),
        _clock(3, ClockKind.HANDLE, "09-24T15:00", "10-14T17:30", paused_at=_at("10-12T09:00")),
    ]


@pages.get("/components")
@login_required
def show() -> Any:
    now = _at("10-13T10:00")
    pauses = [(_at("10-12T09:00"), now)]
    with snapshot() as ctx:
        strip = clock_strip.strip(ctx.at(now), _clocks(), pauses)
    return render_template("shared/components.html", refusal=InvalidInput(WRONG), typed={}, strip=strip)
