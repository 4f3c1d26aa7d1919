"""Overdue clocks, listed and counted by unit."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import query
from hotline.queries.deadlines import overdue
from hotline.schemas.queries import OverdueQuery
from hotline.web.access import (
    login_required,
    snapshot,
)

blueprint = APIBlueprint("api_overdue", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/overdue")
@login_required
@query(blueprint, OverdueQuery)
@blueprint.doc(summary="What is late now, the longest first")
def list_overdue(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        page = overdue.overdue_page(ctx, **asked)
        return {**page, "by_unit": overdue.overdue_by_unit(ctx)}
