"""Digests of the ladder as notices: one for each unit, step and half day, opened again by what climbs after it was read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from hotline.casework.tickets import notices
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.messages.notices import Notice
from hotline.rules.messages.asks import DIGEST
from hotline.rules.messages.digest import CENTRE, digest_key

Climbed = dict[tuple[int | None, int], tuple[datetime, set[int]]]
"""(unit or None for the centre, step) -> when the last clock climbed it, and who is told."""


def write(ctx: Context, climbed: Climbed) -> None:
    """Write the digests of a batch; who has read one already finds it unread again."""
    if not climbed:
        return
    rows = sorted(_rows(ctx, climbed), key=lambda row: (row["event"], row["staff_id"]))
    notices.enqueue(ctx.session, rows)
    keys = {row["event"] for row in rows}
    read = update(Notice).where(Notice.event.in_(keys), Notice.read_at.is_not(None))
    ctx.session.execute(read.values(read_at=None, at=ctx.now), execution_options={"synchronize_session": False})


def _rows(ctx: Context, climbed: Climbed) -> Iterable[dict[str, Any]]:
    shown = ctx.rules.calendar.next_opening(ctx.now)
    ids = {unit_id for unit_id, _ in climbed if unit_id is not None}
    units = {unit.id: unit for unit in ctx.session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    for (unit_id, step), (at, people) in climbed.items():
        unit = units[unit_id] if unit_id is not None else None
        code, name = (unit.code, unit.name) if unit else (CENTRE, "热线中心")
        key = digest_key(code, step, shown, ctx.rules.calendar.hours)
        event = notices.Event(key, DIGEST, at, {"unit": code, "name": name, "step": step})
        yield from ({**event.row(shown), "staff_id": staff_id} for staff_id in people)
