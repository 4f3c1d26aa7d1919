"""Accounts, for the administrator: the list, one person with their seats, a first password that is shown once."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from hotline.casework.accounts import account_admin
from hotline.casework.accounts.accounts import NewStaff
from hotline.pages.admin.admin_forms import Forms, done
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.accounts import accounts as people
from hotline.queries.accounts import audit_log
from hotline.queries.dashboards import desk
from hotline.queries.paging import Page
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import Role
from hotline.schemas.accounts.accounts import HiringForm, PeopleQuery, PersonForm, RoleForm
from hotline.schemas.base import load
from hotline.security.keys import new_password
from hotline.web.access import actor, roles_required, snapshot, transaction

pages = Blueprint("personnel", __name__, url_prefix="/admin/staff")
FORMS: Forms = {
    "change": (PersonForm, account_admin.change),
    "grant": (RoleForm, account_admin.grant_role),
    "withdraw": (RoleForm, account_admin.withdraw_role),
    "disable": (None, account_admin.disable),
    "enable": (None, account_admin.enable),
    "reset-second-factor": (None, account_admin.reset_second_factor),
}


@pages.get("")
@roles_required(Role.ADMINISTRATOR)
def show() -> Any:
    return _list_page(NOTHING)


def _list_page(sent: Sent) -> Any:
    address = parse_form(request.args)
    try:
        asked = load(PeopleQuery(), address)
    except InvalidInput as error:
        address, asked, sent = {}, load(PeopleQuery(), {}), sent.refused(error)
    state = asked.pop("state", None)
    wanted = asked.pop("page")
    active = {"active": True, "disabled": False}.get(state)
    filters = people.PeopleFilters(**asked, active=active, unused=state == "unused")
    with snapshot() as ctx:
        page = people.people_page(ctx, filters, wanted)
        body = render_template(
            "admin/staff.html",
            page=page,
            refusal=sent.refusal,
            units=desk.units(ctx.session),
            address=address,
            typed=sent.typed,
            unused_days=ctx.rules.administration.unused_days,
        )
    return body, sent.status


@pages.post("")
@roles_required(Role.ADMINISTRATOR)
def hire() -> Any:
    """The first password stands on this answer and nowhere else."""
    typed, password = parse_form(request.form), new_password()
    try:
        new_staff = NewStaff(**load(HiringForm(), typed), password=password)
        with transaction() as ctx:
            account_admin.hire(ctx, new_staff)
    except Refusal as refusal:
        return _list_page(Sent(typed, refusal))
    return _person_page(new_staff.username, password=password), 201


@pages.get("/<username>")
@roles_required(Role.ADMINISTRATOR)
def read(username: str) -> Any:
    return _person_page(username)


def _person_page(username: str, sent: Sent = NOTHING, *, password: str | None = None) -> str:
    with snapshot() as ctx:
        found = people.person(ctx, username)
        log = audit_log.log_page(ctx.session, audit_log.LogFilters(username), Page(limit=10))
        return render_template(
            "admin/person.html",
            person=found,
            own=found["id"] == actor().staff_id,
            units=desk.units(ctx.session),
            typed=sent.typed or found,
            refusal=sent.refusal,
            password=password,
            log=log["items"],
        )


@pages.post("/<username>/password")
@roles_required(Role.ADMINISTRATOR)
def set_password(username: str) -> Any:
    """A new one, shown on this answer and nowhere else."""
    password = new_password()
    with transaction() as ctx:
        account_admin.set_password(ctx, username, password)
    return _person_page(username, password=password)


@pages.post("/<username>/<deed>")
@roles_required(Role.ADMINISTRATOR)
def act(username: str, deed: str) -> Any:
    """What is refused stands on the person's page, and what was typed is kept."""
    sent = done(FORMS, deed, username)
    if sent.refusal is not None:
        shown = sent if deed == "change" else Sent(refusal=sent.refusal)
        return _person_page(username, shown), sent.status
    return redirect(url_for("personnel.read", username=username))
