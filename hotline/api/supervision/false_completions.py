"""Rounds whose result was proved untrue."""

from typing import Any

from apiflask import APIBlueprint

from hotline.queries.supervision import false_completions
from hotline.rules.vocabulary import Role
from hotline.web.access import (
    roles_required,
    snapshot,
)

blueprint = APIBlueprint("api_false_completions", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/sham-finishings")
@roles_required(Role.SUPERVISOR, Role.REVIEWER, Role.INSPECTOR)
@blueprint.doc(summary="Rounds whose result was proved untrue, the latest first")
def list_sham() -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": false_completions.sham_page(ctx, false_completions.ShamFilters())["items"]}
