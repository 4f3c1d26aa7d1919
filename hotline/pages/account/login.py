"""Signing in and out, and what somebody was told; a session is a row that can be revoked, its cookie holds the secret alone.

Where a second factor is on, the page asks for the code in a second step; between the two the browser holds, signed, whose
password was right, for some minutes.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask import session as browser

from hotline import clock
from hotline.casework.accounts import sessions
from hotline.casework.tickets import notices
from hotline.pages.frame import menu_for, parse_form, text_in
from hotline.pages.replica_reads import keep_position
from hotline.rules.refusals import Refusal, SecondFactorNeeded
from hotline.schemas.accounts.login import CodeForm, SignInForm
from hotline.schemas.base import load
from hotline.schemas.messages.notices import ReadForm
from hotline.web import login
from hotline.web.access import (
    app_context,
    before_second_factor,
    cookie_name,
    login_required,
    public,
    secret_sent,
    signed_in,
    status_of,
    transaction,
    visitor,
    without_prolonging,
)

pages = Blueprint("sign_in", __name__)
HALFWAY = "halfway"


def _safe(target: str) -> str:
    """Only a page of this site; where none is named, the first of this person's pages.

    What is not printable is no part of an address: a browser drops tabs and ends of lines, and reads the rest as it then stands.
    """
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if inside else "/desk"


@pages.get("/sign-in")
@public
def show() -> Any:
    return render_template("account/sign_in.html", typed={}, refusal=None)


@pages.post("/sign-in")
@public
def sign_in() -> Any:
    typed = parse_form(request.form)
    target = text_in(typed, "next")
    typed.pop("next", None)
    try:
        credentials = load(SignInForm(), typed)
        secret = login.by_password(
            credentials["username"], credentials["password"], credentials.get("code"), label="page"
        )
    except SecondFactorNeeded as needed:
        until = clock.now() + app_context().rulebook.sign_in.second_step
        browser[HALFWAY] = [needed.staff_id, until.isoformat()]
        return render_template("account/sign_in_code.html", target=target, refusal=None)
    except Refusal as refusal:
        typed.pop("password", None)
        return render_template("account/sign_in.html", typed=typed, refusal=refusal), status_of(refusal)
    return _signed_in(secret, target)


@pages.post("/sign-in/code")
@public
def second_step() -> Any:
    typed = parse_form(request.form)
    target, staff_id = text_in(typed, "next"), _halfway()
    typed.pop("next", None)
    if staff_id is None:
        return redirect("/sign-in")
    try:
        secret = login.by_code(staff_id, load(CodeForm(), typed)["code"], label="page")
    except Refusal as refusal:
        return render_template("account/sign_in_code.html", target=target, refusal=refusal), status_of(refusal)
    return _signed_in(secret, target)


def _halfway() -> int | None:
    """Whose password was right, a few minutes ago at most."""
    staff_id, until = browser.get(HALFWAY, (None, ""))
    return staff_id if staff_id is not None and clock.now() < datetime.fromisoformat(until) else None


def _signed_in(secret: str, target: str) -> Any:
    browser.clear()
    # What this person did a moment ago, perhaps in another browser, is in the lists of this one.
    keep_position()
    answer = redirect(_safe(target))
    lasts, secure = int(app_context().rulebook.sign_in.lasts.total_seconds()), app_context().settings.secure_cookies
    answer.set_cookie(cookie_name(), secret, max_age=lasts, httponly=True, samesite="Lax", secure=secure)
    return answer


@pages.get("/session")
@public
@without_prolonging
def time_left() -> dict[str, Any]:
    """For the script that warns: seconds until the session ends, by standing idle and in any case. Asking prolongs nothing."""
    if visitor() is None:
        return {"signed_in": False}
    return {"signed_in": True, **app_context().rulebook.sign_in.time_left(signed_in(), now=clock.now())}


@pages.post("/session/prolong")
@login_required
@before_second_factor
def prolong() -> dict[str, Any]:
    """Somebody is there: the idle limit begins anew."""
    with transaction() as ctx:
        sessions.touch(ctx, signed_in().id)
    left = app_context().rulebook.sign_in.time_left(signed_in(), now=ctx.now, seen_at=ctx.now)
    return {"signed_in": True, **left}


@pages.get("/desk")
@login_required
@before_second_factor
def desk() -> Any:
    """The first of the pages that this person works with."""
    return redirect(menu_for(visitor())[0][0])


@pages.post("/sign-out")
@login_required
@before_second_factor
def sign_out() -> Any:
    with transaction() as ctx:
        sessions.sign_out(ctx, secret_sent() or "")
    answer = redirect("/")
    answer.delete_cookie(cookie_name(), secure=app_context().settings.secure_cookies, httponly=True, samesite="Lax")
    return answer


@pages.post("/notices/read")
@login_required
def read_notices() -> Any:
    """The notices that stood on the page have been seen."""
    seen = load(ReadForm(), parse_form(request.form))
    with transaction() as ctx:
        notices.mark_read(ctx, seen)
    return redirect("/desk")
