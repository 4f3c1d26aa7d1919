"""What an enterprise sees of its ticket with the query code: status, dates, unit, reply. No names, phones or inner notes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.ratings.ratings import Rating
from hotline.models.tickets.merges import end_of_chain
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.queries.formatting import instant
from hotline.queries.public import public_progress
from hotline.queries.tickets.timeline import timeline_of
from hotline.rules.actors import Actor
from hotline.rules.deadlines.lateness import has_passed
from hotline.rules.ratings.rating import is_open
from hotline.rules.tickets.enterprise_steps import steps_in
from hotline.rules.vocabulary import Action, ClockKind
from hotline.rules.workflow import is_possible

SHOWN_DUES = (ClockKind.SIGN, ClockKind.HANDLE, ClockKind.SUPPLY)


_t, _r, _u, _o = Ticket.__table__.c, Rating.__table__.c, Unit.__table__.c, Objection.__table__.c
_d = Dispatch.__table__.c
_rated = select(_r.level).where(_r.ticket_id == _t.id, _r.round == _t.round).limit(1).scalar_subquery()
_objected = exists().where(_o.ticket_id == _t.id, _o.ended_at == _t.closed_at)
_sent = exists().where(_d.ticket_id == _t.id)
_master = end_of_chain(bindparam("ticket_id"))
_FILE = (
    select(
        _t.id,
        _t.number,
        _t.type,
        _t.channel,
        _t.title,
        _t.state,
        _t.state_at,
        _t.received_at,
        _t.due_at,
        _t.due_kind,
        _t.due_provisional,
        _t.urgency,
        _t.round,
        _t.suspended_until,
        _t.reply,
        _t.replied_at,
        _t.closed_at,
        _t.rating_invited_at,
        _t.imported,
        _objected.label("objected"),
        _sent.label("sent_before"),
        _u.name.label("unit"),
        _rated.label("rated"),
        _master.label("master"),
    )
    .select_from(Ticket.__table__.outerjoin(Unit.__table__, _u.id == _t.lead_unit_id))
    .where(_t.id == bindparam("ticket_id"))
)


def public_ticket(ctx: Context, enterprise: Actor) -> dict[str, Any]:
    """The ticket that this enterprise proved by its code, with the lines that are for its eyes."""
    assert enterprise.ticket_id is not None, "only an enterprise that proved a ticket comes here"
    row = ctx.session.execute(_FILE, {"ticket_id": enterprise.ticket_id}).one()
    invited_at = row.rating_invited_at or row.replied_at
    asked = is_possible(row.state, Action.RATE) and row.rated is None and invited_at is not None
    may_rate = asked and is_open(invited_at, ctx.now, ctx.rules.ratings.open_days)
    object_until = _object_until(ctx, row)
    over = () if object_until else (Action.OBJECT,)
    return {
        "number": row.number,
        "type_label": row.type.label if row.type else None,
        "title": row.title,
        "status": public_progress.PUBLIC_STATUS[row.state],
        "where": public_progress.where(row),
        "next": public_progress.NEXT.get(row.state),
        "promise": public_progress.promise(ctx, row),
        "stations": public_progress.stations(ctx.session, row),
        "received_at": instant(row.received_at),
        "due_at": instant(row.due_at) if row.due_kind in SHOWN_DUES else None,
        "unit": row.unit,
        "reply": row.reply,
        "replied_at": instant(row.replied_at),
        "closed_at": instant(row.closed_at),
        "rated": row.rated.label if row.rated else None,
        "may": [str(step) for step in steps_in(row.state) if step not in over],
        "master": row.master,
        "object_until": instant(object_until),
        "may_rate": may_rate,
        "rate_until": instant(invited_at + timedelta(days=ctx.rules.ratings.open_days)) if may_rate else None,
        "timeline": timeline_of(ctx.by(enterprise), enterprise.ticket_id),
    }


def _object_until(ctx: Context, row: Any) -> datetime | None:
    """Once for each ending, while its window is open; None when there is nothing to object to any more."""
    if row.closed_at is None or row.objected or row.imported:
        return None
    until = ctx.rules.calendar.due(row.closed_at, ctx.rules.limits.object_days).at
    return None if has_passed(until, ctx.now) else until
