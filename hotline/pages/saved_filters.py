"""Filters kept and forgotten; either way back to the list."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.accounts import saved_filters
from hotline.pages.frame import parse_form
from hotline.rules.refusals import Refusal
from hotline.schemas.accounts.saved_filters import PAGES, FilterForm
from hotline.schemas.base import load
from hotline.web.access import login_required, status_of, transaction

pages = Blueprint("saved_filters", __name__)


@pages.post("/saved-filters")
@login_required
def keep() -> Any:
    typed = parse_form(request.form)
    try:
        new_filter = load(FilterForm(), typed)
        with transaction() as ctx:
            kept = saved_filters.keep(ctx, new_filter)
    except Refusal as refusal:
        page = typed.get("page")
        back = f"{page}?{typed.get('query', '')}" if page in PAGES else "/desk"
        return render_template("shared/filter_refused.html", refusal=refusal, typed=typed, back=back), status_of(
            refusal
        )
    return redirect(f"{kept.page}?{kept.query}")


@pages.post("/saved-filters/<int(max=9223372036854775807):filter_id>/forget")
@login_required
def forget(filter_id: int) -> Any:
    with transaction() as ctx:
        return redirect(saved_filters.forget(ctx, filter_id))
