"""Circulars of the ladder, one for an order, however often a run is repeated: drafts, or issued at once where nobody signs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline.casework.tickets import notices
from hotline.casework.tickets.order_drafts import AddLine
from hotline.context import Context
from hotline.models.database.upsert import insert
from hotline.models.supervision.orders import MeasureTaken
from hotline.rules.deadlines.ladder import OrderIssue
from hotline.rules.messages.recipients import UNIT_HEADS
from hotline.rules.reason_codes import Measure
from hotline.rules.vocabulary import Audience

Causes = Sequence[tuple[Any, Any, datetime]]
UNANSWERED = "督办单逾期未回复，现予通报，请立即办理并书面说明。"
"""What a circular says that nobody signs."""


def draft_circulars(ctx: Context, causes: Causes, add_line: AddLine) -> None:
    """For each (clock of an order's reply, ticket, instant) whose order has none yet: the step comes again with a moved due."""
    causes = _without_circular(ctx, causes)
    if not causes:
        return
    at_once = ctx.rules.ladder.order_issue is OrderIssue.AUTOMATIC
    rows = []
    for clock, ticket, at in causes:
        row = {"kind": Measure.CIRCULAR, "ticket_id": ticket.id, "unit_id": clock.unit_id, "order_id": clock.order_id}
        issued = {"issued_at": at, "text": UNANSWERED} if at_once else {}
        rows.append({**row, "drafted_at": at, **issued})
        if at_once:
            add_line(ticket, "measure_taken", at, Audience.UNIT, {"kind": str(Measure.CIRCULAR), "text": UNANSWERED})
        else:
            add_line(ticket, "circular_drafted", at, Audience.CENTRE, {})
    ctx.session.execute(insert(ctx.session, MeasureTaken).on_conflict_do_nothing(index_elements=["order_id"]), rows)
    if at_once:
        _tell_units(ctx, causes)


def _without_circular(ctx: Context, causes: Causes) -> Causes:
    orders = {clock.order_id for clock, _, _ in causes}
    drafted = set(ctx.session.scalars(select(MeasureTaken.order_id).where(MeasureTaken.order_id.in_(orders))))
    return [cause for cause in causes if cause[0].order_id not in drafted]


def _tell_units(ctx: Context, causes: Causes) -> None:
    directory, notice_rows = notices.Directory.read(ctx.session), []
    for clock, ticket, at in causes:
        people = directory.people(UNIT_HEADS, clock.unit_path)
        data = {"number": ticket.number, "measure": str(Measure.CIRCULAR)}
        event = notices.Event(f"order:{clock.order_id}:circular", "measure_taken", at, data)
        notice_rows += notices.build_rows(ctx, people, ticket, event)
    notices.enqueue(ctx.session, notice_rows)
