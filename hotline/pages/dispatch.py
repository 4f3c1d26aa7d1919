"""The dispatcher's desk: what is to be accepted and dispatched, and the decisions that wait."""

from typing import Any

from flask import Blueprint, render_template

from hotline.doors import actor, office, roles_only
from hotline.reading import desk
from hotline.reading.tickets import Filters, ticket_page
from hotline.rules.vocabulary import Role, State

pages = Blueprint("dispatch", __name__)


@pages.get("/dispatch")
@roles_only(Role.DISPATCHER)
def show() -> Any:
    with office().reading() as work:
        known = {"now": work.now, "limit": 50}
        lists = [
            (state.label, ticket_page(work.session, actor(), Filters(state=state), **known))  # type: ignore[arg-type]
            for state in (State.SUBMITTED, State.ACCEPTED, State.NEED_INFO)
        ]
        return render_template(
            "dispatch.html",
            lists=lists,
            decisions=desk.decisions_waiting(work.session, actor()),
            notices=desk.notices_for(work.session, actor(), now=work.now),
        )
