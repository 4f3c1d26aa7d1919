"""Signing in and out, and what somebody was told; a session is a row that can be revoked, its cookie holds the secret alone."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from flask import session as browser

from hotline.casework import notices, staffing
from hotline.doors import COOKIE, actor, office, open_to_all, secret_sent, staff_only, status_of, visitor
from hotline.forms.base import load
from hotline.forms.handling import ReadForm
from hotline.forms.sign_in import SignInForm
from hotline.pages.frame import menu_for, nested
from hotline.rules.refusals import Refusal

pages = Blueprint("sign_in", __name__)


def _safe(target: str) -> str:
    """Only a page of this site; where none is named, the first of this person's pages."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside else "/desk"


@pages.get("/sign-in")
@open_to_all
def show() -> Any:
    return render_template("sign_in.html", typed={}, refusal=None)


@pages.post("/sign-in")
@open_to_all
def sign_in() -> Any:
    typed = nested(request.form)
    target = typed.pop("next", "")
    try:
        given = load(SignInForm(), typed)
        with office().deed() as work:
            secret = staffing.sign_in(work.session, given["username"], given["password"], now=work.now, label="page")
    except Refusal as refusal:
        typed.pop("password", None)
        return render_template("sign_in.html", typed=typed, refusal=refusal), status_of(refusal)
    browser.clear()
    answer = redirect(_safe(target))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(staffing.SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    return answer


@pages.get("/desk")
@staff_only
def desk() -> Any:
    """The first of the pages that this person works with."""
    return redirect(menu_for(visitor())[0][0])


@pages.post("/sign-out")
@staff_only
def sign_out() -> Any:
    with office().deed() as work:
        staffing.sign_out(work.session, secret_sent() or "", now=work.now)
    answer = redirect("/")
    answer.delete_cookie(COOKIE)
    return answer


@pages.post("/notices/read")
@staff_only
def read_notices() -> Any:
    """The notices that stood on the page have been seen."""
    given = load(ReadForm(), nested(request.form))
    with office().deed() as work:
        notices.mark_read(work.session, actor(), given["last"], now=work.now)
    return redirect("/desk")
