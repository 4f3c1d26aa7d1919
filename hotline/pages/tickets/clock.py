"""Why a clock is due when it is."""

from typing import Any

from flask import Blueprint, render_template

from hotline.queries.deadlines import clock_explanation
from hotline.web.access import login_required, snapshot

pages = Blueprint("clock", __name__)


@pages.get("/clocks/<int(max=9223372036854775807):clock_id>")
@login_required
def explain(clock_id: int) -> Any:
    with snapshot() as ctx:
        clock = clock_explanation.explain_clock(ctx, clock_id)
        return render_template("tickets/clock.html", clock=clock)
