"""Steps on an assisting task: its reply, or doing without it."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body
from hotline.casework.dispatch import assisting
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.schemas.actions import ACTIONS, ASSIST_STEPS
from hotline.schemas.supervision.supervision import AssistStepForm
from hotline.web.access import (
    login_required,
    transaction,
)

blueprint = APIBlueprint("api_assists", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.post("/tickets/<number>/assists/<int(max=9223372036854775807):assist_id>/<any(reply,waive):step>")
@login_required
@body(blueprint, AssistStepForm)
@blueprint.doc(summary="Answer an assisting task, or do without it")
def assist_step(number: str, assist_id: int, step: str, given: dict[str, str]) -> dict[str, Any]:
    taken = assisting.AssistStep(assist=assist_id, text=given["text"])
    _, does = ACTIONS[ASSIST_STEPS[step]]
    with transaction() as ctx:
        ticket = does(ctx, number, taken)
        return ticket_file(ctx, ticket)
