"""What stands behind each number of the wall: clocks, decisions, promises, results proved untrue, messages not sent."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template

from hotline.pages.query_args import asked_for
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk
from hotline.queries.dashboards.decisions import decision_page
from hotline.queries.deadlines.overdue import overdue_page
from hotline.queries.handling.tracked import tracked_page
from hotline.queries.messages import deliveries
from hotline.queries.supervision import false_completions
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.messages.digest import CENTRE
from hotline.rules.vocabulary import Role
from hotline.schemas.base import Form
from hotline.schemas.queries import DecisionsQuery, DeliveriesQuery, OverdueQuery, ShamQuery, TrackedQuery
from hotline.web.access import actor, login_required, roles_required, snapshot, status_of

pages = Blueprint("wall_lists", __name__)
DECIDERS = (Role.SUPERVISOR, Role.INSPECTOR, Role.REVIEWER, Role.DISPATCHER)


def _list(path: str, form: type[Form], read: Callable[..., dict[str, Any]], **more: Any) -> Any:
    """The page of this list, as its address asks for it."""
    asked, typed, refusal = asked_for(form)
    with snapshot() as ctx:
        body = render_template(
            f"centre/{path.strip('/').replace('-', '_')}.html",
            path=path,
            page=read(ctx, **asked),
            asked=asked["filters"],
            typed=typed,
            refusal=refusal,
            units=desk.units(ctx.session) if actor().at_centre else [],
            saved=saved_filters(ctx, path),
            **more,
        )
    return body, status_of(refusal) if refusal else 200


@pages.get("/overdue")
@login_required
def overdue() -> Any:
    return _list("/overdue", OverdueQuery, overdue_page, steps=list(enumerate(STEP_LABELS)), centre=CENTRE)


@pages.get("/decisions")
@roles_required(*DECIDERS)
def decisions() -> Any:
    return _list("/decisions", DecisionsQuery, decision_page)


@pages.get("/tracked")
@login_required
def tracked() -> Any:
    return _list("/tracked", TrackedQuery, tracked_page)


@pages.get("/sham-finishings")
@roles_required(Role.SUPERVISOR, Role.REVIEWER, Role.INSPECTOR)
def sham_finishings() -> Any:
    return _list("/sham-finishings", ShamQuery, false_completions.sham_page)


@pages.get("/deliveries")
@roles_required(Role.SUPERVISOR, Role.INSPECTOR, Role.ADMINISTRATOR)
def unsent() -> Any:
    """No ticket is named: what a message was about is seen by whoever may see that."""
    return _list("/deliveries", DeliveriesQuery, deliveries.delivery_page)
