"""The SQL condition of notices that still ask for something; `rules/messages/asks.py` says what each kind asks for."""

from sqlalchemy import ColumnElement, and_, exists, or_

from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.rules.handling.assisting import AssistState
from hotline.rules.messages.asks import ASKED_BY_CLOCK, ASKED_BY_ROW, DIGEST, ESCALATED
from hotline.rules.vocabulary import OrderState, RequestState


def still_open() -> ColumnElement[bool]:
    """Return the condition of notices that tell something, or ask for what is not done yet.

    A digest is not decided here: its clocks are counted by `queries/messages/digests.py`.
    """
    asking = (*ASKED_BY_CLOCK, *ASKED_BY_ROW, ESCALATED)
    return or_(Notice.kind == DIGEST, Notice.kind.not_in(asking), _step_stands(), _clock_runs(), _row_waits())


def _clock_runs() -> ColumnElement[bool]:
    """The clock was there when the notice was written: a later dispatch does not bring back the notice of an earlier one."""
    pairs = [and_(Notice.kind == kind, Clock.kind.in_(clocks)) for kind, clocks in ASKED_BY_CLOCK.items()]
    return and_(Notice.kind.in_(tuple(ASKED_BY_CLOCK)), _runs(Clock.started_at <= Notice.at, or_(*pairs)))


def _step_stands() -> ColumnElement[bool]:
    """Its clock runs and has neither climbed on nor come down: of the steps of one clock the last alone is shown."""
    kind, step = Notice.data["clock"].as_string(), Notice.data["step"].as_integer()
    on_it = (Clock.paused_at.is_(None), Clock.kind == kind, Clock.step == step)
    return and_(Notice.kind == ESCALATED, _runs(*on_it))


def _runs(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A clock runs for the ticket or the task of the notice; asked one by one, so that each takes its index."""
    about = (Clock.ticket_id == Notice.ticket_id, Clock.task_id == Notice.task_id)
    return or_(*(exists().where(same, Clock.stopped_at.is_(None), *conditions) for same in about))


def _row_waits() -> ColumnElement[bool]:
    waiting = {
        "assist_asked": exists().where(Assist.ticket_id == Notice.ticket_id, Assist.state == AssistState.OPEN),
        "request_drafted": exists().where(Request.ticket_id == Notice.ticket_id, Request.state == RequestState.DRAFTED),
        "order_replied": exists().where(Order.ticket_id == Notice.ticket_id, Order.state == OrderState.REPLIED),
    }
    return or_(*(and_(Notice.kind == kind, waiting[kind]) for kind in ASKED_BY_ROW))
