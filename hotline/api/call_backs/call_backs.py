"""The queue of call-backs: take the next one or a certain one, give it back, book another time."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body
from hotline.casework.call_backs import call_back_queue
from hotline.casework.call_backs.call_back_queue import Booking
from hotline.queries.call_backs import call_backs as reading
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.vocabulary import Role
from hotline.schemas.call_backs.call_back import BookingForm
from hotline.web.access import login_required, roles_required, snapshot, transaction

call_backs = APIBlueprint("api_call_backs", __name__, url_prefix="/api/v1", tag="Call-backs")


@call_backs.get("/call-backs")
@roles_required(Role.REVIEWER, Role.SUPERVISOR)
@call_backs.doc(summary="Tickets that wait for a call, what may be called now first")
def queue() -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.waiting(ctx).answer()


def _answer(does: Any, *given: Any) -> dict[str, Any]:
    with transaction() as ctx:
        ticket = does(ctx, *given)
        return ticket_file(ctx, ticket)


@call_backs.post("/call-backs/next")
@roles_required(Role.REVIEWER)
@call_backs.doc(summary="Take the next ticket to call about")
def take_next() -> dict[str, Any]:
    return _answer(call_back_queue.take_next)


@call_backs.post("/tickets/<number>/call-backs/take")
@login_required
@call_backs.doc(summary="Take this ticket to call about")
def take(number: str) -> dict[str, Any]:
    return _answer(call_back_queue.take, number)


@call_backs.post("/tickets/<number>/call-backs/give_back")
@login_required
@call_backs.doc(summary="Let somebody else call")
def give_back(number: str) -> dict[str, Any]:
    return _answer(call_back_queue.give_back, number)


@call_backs.post("/tickets/<number>/call-backs/book")
@login_required
@body(call_backs, BookingForm)
@call_backs.doc(summary="Call at the time the enterprise asked for")
def book(number: str, given: Booking) -> dict[str, Any]:
    return _answer(call_back_queue.book, number, given)
