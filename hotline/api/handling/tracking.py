"""What is only promised: the list, and the steps on one item."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body, query
from hotline.queries.handling.tracked import tracked_page
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.vocabulary import Action
from hotline.schemas.actions import ACTIONS, TRACK_STEPS
from hotline.schemas.handling.tracking import on_item
from hotline.schemas.queries import TrackedQuery
from hotline.web.access import login_required, snapshot, transaction

tracking = APIBlueprint("api_tracking", __name__, url_prefix="/api/v1", tag="Tracked items")


@tracking.get("/tracked-items")
@login_required
@query(tracking, TrackedQuery)
@tracking.doc(summary="What was promised and is not done, the nearest promise first")
def list_tracked(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return tracked_page(ctx, **asked)


def _add_step(name: str, action: Action) -> None:
    form, does = ACTIONS[action]

    def act(number: str, item_id: int, given: dict[str, Any]) -> dict[str, Any]:
        taken = on_item(name, item_id, given)
        with transaction() as ctx:
            ticket = does(ctx, number, taken)
            return ticket_file(ctx, ticket)

    act.__name__ = f"track_{name}"
    view = tracking.doc(summary=action.label)(body(tracking, form)(login_required(act)))
    address = f"/tickets/<number>/tracked/<int(max=9223372036854775807):item_id>/actions/{name}"
    tracking.post(address)(view)


for _name, _action in TRACK_STEPS.items():
    _add_step(_name, _action)
