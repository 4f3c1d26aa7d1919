"""Steps on a supervision order."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body
from hotline.casework.supervision import supervision
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.refusals import UnknownThing
from hotline.schemas.actions import ACTIONS, ORDER_STEPS
from hotline.schemas.supervision.supervision import OrderStepForm
from hotline.web.access import (
    login_required,
    transaction,
)

blueprint = APIBlueprint("api_orders", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.post("/tickets/<number>/orders/<order>/actions/<step>")
@login_required
@body(blueprint, OrderStepForm)
@blueprint.doc(summary="issue, decline, reply to, send back or close a supervision order")
def order_step(number: str, order: str, step: str, given: dict[str, str]) -> dict[str, Any]:
    if step not in ORDER_STEPS:
        raise UnknownThing(f"“{step[:40]}”这个操作")
    _, does = ACTIONS[ORDER_STEPS[step]]
    with transaction() as ctx:
        taken = supervision.OrderStep(order=order, text=given["text"])
        ticket = does(ctx, number, taken)
        return ticket_file(ctx, ticket)
