"""Succession: what lies at a unit that is closed goes to its successor; a report about the successor goes to the centre."""

from typing import Any

from sqlalchemy import Select, func, or_, select, union

from hotline.casework.dispatch import assisting, desk_transfer, signers
from hotline.casework.dispatch.handover import Handover
from hotline.casework.tickets import clocks, notices, secrecy_guard, timeline
from hotline.casework.tickets.access import advance, bring_up_to_date, resume_at
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.tracked import IS_OPEN_ITEM, TrackedItem
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.supervision.orders import IS_OPEN_ORDER, Order
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.tickets import Ticket
from hotline.rules.handling.assisting import AssistState
from hotline.rules.messages.recipients import SUPERVISORS
from hotline.rules.reason_codes import DispatchEnd
from hotline.rules.tickets.states import OPEN, is_suspended
from hotline.rules.vocabulary import Action, Audience, TicketType
from hotline.rules.workflow import is_possible


def _lies_at(unit: Unit) -> list[Select[Any]]:
    """The tickets on which something lies at this unit, as its desk's or beside it."""
    held = or_(Ticket.lead_unit_id == unit.id, Ticket.desk_path.like(f"{unit.path}%"))
    owed = (Clock.unit_path.like(f"{unit.path}%"), Clock.stopped_at.is_(None), Clock.ticket_id.is_not(None))
    return [
        select(Ticket.id).where(in_states(OPEN), or_(held, Ticket.designated_unit_id == unit.id)),
        select(Assist.ticket_id).where(Assist.unit_id == unit.id, Assist.state == AssistState.OPEN),
        select(Order.ticket_id).where(Order.unit_id == unit.id, IS_OPEN_ORDER),
        select(Rectification.ticket_id).where(Rectification.unit_id == unit.id, IS_OPEN_CASE),
        select(TrackedItem.ticket_id).where(TrackedItem.unit_id == unit.id, IS_OPEN_ITEM),
        select(Clock.ticket_id).where(*owed),
    ]


def work_count(ctx: Context, unit: Unit) -> int:
    """Return on how many tickets something lies there."""
    return ctx.session.scalar(select(func.count()).select_from(union(*_lies_at(unit)).subquery())) or 0


def hand_over(ctx: Context, unit: Unit, successor: Unit) -> int:
    """Move all of it, the oldest ticket first, each as it stands now; return on how many tickets something lay."""
    ids = union(*_lies_at(unit), _reports_at(unit, successor)).subquery()
    query = select(Ticket).where(Ticket.id.in_(select(ids))).order_by(Ticket.number).with_for_update(of=Ticket)
    tickets = ctx.session.scalars(query.execution_options(populate_existing=True)).all()
    unsigned = not signers.can_anybody_sign(ctx, successor)
    for ticket in tickets:
        bring_up_to_date(ctx, ticket)
        _move(ctx, ticket, unit, successor, unsigned=unsigned)
    return len(tickets)


def _reports_at(unit: Unit, successor: Unit) -> Select[Any]:
    """The reports about the unit that the successor works on: from now on they are about itself."""
    reported = (Ticket.type == TicketType.REPORT, Ticket.target_unit_id == unit.id, in_states(OPEN))
    helped = (Assist.unit_path.like(f"{successor.path}%"), Assist.state == AssistState.OPEN)
    helping = Ticket.id.in_(select(Assist.ticket_id).where(*helped))
    return select(Ticket.id).where(*reported, or_(Ticket.desk_path.like(f"{successor.path}%"), helping))


def _move(ctx: Context, ticket: Ticket, unit: Unit, successor: Unit, *, unsigned: bool) -> None:
    """To the successor; a report about it, or about the closed unit itself, never into its hands."""
    if secrecy_guard.concerns(ctx.session, ticket, successor) or secrecy_guard.concerns(ctx.session, ticket, unit):
        _withhold(ctx, ticket, (unit, successor))
        return
    handover = Handover(ctx, ticket, unit, successor)
    led = handover.holds_lead
    handover.carry_out()
    clocks.refresh(ctx.session, ticket)
    if led and unsigned:
        signers.tell_supervisors(ctx, ticket, successor)


def _withhold(ctx: Context, ticket: Ticket, units: tuple[Unit, Unit]) -> None:
    """Take the report from either unit's desk back to the centre, end what they assist with, and tell the supervisors."""
    paths, taken = tuple(one.path for one in units), False
    if ticket.desk_path is not None and ticket.desk_path.startswith(paths):
        if is_suspended(ticket.state):
            resume_at(ctx, ticket, ctx.now)
        for action, how in ((Action.RECALL, DispatchEnd.RECALLED), (Action.REASSIGN, DispatchEnd.REASSIGNED)):
            if is_possible(ticket.state, action):
                advance(ticket, action, ctx.now)
                desk_transfer.take_back(ctx, ticket, how)
                taken = True
                break
    assisting.end_of_units(ctx, ticket, paths)
    if ticket.designated_unit_id in {one.id for one in units}:
        ticket.designated_unit_id = None
    names = {"unit": units[0].name, "successor": units[1].name}
    timeline.write(ctx, ticket, "withheld", audience=Audience.CENTRE, taken=taken, **names)
    event = f"ticket:{ticket.id}:withheld:{ticket.timeline_length}"
    notices.notify(ctx, ticket, event, "withheld", SUPERVISORS, number=ticket.number, **names)


def follow(ctx: Context, ticket: Ticket) -> None:
    """Lead a ticket that is taken up again to whoever succeeded its closed unit; a report about that unit stays where it is."""
    assert ticket.lead_unit_id is not None
    unit = ctx.session.get_one(Unit, ticket.lead_unit_id)
    while unit.closed_on is not None and unit.successor_id is not None:
        successor = ctx.session.get_one(Unit, unit.successor_id)
        if secrecy_guard.concerns(ctx.session, ticket, successor):
            return
        Handover(ctx, ticket, unit, successor).carry_out()
        unit = successor
