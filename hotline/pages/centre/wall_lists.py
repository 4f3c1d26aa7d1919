"""What stands behind each number of the wall: clocks, decisions, promises, results proved untrue, messages not sent."""

from typing import Any

from flask import Blueprint, render_template

from hotline.app_context import Work
from hotline.pages.query_args import asked_for
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk
from hotline.queries.dashboards.decisions import decision_page
from hotline.queries.deadlines.overdue import CENTRE, overdue_page
from hotline.queries.handling.tracked import tracked_page
from hotline.queries.messages import deliveries
from hotline.queries.supervision import false_completions
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.vocabulary import Role
from hotline.schemas.base import Form
from hotline.schemas.queries import DecisionsQuery, DeliveriesQuery, OverdueQuery, ShamQuery, TrackedQuery
from hotline.web.access import actor, office, roles_only, staff_only, status_of

pages = Blueprint("wall_lists", __name__)
DECIDERS = (Role.SUPERVISOR, Role.INSPECTOR, Role.REVIEWER, Role.DISPATCHER)


def _list(path: str, form: type[Form], read: Any, **more: Any) -> Any:
    """The page of this list, as its address asks for it."""
    asked, typed, refusal = asked_for(form)
    with office().reading() as work:
        body = render_template(
            f"centre/{path.strip('/').replace('-', '_')}.html",
            path=path,
            page=read(work, asked),
            asked=asked,
            typed=typed,
            refusal=refusal,
            units=desk.units(work.session) if actor().at_centre else [],
            saved=saved_filters(work.session, actor(), path),
            **more,
        )
    return body, status_of(refusal) if refusal else 200


@pages.get("/overdue")
@staff_only
def overdue() -> Any:
    def read(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
        return overdue_page(work.session, actor(), now=work.now, rulebook=work.rulebook, **asked)

    return _list("/overdue", OverdueQuery, read, steps=list(enumerate(STEP_LABELS)), centre=CENTRE)


@pages.get("/decisions")
@roles_only(*DECIDERS)
def decisions() -> Any:
    return _list("/decisions", DecisionsQuery, lambda work, asked: decision_page(work.session, actor(), **asked))


@pages.get("/tracked")
@staff_only
def tracked() -> Any:
    def read(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
        return tracked_page(work.session, actor(), now=work.now, **asked)

    return _list("/tracked", TrackedQuery, read)


@pages.get("/sham-finishings")
@roles_only(Role.SUPERVISOR, Role.REVIEWER, Role.INSPECTOR)
def sham_finishings() -> Any:
    return _list(
        "/sham-finishings", ShamQuery, lambda work, asked: false_completions.sham_page(work.session, actor(), **asked)
    )


@pages.get("/deliveries")
@roles_only(Role.SUPERVISOR, Role.INSPECTOR, Role.ADMINISTRATOR)
def unsent() -> Any:
    """No ticket is named: what a message was about is seen by whoever may see that."""

    def read(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
        return deliveries.delivery_page(work.session, now=work.now, **asked)

    return _list("/deliveries", DeliveriesQuery, read)
