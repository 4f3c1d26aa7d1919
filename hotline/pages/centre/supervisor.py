"""The supervisors' wall: what is late by unit and clock, what soon will be, what waits, and the service's own alarms."""

from typing import Any

from flask import Blueprint, render_template

from hotline.pages.query_args import asked_for
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk, health
from hotline.queries.dashboards.dashboard import wall
from hotline.queries.messages.notices import notices_for
from hotline.rules.deadlines.due_counts import When
from hotline.rules.knowledge.freshness import Pile
from hotline.rules.messages.digest import CENTRE
from hotline.rules.vocabulary import Role
from hotline.schemas.queries import WallQuery
from hotline.web.access import roles_required, snapshot, status_of

pages = Blueprint("supervisor", __name__)


@pages.get("/supervision")
@roles_required(Role.SUPERVISOR, Role.INSPECTOR)
def show() -> Any:
    asked, typed, refusal = asked_for(WallQuery)
    with snapshot() as ctx:
        alarms = [*health.scheduler(ctx), health.calendar(ctx)]
        body = render_template(
            "centre/supervision.html",
            wall=wall(ctx, unit=asked.get("unit")),
            notices=notices_for(ctx),
            units=[{"code": CENTRE, "name": "热线中心"}, *desk.units(ctx.session)],
            saved=saved_filters(ctx, "/supervision"),
            alarms=[line for line in alarms if not line.well],
            piles=list(Pile),
            when=asked["when"],
            nearness=list(When),
            typed=typed,
            refusal=refusal,
        )
    return body, status_of(refusal) if refusal else 200
