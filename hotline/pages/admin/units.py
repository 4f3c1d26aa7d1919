"""Units, for the administrator: the tree, and one unit with its seats, its duty phone, and whether it is active."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.accounts import unit_changes
from hotline.pages.admin.admin_forms import Forms, done
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.accounts import audit_log, units
from hotline.queries.dashboards import desk
from hotline.queries.paging import Page
from hotline.rules.accounts.administration import SEATS
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Role
from hotline.schemas.accounts.units import ClosingForm, DutyForm, SeatsForm, UnitsQuery
from hotline.schemas.base import load
from hotline.web.access import roles_required, snapshot, status_of

pages = Blueprint("units", __name__, url_prefix="/admin/units")
FORMS: Forms = {
    "duty": (DutyForm, unit_changes.set_duty_phone),
    "seats": (SeatsForm, unit_changes.seat),
    "close": (ClosingForm, unit_changes.close),
    "reopen": (None, unit_changes.reopen),
}


@pages.get("")
@roles_required(Role.ADMINISTRATOR)
def show() -> Any:
    typed, refusal = parse_form(request.args), None
    try:
        asked = load(UnitsQuery(), typed)
    except InvalidInput as error:
        typed, refusal, asked = {}, error, {}
    state = asked.pop("state", None)
    filters = units.UnitFilters(**asked, without=state == "without", closed=state == "closed")
    with snapshot() as ctx:
        rows = units.tree(ctx, filters)
    body = render_template("admin/units.html", rows=rows, typed=typed, refusal=refusal, seats=SEATS)
    return body, status_of(refusal) if refusal else 200


@pages.get("/<code>")
@roles_required(Role.ADMINISTRATOR)
def read(code: str) -> Any:
    return _unit_page(code)


def _unit_page(code: str, sent: Sent = NOTHING) -> str:
    with snapshot() as ctx:
        found = units.unit_file(ctx, code)
        others = [row for row in desk.units(ctx.session) if row["code"] != code]
        log = audit_log.log_page(ctx.session, audit_log.LogFilters(code), Page(limit=10))["items"]
        return render_template(
            "admin/unit.html",
            unit=found,
            log=log,
            others=others,
            typed=sent.typed,
            refusal=sent.refusal,
            seats=SEATS,
        )


@pages.post("/<code>/<deed>")
@roles_required(Role.ADMINISTRATOR)
def act(code: str, deed: str) -> Any:
    """What is refused stands on the unit's page."""
    sent = done(FORMS, deed, code)
    if sent.refusal is not None:
        return _unit_page(code, sent), sent.status
    return redirect(f"/admin/units/{code}")
