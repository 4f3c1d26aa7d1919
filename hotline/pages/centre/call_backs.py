"""Whom the centre has to call back, the nearest due first: taken one by one, given back, booked."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.call_backs import call_back_queue
from hotline.pages.frame import parse_form
from hotline.queries.call_backs import call_backs
from hotline.queries.dashboards import desk
from hotline.queries.handling.tracked import TrackedFilters, tracked_page
from hotline.queries.messages.notices import notices_for
from hotline.queries.ratings import ratings as rating_lists
from hotline.queries.tickets.tickets import Filters, ticket_page
from hotline.rules.handling.tracking import TrackState
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.rules.vocabulary import Role, State
from hotline.schemas.base import load
from hotline.schemas.call_backs.call_back import BookingForm
from hotline.web.access import actor, roles_required, snapshot, status_of, transaction

pages = Blueprint("call_backs", __name__)


@pages.get("/call-backs")
@roles_required(Role.REVIEWER, Role.SUPERVISOR)
def show() -> Any:
    return _desk(None)


def _desk(refusal: Refusal | None) -> Any:
    with snapshot() as ctx:
        page = render_template(
            "centre/call_backs.html",
            stages=[str(stage) for stage in call_backs.Stage],
            may_take=Role.REVIEWER in actor().roles,
            refusal=refusal,
            waiting=call_backs.waiting(ctx),
            reviews=ticket_page(ctx, Filters(state=State.REVIEWING)),
            tracked=tracked_page(ctx, TrackedFilters(state=TrackState.CHECKING)),
            quality_calls=desk.quality_calls(ctx),
            unverified=rating_lists.unverified(ctx),
            decisions=desk.decisions_waiting(ctx),
            notices=notices_for(ctx),
        )
    return page, status_of(refusal) if refusal else 200


@pages.post("/call-backs/next")
@roles_required(Role.REVIEWER)
def take_next() -> Any:
    try:
        with transaction() as ctx:
            number = call_back_queue.take_next(ctx).number
    except UnknownThing as refusal:
        return _desk(refusal)
    return redirect(f"/tickets/{number}#call")


@pages.post("/call-backs/<number>/<any(take,give_back,book):step>")
@roles_required(Role.REVIEWER)
def turn(number: str, step: str) -> Any:
    """What is refused stands on the desk."""
    try:
        with transaction() as ctx:
            if step == "book":
                call_back_queue.book(ctx, number, load(BookingForm(), parse_form(request.form)))
            else:
                {"take": call_back_queue.take, "give_back": call_back_queue.give_back}[step](ctx, number)
    except Refusal as refusal:
        return _desk(refusal)
    return redirect(f"/tickets/{number}#call" if step == "take" else "/call-backs")
