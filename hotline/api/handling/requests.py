"""Steps on a request: a second signature and the decision."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body
from hotline.casework.handling import requests
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.schemas.actions import ACTIONS, REQUEST_STEPS
from hotline.schemas.handling.requests import DecisionForm
from hotline.web.access import (
    login_required,
    transaction,
)

blueprint = APIBlueprint("api_requests", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.post("/tickets/<number>/requests/<int(max=9223372036854775807):request_id>/<any(signature,decision):step>")
@login_required
@body(blueprint, DecisionForm)
@blueprint.doc(summary="Sign a colleague's request, or decide one; never one's own")
def decide(number: str, request_id: int, step: str, given: dict[str, Any]) -> dict[str, Any]:
    decision = requests.Decision(request=request_id, **given)
    _, does = ACTIONS[REQUEST_STEPS[step]]
    with transaction() as ctx:
        ticket = does(ctx, number, decision)
        return ticket_file(ctx, ticket)
