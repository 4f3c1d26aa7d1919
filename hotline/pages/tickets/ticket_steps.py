"""Steps on what belongs to a ticket: requests, assisting tasks, orders, rectifications, tracked items."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from hotline.casework.dispatch import assisting
from hotline.casework.handling import requests
from hotline.casework.supervision import supervision
from hotline.context import Context
from hotline.pages.sent import Sent
from hotline.pages.tickets.ticket_page import file_page, sent_with_ticket, taken
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.schemas.actions import (
    ACTIONS,
    ASSIST_STEPS,
    CASE_STEPS,
    ORDER_STEPS,
    REQUEST_STEPS,
    TRACK_STEPS,
    Does,
)
from hotline.schemas.base import load
from hotline.schemas.handling.tracking import on_item
from hotline.web.access import login_required, transaction

pages = Blueprint("ticket_steps", __name__)


@pages.post("/tickets/<number>/requests/<int(max=9223372036854775807):request_id>/<any(signature,decision):step>")
@login_required
def decide(number: str, request_id: int, step: str) -> Any:
    (form, does), sent = ACTIONS[REQUEST_STEPS[step]], sent_with_ticket()

    def make_payload() -> requests.Decision:
        return requests.Decision(request=request_id, **load(form(), sent.typed))

    return _step(number, make_payload, does, sent)


@pages.post("/tickets/<number>/assists/<int(max=9223372036854775807):assist_id>/<any(reply,waive):step>")
@login_required
def assist_step(number: str, assist_id: int, step: str) -> Any:
    (form, does), sent = ACTIONS[ASSIST_STEPS[step]], sent_with_ticket()

    def make_payload() -> assisting.AssistStep:
        return assisting.AssistStep(assist=assist_id, text=load(form(), sent.typed)["text"])

    return _step(number, make_payload, does, sent)


def _step(number: str, make_payload: Callable[[], Any], does: Does, sent: Sent) -> Any:
    """Take an action on something that belongs to the ticket; a refusal stands on the file."""
    try:
        payload = make_payload()
        with transaction() as ctx:
            does(ctx, number, payload)
    except Refusal as refusal:
        return file_page(number, sent.refused(refusal))
    return taken(number, "", "已办理。")


@pages.post("/tickets/<number>/orders/<order>/<step>")
@login_required
def order_step(number: str, order: str, step: str) -> Any:
    if step not in ORDER_STEPS:
        raise UnknownThing("这个操作")
    (form, does), sent = ACTIONS[ORDER_STEPS[step]], sent_with_ticket()

    def make_payload() -> supervision.OrderStep:
        return supervision.OrderStep(order=order, text=load(form(), sent.typed)["text"])

    return _step(number, make_payload, does, sent)


@pages.post("/tickets/<number>/rectifications/<case>/<step>")
@login_required
def case_step(number: str, case: str, step: str) -> Any:
    if step not in CASE_STEPS:
        raise UnknownThing("这个操作")
    (form, does), sent = ACTIONS[CASE_STEPS[step]], sent_with_ticket()

    def carried(ctx: Context, _: str, given: Any) -> Any:
        return does(ctx, case, given)

    return _step(number, lambda: load(form(), sent.typed), carried, sent)


@pages.post("/tickets/<number>/tracked/<int(max=9223372036854775807):item_id>/<any(note,report,check):step>")
@login_required
def track_step(number: str, item_id: int, step: str) -> Any:
    (form, does), sent = ACTIONS[TRACK_STEPS[step]], sent_with_ticket()
    return _step(number, lambda: on_item(step, item_id, load(form(), sent.typed)), does, sent)
