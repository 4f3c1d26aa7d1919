"""A person's own notices: the unread ones, and that they were seen."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.describing import NOTHING
from hotline.api.parsing import body
from hotline.casework.tickets import notices
from hotline.queries.messages.notices import notices_for
from hotline.schemas.messages.notices import ReadForm
from hotline.web.access import (
    login_required,
    snapshot,
    transaction,
)

blueprint = APIBlueprint("api_notices", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/notices")
@login_required
@blueprint.doc(summary="Unread notices of this person")
def list_notices() -> dict[str, Any]:
    with snapshot() as ctx:
        return notices_for(ctx)


@blueprint.post("/notices/read")
@login_required
@body(blueprint, ReadForm)
@blueprint.doc(summary="These notices have been seen, or all up to the last one", responses=NOTHING)
def read_notices(given: notices.Seen) -> tuple[str, int]:
    with transaction() as ctx:
        notices.mark_read(ctx, given)
    return "", 204
