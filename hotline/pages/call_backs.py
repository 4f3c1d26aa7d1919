"""Whom the centre has to call back, the nearest due first."""

from typing import Any

from flask import Blueprint, render_template

from hotline.doors import actor, office, roles_only
from hotline.reading import desk
from hotline.reading.tickets import Filters, ticket_page
from hotline.rules.vocabulary import Role, State

pages = Blueprint("call_backs", __name__)


@pages.get("/call-backs")
@roles_only(Role.REVIEWER, Role.SUPERVISOR)
def show() -> Any:
    with office().reading() as work:
        return render_template(
            "call_backs.html",
            waiting=desk.to_call_back(work.session, actor()),
            reviews=ticket_page(work.session, actor(), Filters(state=State.REVIEWING), now=work.now),
            quality_calls=desk.quality_calls(work.session, actor()),
            decisions=desk.decisions_waiting(work.session, actor()),
            notices=desk.notices_for(work.session, actor(), now=work.now),
        )
