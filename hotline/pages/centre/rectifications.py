"""Rectifications with their five stations."""

from typing import Any

from flask import Blueprint, render_template

from hotline.pages.query_args import asked_for
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk
from hotline.queries.ratings import rectifications
from hotline.rules.vocabulary import RectificationState
from hotline.schemas.queries import CasesQuery
from hotline.web.access import actor, login_required, snapshot, status_of

pages = Blueprint("rectifications", __name__)


@pages.get("/rectifications")
@login_required
def cases() -> Any:
    asked, typed, refusal = asked_for(CasesQuery, {})
    with snapshot() as ctx:
        page = rectifications.case_page(ctx, **asked)
        body = render_template(
            "centre/rectifications.html",
            page=page,
            typed=typed,
            refusal=refusal,
            states=list(RectificationState),
            units=desk.units(ctx.session) if actor().at_centre else [],
            saved=saved_filters(ctx, "/rectifications"),
        )
    return body, status_of(refusal) if refusal else 200
