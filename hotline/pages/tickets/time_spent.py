"""The working hours of a ticket, by the party that had it."""

from typing import Any

from flask import Blueprint, render_template

from hotline.casework.tickets.access import ticket_for
from hotline.queries.tickets.attribution import attribution
from hotline.web.access import login_required, snapshot

pages = Blueprint("time_spent", __name__)


@pages.get("/tickets/<number>/time")
@login_required
def time_spent(number: str) -> Any:
    with snapshot() as ctx:
        ticket = ticket_for(ctx, number)
        life = attribution(ctx, ticket)
        return render_template("tickets/time.html", life=life)
