"""The supervisors' wall: what is late by unit and clock, what soon will be, what waits, and the service's own alarms."""

from typing import Any

from flask import Blueprint, render_template

from hotline.doors import actor, office, roles_only, status_of
from hotline.forms.queries import WallQuery
from hotline.pages.asked import asked_for
from hotline.reading import desk, health
from hotline.reading.overdue import CENTRE
from hotline.reading.saved_filters import saved_filters
from hotline.reading.wall import wall
from hotline.rules.freshness import Pile
from hotline.rules.vocabulary import Role
from hotline.rules.waiting import When

pages = Blueprint("supervisor", __name__)


@pages.get("/supervision")
@roles_only(Role.SUPERVISOR, Role.INSPECTOR)
def show() -> Any:
    asked, typed, refusal = asked_for(WallQuery)
    with office().reading() as work:
        alarms = [*health.scheduler(work.session, work.now), health.calendar(work.session, work.rulebook, work.now)]
        body = render_template(
            "supervision.html",
            wall=wall(work.session, actor(), now=work.now, rulebook=work.rulebook, unit=asked.get("unit")),
            notices=desk.notices_for(work.session, actor(), now=work.now),
            units=[{"code": CENTRE, "name": "热线中心"}, *desk.units(work.session)],
            saved=saved_filters(work.session, actor(), "/supervision"),
            alarms=[line for line in alarms if not line.well],
            piles=list(Pile),
            when=asked["when"],
            nearness=list(When),
            typed=typed,
            refusal=refusal,
        )
    return body, status_of(refusal) if refusal else 200
