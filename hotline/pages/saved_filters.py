"""Filters kept and forgotten; either way back to the list."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.accounts import saved_filters
from hotline.pages.frame import nested
from hotline.rules.refusals import Refusal
from hotline.schemas.accounts.saved_filters import PAGES, FilterForm
from hotline.schemas.base import load
from hotline.web.access import actor, office, staff_only, status_of

pages = Blueprint("saved_filters", __name__)


@pages.post("/saved-filters")
@staff_only
def keep() -> Any:
    typed = nested(request.form)
    try:
        given = load(FilterForm(), typed)
        with office().deed() as work:
            kept = saved_filters.keep(work.session, given, actor=actor())
    except Refusal as refusal:
        page = typed.get("page")
        back = f"{page}?{typed.get('query', '')}" if page in PAGES else "/desk"
        return render_template("shared/filter_refused.html", refusal=refusal, typed=typed, back=back), status_of(
            refusal
        )
    return redirect(f"{kept.page}?{kept.query}")


@pages.post("/saved-filters/<int(max=9223372036854775807):filter_id>/forget")
@staff_only
def forget(filter_id: int) -> Any:
    with office().deed() as work:
        return redirect(saved_filters.forget(work.session, filter_id, actor=actor()))
