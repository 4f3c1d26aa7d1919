"""The published results of a month."""

from typing import Any

from flask import Blueprint, render_template

from hotline.pages.query_args import asked_for
from hotline.queries.ratings.published import last_month, published
from hotline.rules.refusals import InvalidInput
from hotline.schemas.queries import MonthQuery
from hotline.web.access import public, snapshot, status_of

pages = Blueprint("published", __name__)


@pages.get("/ratings")
@public
def results() -> Any:
    asked, typed, refusal = asked_for(MonthQuery, {})
    with snapshot() as ctx:
        try:
            found = published(ctx, **asked)
        except InvalidInput as error:
            found, refusal = published(ctx), error
        body = render_template(
            "public/published.html", found=found, latest=last_month(ctx.now), typed=typed, refusal=refusal
        )
    return body, status_of(refusal) if refusal else 200
