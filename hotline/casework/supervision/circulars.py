"""Above an order: circulars 通报, drafted by the ladder for an order left unanswered, and interviews 约谈, by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices, timeline
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.supervision.orders import MeasureTaken
from hotline.models.tickets.tickets import Ticket
from hotline.rules.messages.recipients import UNIT_HEADS
from hotline.rules.reason_codes import Measure
from hotline.rules.refusals import ConditionUnmet, UnknownThing
from hotline.rules.vocabulary import Action


@dataclass(frozen=True, slots=True)
class MeasureGiven:
    """`text`: the circular, or the minutes of the interview. `draft` names a circular of the ladder that is decided."""

    kind: Measure
    text: str
    draft: int | None = None
    issue: bool = True


def record_measure(ctx: Context, number: str, given: MeasureGiven) -> Ticket:
    """Issues or declines a drafted circular, or records one (or an interview) by hand; the unit is told."""
    ticket = open_for(ctx, number, Action.RECORD_MEASURE)
    row = _draft(ctx.session, ticket, given.draft) if given.draft is not None else _by_hand(ticket, given.kind, ctx.now)
    row.text = given.text
    if not given.issue:
        row.declined_at = ctx.now
        timeline.write(ctx, ticket, "measure_declined", kind=str(row.kind), text=given.text)
        return ticket
    row.issued_by, row.issued_at = ctx.actor.staff_id, ctx.now
    ctx.session.add(row)
    ctx.session.flush()
    timeline.write(ctx, ticket, "measure_taken", kind=str(row.kind), text=given.text)
    path = ctx.session.get_one(Unit, row.unit_id).path
    people = notices.Directory.read(ctx.session).people(UNIT_HEADS, path)
    data = {"number": ticket.number, "measure": str(row.kind)}
    event = notices.Event(f"measure:{row.id}", "measure_taken", ctx.now, data)
    notice_rows = notices.build_rows(ctx, people, ticket, event)
    notices.enqueue(ctx.session, notice_rows)
    return ticket


def _draft(session: Session, ticket: Ticket, measure_id: int) -> MeasureTaken:
    wanted = (MeasureTaken.id == measure_id, MeasureTaken.ticket_id == ticket.id)
    row = session.scalar(select(MeasureTaken).where(*wanted))
    if row is None:
        raise UnknownThing("这份通报草稿")
    if row.issued_at is not None or row.declined_at is not None:
        raise ConditionUnmet("这份通报已经决定")
    return row


def _by_hand(ticket: Ticket, kind: Measure, now: datetime) -> MeasureTaken:
    if ticket.lead_unit_id is None:
        raise ConditionUnmet("这张工单没有承办单位")
    return MeasureTaken(kind=kind, ticket_id=ticket.id, unit_id=ticket.lead_unit_id, drafted_at=now)
