"""The queue of call-backs: the next one for whoever asks, in the order of the dues; taken, given back, booked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, or_, select

from hotline.casework.call_backs import call_reservations
from hotline.casework.call_backs.call_back import check_may_call
from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import open_for, ticket_for
from hotline.context import Context
from hotline.models.call_backs.call_backs import CallBackTurn, is_free
from hotline.models.tickets.in_states import in_states
from hotline.models.tickets.result_authors import wrote_result
from hotline.models.tickets.tickets import IS_OPEN, Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.rules.actors import Actor
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, InvalidInput, UnknownThing
from hotline.rules.tickets.states import TO_CALL_BACK
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Action, Audience, Role


def take_next(ctx: Context) -> Ticket:
    """The one this person holds already, else the first that nobody holds and that is not this person's own work.

    What was booked and has come is first, then the nearest due. Two who ask at once get two. Refuses `UnknownThing` when
    nothing is left.
    """
    check_role(ctx.actor, Role.REVIEWER, "领取回访")
    while True:
        number = _first(ctx)
        if number is None:
            raise UnknownThing("现在可以回访的工单")
        ticket = ticket_for(ctx, number, lock=True)
        try:
            call_reservations.take(ctx, ticket)
        except ConditionUnmet:
            continue  # somebody else has taken it since it was read; the next look sees that
        return ticket


def _first(ctx: Context) -> str | None:
    query = select(Ticket.number).outerjoin(CallBackTurn, CallBackTurn.ticket_id == Ticket.id)
    query = query.where(IS_OPEN, in_states(TO_CALL_BACK), visible_tickets(scope_of(ctx.actor)))
    held = and_(CallBackTurn.held_by == ctx.actor.staff_id, CallBackTurn.held_until > ctx.now)
    number = ctx.session.scalar(query.where(held).limit(1))
    if number is None:
        come = case((and_(CallBackTurn.booked, CallBackTurn.booked_at <= ctx.now), 0), else_=1)
        free = query.where(is_free(ctx.now), ~wrote_result(ctx.actor.staff_id), _not_of(ctx.actor)).order_by(
            come, Ticket.due_at, Ticket.id
        )
        number = ctx.session.scalar(free.limit(1).with_for_update(of=Ticket, skip_locked=True))
    return number


def _not_of(actor: Actor) -> ColumnElement[bool]:
    """Not on a desk to whose unit this person belongs."""
    parts = actor.unit_path.strip("/").split("/")
    above = ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
    return or_(Ticket.desk_path.is_(None), Ticket.desk_path.not_in(above))


def take(ctx: Context, number: str) -> Ticket:
    """This one; refuses `OwnWork`, and `ConditionUnmet` while somebody else holds it."""
    ticket = _open(ctx, number)
    check_may_call(ctx, ticket)
    call_reservations.take(ctx, ticket)
    return ticket


def give_back(ctx: Context, number: str) -> Ticket:
    """Somebody else may call."""
    ticket = _open(ctx, number)
    call_reservations.give_back(ctx, ticket)
    return ticket


@dataclass(frozen=True, slots=True)
class Booking:
    at: datetime
    remark: str = ""


def book(ctx: Context, number: str, given: Booking) -> Ticket:
    """The enterprise wants to be called at another time; the clock of the call-back runs on."""
    ticket = _open(ctx, number)
    days = ctx.rules.call_back.longest_booking_days
    if not ctx.now < given.at <= ctx.now + timedelta(days=days):
        raise InvalidInput({"/at": f"预约时间应在今后{days}天之内"})
    call_reservations.book(ctx, ticket, given.at, booked=True)
    at, audience = given.at.isoformat(), Audience.CENTRE
    timeline.write(ctx, ticket, "call_back_booked", audience=audience, booked_for=at, remark=given.remark)
    return ticket


def _open(ctx: Context, number: str) -> Ticket:
    return open_for(ctx, number, Action.RECORD_CALL_BACK)
