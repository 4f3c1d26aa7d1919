"""The handing over of one ticket from a closed unit to its successor: each part with the due that it has, and one line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.request_checks import current_dispatch
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.tracked import IS_OPEN_ITEM, TrackedItem
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.supervision.orders import IS_OPEN_ORDER, MeasureTaken, Order
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.handling.assisting import AssistState
from hotline.rules.messages.recipients import UNIT_DESK
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.tickets.states import is_open
from hotline.rules.vocabulary import ClockKind, OrderState


@dataclass
class Handover:
    """A locked ticket on its way; `moved` says in words what went over."""

    ctx: Context
    ticket: Ticket
    unit: Unit
    successor: Unit
    moved: list[str] = field(default_factory=list)

    def carry_out(self) -> None:
        """Move whatever of the ticket lies at the unit, with a line on the ticket; the successor's desk is told."""
        lead = self.holds_lead
        self._desk()
        self._assists()
        self._orders()
        self._cases_and_items()
        self._ruling()
        self._clocks()
        if self.moved:
            data: dict[str, Any] = {"unit": self.unit.name, "successor": self.successor.name, "lead": lead}
            timeline.write(self.ctx, self.ticket, "handed_over", moved=self.moved, **data)
            self._tell()

    @property
    def holds_lead(self) -> bool:
        """Return whether the closed unit answers for the ticket."""
        return is_open(self.ticket.state) and self.ticket.lead_unit_id == self.unit.id

    def _desk(self) -> None:
        if self.holds_lead:
            self._next_dispatch()
            self.ticket.lead_unit_id = self.successor.id
            self._sit_at(self.successor, "承办")
            self._end_assists(Assist.unit_id == self.successor.id)
        elif self._lies_there() and is_open(self.ticket.state):
            # Passed down to the closed unit: the lead keeps it.
            lead = self.ctx.session.get_one(Unit, self.ticket.lead_unit_id)
            self._sit_at(self.successor if self.successor.path.startswith(lead.path) else lead, "内部转派")
        elif self._lies_there() and self._items():
            self._sit_at(self.successor, "")

    def _lies_there(self) -> bool:
        return self.ticket.desk_path is not None and self.ticket.desk_path.startswith(self.unit.path)

    def _sit_at(self, unit: Unit, what: str) -> None:
        self.ticket.desk_unit_id, self.ticket.desk_path = unit.id, unit.path
        self.moved += [what] if what else []

    def _next_dispatch(self) -> None:
        """The dispatch to the successor stands where that to the closed unit stood, signed or not."""
        old = current_dispatch(self.ctx.session, self.ticket)
        old.ended_at, old.ended_how = self.ctx.now, DispatchEnd.SUCCEEDED
        kept = ("ticket_id", "dispatched_by", "dispatched_at", "sign_due_at", "signed_at", "signed_by", "designated")
        self.ctx.session.add(Dispatch(unit_id=self.successor.id, **{name: getattr(old, name) for name in kept}))

    def _assists(self) -> None:
        mine = Assist.unit_id == self.unit.id
        theirs = self._open_assists(Assist.unit_id == self.successor.id)
        if theirs or self.ticket.lead_unit_id == self.successor.id:
            self._end_assists(mine)
            return
        for row in self._open_assists(mine):
            row.unit_id, row.unit_path = self.successor.id, self.successor.path
            self.moved.append("协办")

    def _open_assists(self, which: ColumnElement[bool]) -> Sequence[Assist]:
        here = (Assist.ticket_id == self.ticket.id, Assist.state == AssistState.OPEN)
        return self.ctx.session.scalars(select(Assist).where(*here, which)).all()

    def _end_assists(self, which: ColumnElement[bool]) -> None:
        """Nobody assists itself, and nobody twice."""
        for row in self._open_assists(which):
            row.state, row.ended_at, row.reason = AssistState.ENDED, self.ctx.now, "由承接单位一并办理"
            clocks.end(self.ctx, self.ticket, ClockKind.ASSIST, assist_id=row.id)
            self.moved.append("协办（一并办理）")

    def _orders(self) -> None:
        orders = select(Order).where(Order.ticket_id == self.ticket.id, IS_OPEN_ORDER)
        theirs = self.ctx.session.scalar(orders.where(Order.unit_id == self.successor.id))
        for order in self.ctx.session.scalars(orders.where(Order.unit_id == self.unit.id)).all():
            if theirs is None:
                order.unit_id = self.successor.id
            else:
                self._close(order, f"承接单位已有督办单{theirs.number}，一并办理")
            self.moved.append(f"督办单{order.number}")
        drafts = (MeasureTaken.issued_at.is_(None), MeasureTaken.declined_at.is_(None))
        mine = (MeasureTaken.ticket_id == self.ticket.id, MeasureTaken.unit_id == self.unit.id)
        for measure in self.ctx.session.scalars(select(MeasureTaken).where(*mine, *drafts)):
            measure.unit_id = self.successor.id

    def _close(self, order: Order, reason: str) -> None:
        ended = OrderState.DECLINED if order.state is OrderState.DRAFT else OrderState.CLOSED
        order.state, order.closed_at, order.reason = ended, self.ctx.now, reason
        clocks.end(self.ctx, self.ticket, ClockKind.ORDER_ISSUE, ClockKind.ORDER_REPLY, order_id=order.id)

    def _cases_and_items(self) -> None:
        here = (Rectification.ticket_id == self.ticket.id, Rectification.unit_id == self.unit.id, IS_OPEN_CASE)
        for case in self.ctx.session.scalars(select(Rectification).where(*here)):
            case.unit_id = self.successor.id
            self.moved.append(f"整改{case.number}")
        for item in self._items():
            item.unit_id = self.successor.id
            self.moved.append("挂账事项")

    def _items(self) -> Sequence[TrackedItem]:
        here = (TrackedItem.ticket_id == self.ticket.id, TrackedItem.unit_id == self.unit.id, IS_OPEN_ITEM)
        return self.ctx.session.scalars(select(TrackedItem).where(*here)).all()

    def _ruling(self) -> None:
        if self.ticket.designated_unit_id == self.unit.id and is_open(self.ticket.state):
            self.ticket.designated_unit_id = self.successor.id
            self.moved.append("裁定的承办单位")

    def _clocks(self) -> None:
        """Running clocks, and the promise that a failed check lets go on, belong to the successor; their dues stay."""
        self.ctx.session.flush()
        goes_on = Clock.stopped_at.is_(None) | Clock.tracked_item_id.in_([item.id for item in self._moved_items()])
        for clock in self.ctx.session.scalars(select(Clock).where(Clock.ticket_id == self.ticket.id, goes_on)):
            if clock.unit_id == self.unit.id:
                clock.unit_id, clock.unit_path = self.successor.id, self.successor.path
            elif clock.unit_path is not None and clock.unit_path.startswith(self.unit.path):
                clock.unit_path = self.ticket.desk_path

    def _moved_items(self) -> Sequence[TrackedItem]:
        here = (TrackedItem.ticket_id == self.ticket.id, TrackedItem.unit_id == self.successor.id, IS_OPEN_ITEM)
        return self.ctx.session.scalars(select(TrackedItem).where(*here)).all()

    def _tell(self) -> None:
        people = notices.Directory.read(self.ctx.session).people(UNIT_DESK, self.successor.path)
        key, data = f"ticket:{self.ticket.id}:handed_over:{self.ticket.timeline_length}", {"unit": self.unit.name}
        event = notices.Event(key, "handed_over", self.ctx.now, {"number": self.ticket.number, **data})
        notices.enqueue(self.ctx.session, notices.build_rows(self.ctx, people, self.ticket, event))
