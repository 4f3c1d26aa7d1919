"""The loop made visible: rectifications with their five stations, unverified ratings, figures, printed codes, results."""

from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup

from hotline import clock
from hotline.casework.ratings import body_rating, rated_bodies, rating_links
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.pages.query_args import asked_for
from hotline.pages.replica_reads import replica_read
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk
from hotline.queries.ratings import figures, rectifications
from hotline.queries.ratings import ratings as rating_lists
from hotline.queries.ratings.published import last_month, published
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import RectificationState, Role
from hotline.schemas.base import load
from hotline.schemas.handling.handling import ReasonForm
from hotline.schemas.queries import CasesQuery, MonthQuery, StatisticsQuery, UncheckedQuery
from hotline.schemas.ratings.rating import CheckForm
from hotline.web.access import (
    actor,
    app_context,
    login_required,
    public,
    roles_required,
    snapshot,
    status_of,
    transaction,
)

pages = Blueprint("loop", __name__)
CHECKERS = (Role.REVIEWER, Role.SUPERVISOR)
PRINTERS = (Role.SUPERVISOR, Role.REVIEWER, Role.ADMINISTRATOR)


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


@pages.get("/statistics")
@login_required
def statistics() -> Any:
    today = local(clock.now()).date()
    first = today.replace(day=1)
    asked, typed, refusal = asked_for(
        StatisticsQuery, {"from": first.isoformat(), "to": (today + timedelta(days=1)).isoformat()}
    )
    begin, end, chosen = asked.pop("from_"), asked.pop("to"), asked.pop("figure")

    def drawn(ctx: Context) -> str:
        found = figures.figures(ctx, begin=begin, end=end, **asked)
        return render_template(
            "centre/statistics.html",
            found=found,
            begin=begin,
            end=end,
            by=asked["by"],
            drawn=next(figure for figure in found["figures"] if figure["name"] == chosen),
            typed=typed,
            refusal=refusal,
            saved=saved_filters(ctx, "/statistics"),
        )

    return replica_read(drawn), status_of(refusal) if refusal else 200


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


def _unverified_page(refusal: Refusal | None = None, revealed: dict[int, str] | None = None) -> Any:
    asked, typed, wrong = asked_for(UncheckedQuery, {}) if request.method == "GET" else ({}, {}, None)
    refusal = refusal or wrong
    with snapshot() as ctx:
        items = rating_lists.unverified(ctx, **asked)
        body = render_template(
            "centre/unverified_ratings.html", items=items, typed=typed, refusal=refusal, revealed=revealed or {}
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
                given = load(CheckForm(), typed)
                body_rating.check_rating(ctx, rating_id, given)
    except Refusal as refusal:
        return _unverified_page(refusal)
    if step == "contact":
        return _unverified_page(revealed={rating_id: contact.phone or ""})
    return redirect("/unverified-ratings")


@pages.get("/rated-bodies")
@roles_required(*PRINTERS)
def bodies() -> Any:
    with snapshot() as ctx:
        return render_template("centre/rated_bodies.html", items=rating_lists.bodies(ctx.session))


@pages.get("/rated-bodies/<code>/sheet")
@roles_required(*PRINTERS)
def sheet(code: str) -> Any:
    """To be printed and put up: the code of this body that holds now."""
    with snapshot() as ctx:
        body = body_rating.body_of(ctx.session, code)
        token = rating_links.for_sheet(app_context().keys, body)
        address = f"{app_context().settings.public_url or request.url_root.rstrip('/')}/r/{token}"
        drawn = Markup(segno.make(address, error="m").svg_inline(omitsize=True, title=f"评价{body.name}"))
        return render_template("shared/sheet.html", body=body, drawn=drawn, address=address)


@pages.post("/rated-bodies/<code>/renew")
@roles_required(Role.SUPERVISOR)
def renew(code: str) -> Any:
    with transaction() as ctx:
        rated_bodies.renew_sheet(ctx, code)
    return redirect(f"/rated-bodies/{code}/sheet")
