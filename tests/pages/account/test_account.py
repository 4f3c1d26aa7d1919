"""One's own account through its page: the password, the places where one is signed in, tokens, and the second factor."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.accounts import accounts
from hotline.security.one_time_codes import code_at
from tests.pages.administered import deeds
from tests.pages.test_pages import Browser, at
from tests.support.cast import PASSWORD

NOW = at("2026-11-24T10:00:00")
NEW = "kupfer lampe nordwind"


def test_the_page_says_who_one_is_and_the_name_leads_to_it(app: Flask) -> None:
    with freeze_time(NOW):
        page = Browser(app, "handler").get("/account").text
        assert 'href="/account"' in page
        for word in ("承办人子", "市场监督管理局", "承办人", "登录失败", "两步验证：未开启", "本次登录"):
            assert word in page, word
        assert Browser(app).get("/account").headers["Location"] == "/sign-in?next=/account"


def test_a_password_is_changed_by_the_old_one_and_the_other_places_are_signed_out(app: Flask) -> None:
    with freeze_time(NOW):
        here, there = Browser(app, "handler"), Browser(app, "handler")

        def change(old: str, new: str, again: str) -> tuple[int, str]:
            answer = here.post("/account/password", {"old": old, "new": new, "again": again}, page="/account")
            return answer.status_code, answer.text

        for fields, status, why in (
            (("wrong", NEW, NEW), 401, "账号或密码不对"),
            ((PASSWORD, NEW, NEW + "x"), 422, "两次输入的新密码不一致"),
            ((PASSWORD, PASSWORD, PASSWORD), 422, "新密码不能与旧密码相同"),
            ((PASSWORD, "Password-2026", "Password-2026"), 422, "密码太常见"),
            ((PASSWORD, "handler is nice", "handler is nice"), 422, "不能包含账号"),
        ):
            got, text = change(*fields)
            assert (got, why in text) == (status, True), why
            assert not any(word in text for word in fields), "what was typed as a password is not written back"
        assert there.get("/account").status_code == 200
        assert change(PASSWORD, NEW, NEW)[0] == 302
        assert here.get("/account?done=password").status_code == 200
        assert there.get("/account").status_code == 302
        assert Browser(app).post("/sign-in", {"username": "handler", "password": PASSWORD}).status_code == 401
        assert Browser(app).post("/sign-in", {"username": "handler", "password": NEW}).status_code == 302


def test_the_old_password_is_guessed_no_oftener_than_at_the_door(app: Flask) -> None:
    with freeze_time(NOW):
        here = Browser(app, "handler")
        fields = {"old": "wrong", "new": NEW, "again": NEW}
        statuses = [here.post("/account/password", fields, page="/account").status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]


def test_one_ends_the_other_sessions_and_tokens_of_one_s_own_and_nobody_else_s(
    app: Flask, app_context: AppContext
) -> None:
    with freeze_time(NOW):
        here, there, stranger = Browser(app, "handler"), Browser(app, "handler"), Browser(app, "operator")
        ends = re.findall(r"/account/sessions/(\d+)/end", here.get("/account").text)
        assert len(ends) == 2, "one session beside this one, and the token of the cast"
        for number in ends:
            assert stranger.post(f"/account/sessions/{number}/end", {}, page="/account").status_code == 404
        here.post("/account/sessions/end-others", {}, page="/account")
        assert there.get("/account").status_code == 302 and here.get("/account").status_code == 200
        (token,) = re.findall(r"/account/sessions/(\d+)/end", here.get("/account").text)
        here.post(f"/account/sessions/{token}/end", {}, page="/account")
        assert "没有接口令牌" in here.get("/account").text
        headers = {"Authorization": f"Bearer {_token(app_context)}"}
        assert app.test_client().get("/api/v1/notices", headers=headers).status_code == 200


def _token(app_context: AppContext) -> str:
    with app_context.transaction() as ctx:
        person = accounts.by_username(ctx.session, "handler")
        return accounts.grant_token(ctx, person, label="other", lasts=timedelta(days=1))


def test_the_second_factor_from_the_picture_to_the_second_step_and_off_again(app: Flask) -> None:
    with freeze_time(NOW) as frozen:
        here = Browser(app, "handler")
        begin = "/account/second-factor/begin"
        assert here.post(begin, {"password": "wrong"}, page="/account").status_code == 401
        page = here.post(begin, {"password": PASSWORD}, page="/account").text
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)  # type: ignore[union-attr]
        assert "<svg" in page and " style=" not in page
        wrong = here.post("/account/second-factor/confirm", {"code": "000000"}, page="/account")
        assert wrong.status_code == 401 and secret in wrong.text
        done = here.post("/account/second-factor/confirm", {"code": code_at(secret, clock.now())}, page="/account")
        codes = re.findall(r"<code>([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})</code>", done.text)
        assert len(codes) == 10
        again = here.get("/account").text
        assert "两步验证：已开启" in again and "备用码还剩10个" in again and secret not in again
        assert here.post(begin, {"password": PASSWORD}, page="/account").status_code == 409

        frozen.move_to(NOW + timedelta(minutes=2))
        there = Browser(app)
        first = there.post("/sign-in", {"username": "handler", "password": PASSWORD, "next": "/knowledge"})
        assert "验证码" in first.text and "hotline_session" not in first.headers.get("Set-Cookie", "")
        assert there.get("/account").status_code == 302
        assert there.post("/sign-in/code", {"code": "000000", "next": "/knowledge"}).status_code == 401
        code = code_at(secret, clock.now())
        came = there.post("/sign-in/code", {"code": code, "next": "/knowledge"})
        assert (came.status_code, came.headers["Location"]) == (302, "/knowledge")
        assert there.get("/account").status_code == 200
        assert there.post("/account/second-factor/off", {"password": "no"}, page="/account").status_code == 401
        there.post("/account/second-factor/off", {"password": PASSWORD}, page="/account")
        assert Browser(app, "handler").get("/account").status_code == 200


def test_who_has_lost_telephone_and_codes_is_let_in_by_the_administrator(app: Flask, app_context: AppContext) -> None:
    with freeze_time(NOW):
        here, admin, path = Browser(app, "handler"), Browser(app, "administrator"), "/admin/staff/handler"
        reset = f"{path}/reset-second-factor"
        assert "关闭两步验证" not in admin.get(path).text
        assert admin.post(reset, {}, page=path).status_code == 409
        page = here.post("/account/second-factor/begin", {"password": PASSWORD}, page="/account").text
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)  # type: ignore[union-attr]
        here.post("/account/second-factor/confirm", {"code": code_at(secret, clock.now())}, page="/account")
        assert "关闭两步验证" in admin.get(path).text
        assert admin.post(reset, {}, page=path).status_code == 302
        assert here.get("/unit").status_code == 302, "signed out everywhere"
        assert Browser(app, "handler").get("/unit").status_code == 200, "by the password alone"
    assert [deed[:2] for deed in deeds(app_context)] == [("reset_second_factor", "handler")]


def test_the_second_step_follows_the_first_within_some_minutes(app: Flask) -> None:
    with freeze_time(NOW) as frozen:
        here = Browser(app, "handler")
        page = here.post("/account/second-factor/begin", {"password": PASSWORD}, page="/account").text
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)  # type: ignore[union-attr]
        here.post("/account/second-factor/confirm", {"code": code_at(secret, clock.now())}, page="/account")
        there = Browser(app)
        there.post("/sign-in", {"username": "handler", "password": PASSWORD})
        frozen.move_to(NOW + timedelta(minutes=5))
        late = there.post("/sign-in/code", {"code": code_at(secret, clock.now())})
        assert late.headers["Location"] == "/sign-in"
        assert there.get("/account").status_code == 302
        alone = Browser(app).post("/sign-in/code", {"code": code_at(secret, clock.now())})
        assert alone.headers["Location"] == "/sign-in"


def test_a_page_asks_how_long_the_session_lasts_without_prolonging_it(app: Flask) -> None:
    with freeze_time(NOW) as frozen:
        here = Browser(app, "handler")
        frozen.move_to(NOW + timedelta(minutes=10))
        assert here.get("/session").get_json() == {"signed_in": True, "idle_seconds": 1200, "ends_seconds": 42600}
        assert here.get("/session").get_json()["idle_seconds"] == 1200
        left = here.post("/session/prolong", {}, page="/account").get_json()
        assert left == {"signed_in": True, "idle_seconds": 1800, "ends_seconds": 42600}
        frozen.move_to(NOW + timedelta(minutes=40))
        assert here.get("/session").get_json() == {"signed_in": False}
        assert Browser(app).get("/session").get_json() == {"signed_in": False}


@pytest.mark.parametrize(
    "target", ["//e.example", "/\\e.example", "/\t/e.example", "/\n/e.example", "http://e.example", "e.example"]
)
def test_from_the_sign_in_one_comes_to_this_site_alone(app: Flask, target: str) -> None:
    known = {"username": "handler", "password": PASSWORD, "next": target}
    with freeze_time(NOW):
        assert Browser(app).post("/sign-in", known, page="/sign-in").headers["Location"] == "/desk"
        inside = {**known, "next": "/tickets?q=%09"}
        assert Browser(app).post("/sign-in", inside, page="/sign-in").headers["Location"] == inside["next"]
