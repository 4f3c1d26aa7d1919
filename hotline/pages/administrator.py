"""The administrator's first page: what needs attention, messages that could not be sent; the log, the ladder and its limits."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework import delivery
from hotline.doors import actor, office, roles_only, status_of
from hotline.forms.administration import LogQuery
from hotline.forms.base import load
from hotline.forms.calendar import SupposedForm
from hotline.pages.frame import nested
from hotline.reading import administration, deliveries, ladder
from hotline.reading.attention import attention
from hotline.rules.administration import AdminDeed
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import Role
from hotline.rules.working_calendar import local

pages = Blueprint("administrator", __name__)


@pages.get("/admin")
@roles_only(Role.ADMINISTRATOR)
def show() -> Any:
    with office().reading() as work:
        found = attention(work.session, now=work.now, rulebook=work.rulebook)
        rows, counts = deliveries.dead_letters(work.session), deliveries.counts(work.session)
        latest = administration.log_page(work.session, limit=5)["items"]
    return render_template("admin.html", attention=found, rows=rows, counts=counts, latest=latest)


@pages.post("/admin/deliveries/<int(max=9223372036854775807):delivery_id>/resend")
@roles_only(Role.ADMINISTRATOR)
def resend(delivery_id: int) -> Any:
    with office().deed() as work:
        delivery.resend(work.session, delivery_id, actor=actor(), now=work.now)
    return redirect("/admin")


@pages.get("/admin/log")
@roles_only(Role.ADMINISTRATOR)
def log() -> Any:
    typed, refusal = nested(request.args), None
    try:
        asked = load(LogQuery(), typed)
    except InvalidInput as error:
        typed, refusal, asked = {}, error, load(LogQuery(), {})
    with office().reading() as work:
        page = administration.log_page(work.session, **asked)
    known: dict[str, Any] = {"typed": typed, "refusal": refusal, "deeds": list(AdminDeed)}
    return render_template("admin_log.html", page=page, **known), status_of(refusal) if refusal else 200


@pages.get("/admin/ladder")
@roles_only(Role.ADMINISTRATOR)
def limits() -> Any:
    """What is in force; with a start and a kind in the address also what would happen when."""
    typed = nested(request.args)
    found, refusal = None, None
    with office().reading() as work:
        rulebook = work.rulebook
        if typed:
            try:
                found = ladder.what_if(rulebook, load(SupposedForm(), typed))
            except Refusal as error:
                refusal = error
        body = render_template(
            "admin_ladder.html",
            steps=ladder.steps(rulebook),
            centre=ladder.centre_desks(rulebook),
            in_force=ladder.limits(rulebook.limits),
            numbers=ladder.numbers(rulebook.limits),
            found=found,
            refusal=refusal,
            typed=typed or {"start": f"{local(work.now):%Y-%m-%dT%H:%M}", "kind": "handle"},
        )
    return body, status_of(refusal) if refusal else 200
