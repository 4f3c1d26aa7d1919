"""The unit's desk: to sign, in hand, near due, overdue, and what was told."""

from typing import Any

from flask import Blueprint, render_template

from hotline.doors import actor, office, roles_only
from hotline.reading import desk
from hotline.reading.overdue import overdue_page
from hotline.reading.tickets import NEWEST, Filters, ticket_page
from hotline.reading.tracked import tracked_page
from hotline.rules.vocabulary import UNIT_ROLES, State

pages = Blueprint("unit", __name__)


@pages.get("/unit")
@roles_only(*UNIT_ROLES)
def show() -> Any:
    with office().reading() as work:

        def some(**filters: Any) -> Any:
            return ticket_page(work.session, actor(), Filters(**filters), now=work.now, limit=50)

        lists = (
            ("待签收", some(state=State.DISPATCHED)),
            ("办理中", some(state=State.HANDLING)),
            ("挂起", some(state=State.SUSPENDED, sort=NEWEST)),
            ("待审核、待回访", _together(some(state=State.REVIEWING), some(state=State.CALLING_BACK))),
        )
        return render_template(
            "unit.html",
            lists=lists,
            late=overdue_page(work.session, actor(), now=work.now, rulebook=work.rulebook),
            notices=desk.notices_for(work.session, actor(), now=work.now),
            decisions=desk.decisions_waiting(work.session, actor()),
            tracked=tracked_page(work.session, actor(), now=work.now),
            tasks=desk.assisting_tasks(work.session, actor()),
        )


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {"items": one["items"] + other["items"], "next_cursor": one["next_cursor"] or other["next_cursor"]}
