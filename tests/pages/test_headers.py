"""What stands around every answer: headers, cookies, and the log of what failed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.web.access import public
from tests.conftest import settings_for
from tests.pages.test_pages import TOKEN, Browser
from tests.support.cast import PASSWORD, Cast

PATHS = ("/", "/sign-in", "/no-such-page", "/healthz", "/api/v1/tickets", "/static/hotline.css")
SECURE = {"base_url": "https://localhost"}


@pytest.fixture
def behind_tls(database_url: str, tmp_path: Path, cast: Cast) -> Iterator[Flask]:
    made = create_app(replace(settings_for(database_url, tmp_path), secure_cookies=True))
    yield made
    made.extensions["hotline"].database.dispose()


def test_every_answer_says_what_a_browser_may_do_with_it(app: Flask) -> None:
    for path in PATHS:
        headers = app.test_client().get(path).headers
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert (
            "camera=()" in headers["Permissions-Policy"]
            and "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        )
        assert "Strict-Transport-Security" not in headers, "without TLS it would be a promise nobody can keep"
        assert headers.get("Content-Disposition", "").startswith("attachment") is path.startswith("/api/"), path


def test_behind_tls_browsers_come_by_tls_alone(behind_tls: Flask) -> None:
    for path in PATHS:
        headers = behind_tls.test_client().get(path, **SECURE).headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path


def test_behind_tls_each_cookie_is_secure_and_of_this_host_alone(behind_tls: Flask) -> None:
    client = behind_tls.test_client()
    page = client.get("/sign-in", **SECURE)
    token = TOKEN.search(page.text).group(1)  # type: ignore[union-attr]
    fields = {"username": "operator", "password": PASSWORD, "csrf_token": token}
    # Flask-WTF asks over TLS where the form was: another site's is refused, the right token notwithstanding.
    elsewhere = {"Referer": "https://elsewhere.example/"}
    assert client.post("/sign-in", data=fields, headers=elsewhere, **SECURE).status_code == 400
    came = client.post("/sign-in", data=fields, headers={"Referer": "https://localhost/sign-in"}, **SECURE)
    assert came.status_code == 302
    cookies = [*page.headers.getlist("Set-Cookie"), *came.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-hotline_session"}
    for cookie in cookies:
        flags = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags, cookie
        assert not any(flag.startswith("Domain") for flag in flags)
    assert client.get("/account", **SECURE).status_code == 200
    left = client.post("/sign-out", data={"csrf_token": token}, headers={"Referer": "https://localhost/"}, **SECURE)
    assert left.status_code in (302, 400)


def test_a_post_without_its_token_is_refused(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/sign-in", data={"username": "operator", "password": PASSWORD}).status_code == 400
    browser = Browser(app, "operator")
    for path in ("/account/password", "/account/sessions/end-others", "/session/prolong", "/sign-out"):
        assert browser.client.post(path, data={}).status_code == 400, path


def test_what_fails_is_logged_without_a_word_of_what_was_typed(
    behind_tls: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    @public
    def fail(number: str) -> str:
        raise ValueError("王小明 13812345678")

    behind_tls.add_url_rule("/fails/<number>", view_func=fail)
    capsys.readouterr()
    answer = behind_tls.test_client().get("/fails/secret-of-a-link?phone=13912345678")
    printed = "".join(capsys.readouterr())
    assert answer.status_code == 500 and "王小明" not in answer.text and "Traceback" not in answer.text
    assert "ValueError" in printed and "/fails/<number>" in printed and "test_headers.py" in printed
    for secret in ("王小明", "13812345678", "13912345678", "secret-of-a-link"):
        assert secret not in printed, secret
