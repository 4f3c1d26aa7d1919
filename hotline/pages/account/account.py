"""One's own account: who one is, the password, where one is signed in, tokens, and the second factor."""

from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup

from hotline.casework.accounts import accounts, second_factors, sessions
from hotline.models.accounts.staff import Staff
from hotline.pages.frame import parse_form
from hotline.queries.accounts import logins
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.refusals import Refusal
from hotline.schemas.accounts.login import CodeForm, NewPasswordForm, OwnPasswordForm
from hotline.schemas.base import load
from hotline.security.one_time_codes import address_of
from hotline.web import login
from hotline.web.access import (
    actor,
    app_context,
    before_second_factor,
    login_required,
    signed_in,
    snapshot,
    status_of,
    transaction,
)

pages = Blueprint("account", __name__, url_prefix="/account")
DONE = {"password": "密码已修改，其他地方的登录已退出。", "others": "其他地方的登录已退出。", "off": "两步验证已关闭。"}


def _page(refusal: Refusal | None = None, at: str = "") -> Any:
    """The page; a refusal stands in the section `at`."""
    with snapshot() as ctx:
        found = logins.account(ctx, signed_in())
    rules, done = app_context().rulebook, DONE.get(request.args.get("done", ""))
    body = render_template("account/account.html", account=found, rules=rules, done=done, refusal=refusal, at=at)
    return body, status_of(refusal) if refusal else 200


def _me(password: str) -> Staff:
    """Who is signed in, once more by the password; a wrong one counts as a wrong try to sign in."""
    with snapshot() as ctx:
        username = ctx.session.get_one(Staff, actor().staff_id).username
    return login.prove_again(username, password)


@pages.get("")
@login_required
@before_second_factor
def show() -> Any:
    return _page()


@pages.post("/password")
@login_required
@before_second_factor
def change_password() -> Any:
    """The sessions elsewhere end with the old password."""
    try:
        passwords = load(NewPasswordForm(), parse_form(request.form))
        me = _me(passwords["old"])
        with transaction() as ctx:
            accounts.change_password(ctx, me.id, passwords["old"], passwords["new"])
            sessions.end_others(ctx, signed_in())
    except Refusal as refusal:
        return _page(refusal, "password")
    return redirect("/account?done=password")


@pages.post("/sessions/end-others")
@login_required
@before_second_factor
def end_others() -> Any:
    with transaction() as ctx:
        sessions.end_others(ctx, signed_in())
    return redirect("/account?done=others#sessions")


@pages.post("/sessions/<int(max=9223372036854775807):sign_in_id>/end")
@login_required
@before_second_factor
def end_one(sign_in_id: int) -> Any:
    with transaction() as ctx:
        sessions.end_one(ctx, sign_in_id)
    return redirect("/account#sessions")


@pages.post("/second-factor/begin")
@login_required
@before_second_factor
def begin() -> Any:
    try:
        me = _me(load(OwnPasswordForm(), parse_form(request.form))["password"])
        with transaction() as ctx:
            secret = second_factors.begin(ctx, me.id)
    except Refusal as refusal:
        return _page(refusal, "second-factor")
    return _scan(me, secret, None)


def _scan(me: Staff, secret: str, refusal: Refusal | None) -> Any:
    drawn = segno.make(address_of(secret, me.username), error="m").svg_inline(omitsize=True, title="两步验证")
    body = render_template("account/second_factor.html", drawn=Markup(drawn), secret=secret, refusal=refusal)
    return body, status_of(refusal) if refusal else 200


@pages.post("/second-factor/confirm")
@login_required
@before_second_factor
def confirm() -> Any:
    """With a wrong code the same picture is shown again."""
    me = signed_in().actor.staff_id or 0
    try:
        code = load(CodeForm(), parse_form(request.form))["code"]
        with transaction() as ctx:
            codes = second_factors.confirm(ctx, me, code)
    except Refusal as refusal:
        with snapshot() as ctx:
            staff, secret = ctx.session.get_one(Staff, me), second_factors.begun(ctx.session, me)
        return _scan(staff, secret, refusal) if secret else _page(refusal, "second-factor")
    return render_template("account/recovery_codes.html", codes=codes)


@pages.post("/second-factor/off")
@login_required
@before_second_factor
def switch_off() -> Any:
    try:
        me = _me(load(OwnPasswordForm(), parse_form(request.form))["password"])
        with transaction() as ctx:
            second_factors.switch_off(ctx, me.id, AccountChange.FACTOR_OFF)
    except Refusal as refusal:
        return _page(refusal, "second-factor")
    return redirect("/account?done=off#second-factor")
