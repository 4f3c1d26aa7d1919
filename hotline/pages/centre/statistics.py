"""The figures, one of them drawn."""

from typing import Any

from flask import Blueprint, render_template

from hotline import clock
from hotline.context import Context
from hotline.pages.query_args import asked_for
from hotline.pages.replica_reads import replica_read
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.ratings import figures
from hotline.schemas.queries import StatisticsQuery
from hotline.web.access import login_required, status_of

pages = Blueprint("statistics", __name__)


@pages.get("/statistics")
@login_required
def statistics() -> Any:
    first, last = figures.this_month(clock.now())
    asked, typed, refusal = asked_for(StatisticsQuery, {"from": first.isoformat(), "to": last.isoformat()})
    begin, end, chosen = asked.pop("from_"), asked.pop("to"), asked.pop("figure")

    def drawn(ctx: Context) -> str:
        found = figures.figures(ctx, begin=begin, end=end, **asked)
        return render_template(
            "centre/statistics.html",
            found=found,
            begin=begin,
            end=end,
            by=asked["by"],
            drawn=next(figure for figure in found["figures"] if figure["name"] == chosen),
            typed=typed,
            refusal=refusal,
            saved=saved_filters(ctx, "/statistics"),
        )

    return replica_read(drawn), status_of(refusal) if refusal else 200
