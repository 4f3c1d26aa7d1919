"""One's own account: who one is, the password, where one is signed in, tokens, and the second factor."""

from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup

from hotline.casework.accounts import accounts, second_factors, sessions
from hotline.models.accounts.staff import Staff
from hotline.pages.frame import nested
from hotline.queries.accounts import logins
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.refusals import Refusal
from hotline.schemas.accounts.login import CodeForm, NewPasswordForm, OwnPasswordForm
from hotline.schemas.base import load
from hotline.security.one_time_codes import address_of
from hotline.web import login
from hotline.web.access import actor, before_second_factor, office, signed_in, staff_only, status_of

pages = Blueprint("account", __name__, url_prefix="/account")
DONE = {"password": "密码已修改，其他地方的登录已退出。", "others": "其他地方的登录已退出。", "off": "两步验证已关闭。"}


def _page(refusal: Refusal | None = None, at: str = "") -> Any:
    """The page; a refusal stands in the section `at`."""
    with office().reading() as work:
        known = logins.account(work.session, signed_in(), now=work.now, rulebook=work.rulebook)
    rules, done = office().rulebook, DONE.get(request.args.get("done", ""))
    body = render_template("account/account.html", account=known, rules=rules, done=done, refusal=refusal, at=at)
    return body, status_of(refusal) if refusal else 200


def _me(password: str) -> Staff:
    """Who is signed in, once more by the password; a wrong one counts as a wrong try to sign in."""
    with office().reading() as work:
        username = work.session.get_one(Staff, actor().staff_id).username
    return login.prove_again(username, password)


@pages.get("")
@staff_only
@before_second_factor
def show() -> Any:
    return _page()


@pages.post("/password")
@staff_only
@before_second_factor
def change_password() -> Any:
    """The sessions elsewhere end with the old password."""
    try:
        given = load(NewPasswordForm(), nested(request.form))
        me = _me(given["old"])
        with office().deed() as work:
            accounts.change_password(
                work.session, me.id, given["old"], given["new"], now=work.now, rulebook=work.rulebook
            )
            sessions.end_others(work.session, signed_in(), now=work.now)
    except Refusal as refusal:
        return _page(refusal, "password")
    return redirect("/account?done=password")


@pages.post("/sessions/end-others")
@staff_only
@before_second_factor
def end_others() -> Any:
    with office().deed() as work:
        sessions.end_others(work.session, signed_in(), now=work.now)
    return redirect("/account?done=others#sessions")


@pages.post("/sessions/<int(max=9223372036854775807):sign_in_id>/end")
@staff_only
@before_second_factor
def end_one(sign_in_id: int) -> Any:
    with office().deed() as work:
        sessions.end_one(work.session, sign_in_id, actor=actor(), now=work.now)
    return redirect("/account#sessions")


@pages.post("/second-factor/begin")
@staff_only
@before_second_factor
def begin() -> Any:
    try:
        me = _me(load(OwnPasswordForm(), nested(request.form))["password"])
        with office().deed() as work:
            secret = second_factors.begin(work.session, me.id, now=work.now)
    except Refusal as refusal:
        return _page(refusal, "second-factor")
    return _scan(me, secret, None)


def _scan(me: Staff, secret: str, refusal: Refusal | None) -> Any:
    drawn = segno.make(address_of(secret, me.username), error="m").svg_inline(omitsize=True, title="两步验证")
    body = render_template("account/second_factor.html", drawn=Markup(drawn), secret=secret, refusal=refusal)
    return body, status_of(refusal) if refusal else 200


@pages.post("/second-factor/confirm")
@staff_only
@before_second_factor
def confirm() -> Any:
    """With a wrong code the same picture is shown again."""
    me = signed_in().actor.staff_id or 0
    try:
        code = load(CodeForm(), nested(request.form))["code"]
        with office().deed() as work:
            codes = second_factors.confirm(work.session, me, code, now=work.now)
    except Refusal as refusal:
        with office().reading() as work:
            staff, secret = work.session.get_one(Staff, me), second_factors.begun(work.session, me)
        return _scan(staff, secret, refusal) if secret else _page(refusal, "second-factor")
    return render_template("account/recovery_codes.html", codes=codes)


@pages.post("/second-factor/off")
@staff_only
@before_second_factor
def switch_off() -> Any:
    try:
        me = _me(load(OwnPasswordForm(), nested(request.form))["password"])
        with office().deed() as work:
            second_factors.switch_off(work.session, me.id, AccountChange.FACTOR_OFF, now=work.now)
    except Refusal as refusal:
        return _page(refusal, "second-factor")
    return redirect("/account?done=off#second-factor")
