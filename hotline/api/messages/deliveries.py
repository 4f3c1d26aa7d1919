"""Messages that could not be sent: the list, and sending one again."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.describing import NOTHING
from hotline.casework.messages import delivery
from hotline.queries.messages import deliveries
from hotline.rules.vocabulary import Role
from hotline.web.access import (
    roles_required,
    snapshot,
    transaction,
)

blueprint = APIBlueprint("api_deliveries", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/deliveries")
@roles_required(Role.ADMINISTRATOR)
@blueprint.doc(summary="Messages that could not be sent")
def list_deliveries() -> dict[str, Any]:
    with snapshot() as ctx:
        return {**deliveries.dead_letters(ctx.session).answer(), **deliveries.counts(ctx.session)}


@blueprint.post("/deliveries/<int(max=9223372036854775807):delivery_id>/actions/resend")
@roles_required(Role.ADMINISTRATOR)
@blueprint.doc(summary="Send a dead letter again", responses=NOTHING)
def resend(delivery_id: int) -> tuple[str, int]:
    with transaction() as ctx:
        delivery.resend(ctx, delivery_id)
    return "", 204
