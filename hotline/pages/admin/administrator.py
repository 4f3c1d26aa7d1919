"""The administrator's first page: what needs attention, messages that could not be sent; the log, the ladder and its limits."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.messages import delivery
from hotline.pages.frame import parse_form
from hotline.queries.accounts import audit_log
from hotline.queries.dashboards.admin_alerts import attention
from hotline.queries.deadlines import ladder
from hotline.queries.deadlines.rule_versions import rule_versions
from hotline.queries.messages import deliveries
from hotline.queries.paging import Page
from hotline.rules.accounts.administration import AdminDeed
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import Role
from hotline.schemas.accounts.audit_log import LogQuery
from hotline.schemas.base import load
from hotline.schemas.deadlines.calendar import SupposedForm
from hotline.web.access import roles_required, snapshot, status_of, transaction

pages = Blueprint("administrator", __name__)


@pages.get("/admin")
@roles_required(Role.ADMINISTRATOR)
def show() -> Any:
    with snapshot() as ctx:
        found = attention(ctx)
        rows, counts = deliveries.dead_letters(ctx.session), deliveries.counts(ctx.session)
        latest = audit_log.log_page(ctx.session, audit_log.LogFilters(), Page(limit=5))["items"]
    return render_template("admin/admin.html", attention=found, rows=rows, counts=counts, latest=latest)


@pages.post("/admin/deliveries/<int(max=9223372036854775807):delivery_id>/resend")
@roles_required(Role.ADMINISTRATOR)
def resend(delivery_id: int) -> Any:
    with transaction() as ctx:
        delivery.resend(ctx, delivery_id)
    return redirect("/admin")


@pages.get("/admin/log")
@roles_required(Role.ADMINISTRATOR)
def log() -> Any:
    typed, refusal = parse_form(request.args), None
    try:
        asked = load(LogQuery(), typed)
    except InvalidInput as error:
        typed, refusal, asked = {}, error, load(LogQuery(), {})
    with snapshot() as ctx:
        page = audit_log.log_page(ctx.session, **asked)
    body = render_template("admin/audit_log.html", page=page, typed=typed, refusal=refusal, deeds=list(AdminDeed))
    return body, status_of(refusal) if refusal else 200


@pages.get("/admin/ladder")
@roles_required(Role.ADMINISTRATOR)
def limits() -> Any:
    """What is in force; with a start and a kind in the address also what would happen when."""
    typed = parse_form(request.args)
    found, refusal = None, None
    with snapshot() as ctx:
        rulebook = ctx.rules
        if typed:
            try:
                found = ladder.what_if(rulebook, load(SupposedForm(), typed))
            except Refusal as error:
                refusal = error
        body = render_template(
            "admin/ladder.html",
            steps=ladder.steps(rulebook),
            centre=ladder.centre_desks(rulebook),
            in_force=ladder.limits(rulebook.limits),
            numbers=ladder.numbers(rulebook.limits),
            rules=rule_versions(ctx),
            found=found,
            refusal=refusal,
            typed=typed or {"start": f"{local(ctx.now):%Y-%m-%dT%H:%M}", "kind": "handle"},
        )
    return body, status_of(refusal) if refusal else 200
