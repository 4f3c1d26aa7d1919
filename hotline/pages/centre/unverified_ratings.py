"""Unverified ratings: who is to be called, and what the call has shown."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.ratings import body_rating
from hotline.pages.frame import parse_form
from hotline.pages.query_args import asked_for
from hotline.queries.ratings import ratings as rating_lists
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.handling.handling import ReasonForm
from hotline.schemas.queries import UncheckedQuery
from hotline.schemas.ratings.rating import CheckForm
from hotline.web.access import roles_required, snapshot, status_of, transaction

pages = Blueprint("unverified_ratings", __name__)
CHECKERS = (Role.REVIEWER, Role.SUPERVISOR)


def _unverified_page(refusal: Refusal | None = None, revealed: dict[int, str] | None = None) -> Any:
    asked, typed, wrong = asked_for(UncheckedQuery, {}) if request.method == "GET" else ({}, {}, None)
    refusal = refusal or wrong
    with snapshot() as ctx:
        page = rating_lists.unverified(ctx, **asked)
        body = render_template(
            "centre/unverified_ratings.html", page=page, typed=typed, refusal=refusal, revealed=revealed or {}
        )
    return body, status_of(refusal) if refusal else 200


@pages.get("/unverified-ratings")
@roles_required(*CHECKERS)
def unverified() -> Any:
    return _unverified_page()


@pages.post("/unverified-ratings/<int(max=9223372036854775807):rating_id>/<any(check,contact):step>")
@roles_required(Role.REVIEWER)
def check(rating_id: int, step: str) -> Any:
    """The number to call, on this answer only, or what the call has shown."""
    typed = parse_form(request.form)
    try:
        with transaction() as ctx:
            if step == "contact":
                reason = load(ReasonForm(), typed).reason
                contact = body_rating.reveal_rater(ctx, rating_id, reason)
            else:
                verdict = load(CheckForm(), typed)
                body_rating.check_rating(ctx, rating_id, verdict)
    except Refusal as refusal:
        return _unverified_page(refusal)
    if step == "contact":
        return _unverified_page(revealed={rating_id: contact.phone or ""})
    return redirect("/unverified-ratings")
