"""The supervisors' page: what is late by unit and clock, what waits for a decision, and the service's own alarms."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.doors import actor, office, roles_only
from hotline.forms.base import load
from hotline.forms.queries import OverdueQuery
from hotline.pages.frame import nested
from hotline.reading import article_queue, desk, freshness, health
from hotline.reading.overdue import overdue_by_unit, overdue_page
from hotline.reading.tracked import tracked_page
from hotline.rules.freshness import Pile
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Role

pages = Blueprint("supervisor", __name__)


@pages.get("/supervision")
@roles_only(Role.SUPERVISOR, Role.INSPECTOR)
def show() -> Any:
    typed = nested(request.args)
    try:
        asked = load(OverdueQuery(), typed)
    except InvalidInput:
        asked, typed = load(OverdueQuery(), {}), {}
    with office().reading() as work:
        alarms = [*health.scheduler(work.session, work.now), health.calendar(work.session, work.rulebook, work.now)]
        return render_template(
            "supervision.html",
            late=overdue_page(work.session, actor(), now=work.now, rulebook=work.rulebook, **asked),
            by_unit=overdue_by_unit(work.session, actor(), now=work.now),
            tracked=tracked_page(work.session, actor(), now=work.now),
            sham=desk.sham_finishings(work.session, actor()),
            decisions=desk.decisions_waiting(work.session, actor()),
            notices=desk.notices_for(work.session, actor(), now=work.now),
            articles=freshness.by_unit(work.session, actor(), now=work.now, rulebook=work.rulebook)["total"],
            article_clocks=article_queue.by_kind(work.session, actor(), now=work.now),
            piles=list(Pile),
            alarms=[line for line in alarms if not line.well],
            typed=typed,
        )
