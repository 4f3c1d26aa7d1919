"""What is only promised: the list, and the steps on one item."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body, query
from hotline.queries.handling.tracked import tracked_page
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.handling.tracking import STEPS
from hotline.schemas.handling.tracking import TRACK_STEPS
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


def _add_step(name: str) -> None:
    form, does = TRACK_STEPS[name]

    def act(number: str, item_id: int, given: dict[str, Any]) -> dict[str, Any]:
        taken = form.given(given, item_id)
        with transaction() as ctx:
            ticket = does(ctx, number, taken)
            return ticket_file(ctx, ticket)

    act.__name__ = f"track_{name}"
    view = tracking.doc(summary=STEPS[name].deed.label)(body(tracking, form)(login_required(act)))
    address = f"/tickets/<number>/tracked/<int(max=9223372036854775807):item_id>/actions/{name}"
    tracking.post(address)(view)


for _name in TRACK_STEPS:
    _add_step(_name)
