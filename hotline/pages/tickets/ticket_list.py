"""The list of tickets."""

from typing import Any

from flask import Blueprint, render_template

from hotline.context import Context
from hotline.pages.query_args import asked_for
from hotline.pages.replica_reads import replica_read
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk
from hotline.queries.paging import COUNTED
from hotline.queries.tickets.tickets import due_count, ticket_page
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.schemas.queries import TicketsQuery
from hotline.web.access import login_required, status_of

pages = Blueprint("ticket_list", __name__)


@pages.get("/tickets")
@login_required
def list_tickets() -> Any:
    asked, typed, refusal = asked_for(TicketsQuery)
    filters = asked["filters"]

    def drawn(ctx: Context) -> str:
        return render_template(
            "tickets/tickets.html",
            page=ticket_page(ctx, filters, asked["page"]),
            dated=due_count(ctx, filters),
            most=COUNTED,
            asked=filters,
            typed=typed,
            units=desk.units(ctx.session),
            categories=desk.categories(ctx.session),
            steps=list(enumerate(STEP_LABELS)),
            saved=saved_filters(ctx, "/tickets"),
            refusal=refusal,
        )

    return replica_read(drawn), status_of(refusal) if refusal else 200
