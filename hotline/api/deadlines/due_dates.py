"""Due dates: why a clock is due then, and when so many working days are over."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import query
from hotline.queries.deadlines import clock_explanation, due
from hotline.schemas.queries import DeadlineQuery
from hotline.web.access import (
    login_required,
    snapshot,
)

blueprint = APIBlueprint("api_due_dates", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/clocks/<int(max=9223372036854775807):clock_id>/explanation")
@login_required
@blueprint.doc(summary="Why a clock is due then")
def explain(clock_id: int) -> dict[str, Any]:
    with snapshot() as ctx:
        return clock_explanation.explain_clock(ctx, clock_id)


@blueprint.get("/deadlines")
@login_required
@query(blueprint, DeadlineQuery)
@blueprint.doc(summary="The due of so many working days, with every day counted or skipped")
def deadline(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return due.deadline(ctx.rules.calendar, asked["start"], asked["days"])
