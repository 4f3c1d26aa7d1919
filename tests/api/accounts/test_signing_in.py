"""Signing in: guessing is locked over all processes, sessions end by themselves, a code is good once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import Type
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.casework.accounts import accounts, login_attempts, second_factors
from hotline.jobs import cleanup
from hotline.jobs.run import Run
from hotline.models.accounts.logins import RecoveryCode, SecondFactor, SignInTry
from hotline.models.accounts.staff import SignIn, Staff
from hotline.rules.refusals import TooManyAttempts
from hotline.rules.vocabulary import Role
from hotline.security.one_time_codes import code_at
from hotline.settings.config_files import BadSettings, resource
from hotline.settings.rulebook import sign_in_from
from tests.conftest import IN_SERVICE, settings_for
from tests.support.calls import Calls
from tests.support.cast import PASSWORD

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


def sign_in(app: Flask, username: str, password: str, *, address: str = "10.0.0.1", **more: str) -> Any:
    body = {"username": username, "password": password, **more}
    return app.test_client().post("/api/v1/sessions", json=body, environ_base={"REMOTE_ADDR": address})


def staff_id(app_context: AppContext, username: str) -> int:
    with app_context.snapshot() as ctx:
        return accounts.by_username(ctx.session, username).id


def switch_on(app_context: AppContext, username: str, now: datetime) -> tuple[str, list[str]]:
    """(the secret of the telephone, the recovery codes)."""
    with app_context.transaction(now) as ctx:
        person = accounts.by_username(ctx.session, username)
        secret = second_factors.begin(ctx.at(now), person.id)
        return secret, second_factors.confirm(ctx.at(now), person.id, code_at(secret, now))


def test_after_five_wrong_passwords_the_right_one_is_refused_too_for_a_quarter_of_an_hour(app: Flask) -> None:
    with freeze_time(NOW) as frozen:
        for _ in range(5):
            assert sign_in(app, "operator", "wrong password").status_code == 401
        locked = sign_in(app, "operator", PASSWORD)
        assert (locked.status_code, locked.get_json()["code"]) == (429, "too-many-attempts")
        assert sign_in(app, "operator", PASSWORD, address="10.0.0.2").status_code == 201
        assert sign_in(app, "handler", PASSWORD).status_code == 201
        frozen.move_to(NOW + timedelta(minutes=15))
        assert sign_in(app, "operator", PASSWORD).status_code == 201


def test_a_name_that_nobody_has_is_answered_and_locked_alike(app: Flask) -> None:
    with freeze_time(NOW):
        answers: dict[str, list[Any]] = {}
        for name in ("operator", "nobody"):
            answers[name] = [(a.status_code, a.get_json()) for a in (sign_in(app, name, "wrong") for _ in range(7))]
        assert answers["operator"] == answers["nobody"]
        assert [status for status, _ in answers["nobody"]] == [401] * 5 + [429] * 2


def test_an_account_is_locked_from_everywhere_and_an_address_for_everybody(app_context: AppContext) -> None:
    def tried(username: str, address: str) -> None:
        with app_context.transaction(NOW) as ctx:
            login_attempts.count_try(ctx.at(NOW), username, address)

    for number in range(25):
        tried("operator", f"10.1.0.{number}")
    with pytest.raises(TooManyAttempts):
        tried("Operator", "10.2.0.1")
    for number in range(100):
        tried(f"name{number}", "10.3.0.1")
    with pytest.raises(TooManyAttempts):
        tried("handler", "10.3.0.1")
    tried("handler", "10.3.0.2")


def test_the_count_holds_over_several_processes(app: Flask, database_url: str, tmp_path: Path) -> None:
    """Two applications share nothing but the database; of twenty tries at one moment five are looked at."""
    other = create_app(settings_for(database_url, tmp_path))
    try:
        with freeze_time(NOW), ThreadPoolExecutor(8) as pool:
            tries = [pool.submit(sign_in, (app, other)[n % 2], "operator", "wrong") for n in range(20)]
            statuses = sorted(one.result().status_code for one in tries)
        assert statuses == [401] * 5 + [429] * 15
    finally:
        other.extensions["hotline"].database.dispose()


def test_right_passwords_do_not_lock_anybody(app: Flask) -> None:
    with freeze_time(NOW):
        assert {sign_in(app, "operator", PASSWORD).status_code for _ in range(8)} == {201}


def test_what_was_typed_as_a_name_is_kept_by_its_hash_alone(app: Flask, app_context: AppContext) -> None:
    sign_in(app, "my-password-by-mistake", "wrong")
    with app_context.snapshot() as ctx:
        (row,) = ctx.session.scalars(select(SignInTry))
        assert (len(row.account_hash), len(row.address_hash), row.staff_id) == (64, 64, None)


def test_a_session_ends_when_it_stands_idle_and_a_token_does_not(app: Flask, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        call.cast.tokens["me"] = sign_in(app, "operator", PASSWORD).get_json()["token"]
        assert call.ok("me", "GET", "/sessions/current")["idle_seconds"] == 1800
        for minutes in (25, 50, 75):
            frozen.move_to(NOW + timedelta(minutes=minutes))
            call.ok("me", "GET", "/notices")
        # Asking how long it lasts yet does not make it last longer.
        frozen.move_to(NOW + timedelta(minutes=100))
        assert call.ok("me", "GET", "/sessions/current")["idle_seconds"] == 300
        frozen.move_to(NOW + timedelta(minutes=105))
        call.refused("me", "GET", "/notices", 401)
        assert call.ok("operator", "GET", "/sessions/current")["idle_seconds"] is None


def test_a_session_ends_after_twelve_hours_whatever_is_done(app: Flask, call: Calls) -> None:
    with freeze_time(NOW) as frozen:
        call.cast.tokens["me"] = sign_in(app, "operator", PASSWORD).get_json()["token"]
        for minutes in range(25, 720, 25):
            frozen.move_to(NOW + timedelta(minutes=minutes))
            left = call.ok("me", "POST", "/sessions/current/actions/prolong")
        assert left == {"idle_seconds": 1200, "ends_seconds": 1200}
        frozen.move_to(NOW + timedelta(hours=12))
        call.refused("me", "POST", "/sessions/current/actions/prolong", 401)


def test_use_is_noted_once_a_minute_at_most(app: Flask, call: Calls, app_context: AppContext) -> None:
    def seen_at() -> datetime | None:
        with app_context.snapshot() as ctx:
            return ctx.session.scalar(select(SignIn.seen_at).where(SignIn.label == "api"))

    with freeze_time(NOW) as frozen:
        call.cast.tokens["me"] = sign_in(app, "operator", PASSWORD).get_json()["token"]
        for seconds, noted in ((0, 0), (59, 0), (60, 60), (119, 60), (121, 121)):
            frozen.move_to(NOW + timedelta(seconds=seconds))
            call.ok("me", "GET", "/notices")
            assert seen_at() == NOW + timedelta(seconds=noted)


def test_a_new_password_from_the_administrator_ends_every_session(
    app: Flask, call: Calls, app_context: AppContext
) -> None:
    with freeze_time(NOW):
        call.cast.tokens["me"] = sign_in(app, "operator", PASSWORD).get_json()["token"]
        with app_context.transaction(NOW) as ctx:
            accounts.set_password(ctx.at(NOW), "operator", "落霞与孤鹜齐飞秋水共长天")
        call.refused("me", "GET", "/notices", 401)
        call.refused("operator", "GET", "/notices", 401)
        assert sign_in(app, "operator", PASSWORD).status_code == 401
        assert sign_in(app, "operator", "落霞与孤鹜齐飞秋水共长天").status_code == 201


def test_with_a_second_factor_the_password_alone_is_not_enough_and_a_code_is_good_once(
    app: Flask, app_context: AppContext
) -> None:
    with freeze_time(NOW) as frozen:
        secret, _ = switch_on(app_context, "operator", NOW - timedelta(minutes=5))
        needed = sign_in(app, "operator", PASSWORD)
        assert (needed.status_code, needed.get_json()["code"]) == (401, "second-factor-needed")
        assert "staff_id" not in needed.get_json()
        wrong = sign_in(app, "operator", PASSWORD, code="000000")
        assert (wrong.status_code, wrong.get_json()["code"]) == (401, "wrong-second-factor")
        assert sign_in(app, "operator", "wrong", code=code_at(secret, NOW)).get_json()["code"] == "wrong-password"
        assert sign_in(app, "operator", PASSWORD, code=code_at(secret, NOW)).status_code == 201
        assert sign_in(app, "operator", PASSWORD, code=code_at(secret, NOW)).status_code == 401
        # A code of before the last one that was taken is not taken either, and one of long ago never.
        assert sign_in(app, "operator", PASSWORD, code=code_at(secret, NOW - timedelta(seconds=30))).status_code == 401
        frozen.move_to(NOW + timedelta(minutes=20))
        assert sign_in(app, "operator", PASSWORD, code=code_at(secret, NOW)).status_code == 401
        late = code_at(secret, NOW + timedelta(minutes=20, seconds=-30))
        assert sign_in(app, "operator", PASSWORD, code=late).status_code == 201


def test_a_code_is_checked_also_where_none_was_asked_for(app: Flask) -> None:
    with freeze_time(NOW):
        wrong = sign_in(app, "operator", PASSWORD, code="123456")
        assert (wrong.status_code, wrong.get_json()["code"]) == (401, "wrong-second-factor")
        assert sign_in(app, "operator", PASSWORD).status_code == 201


def test_codes_are_guessed_no_oftener_than_passwords(app: Flask, app_context: AppContext) -> None:
    with freeze_time(NOW):
        secret, _ = switch_on(app_context, "operator", NOW - timedelta(minutes=5))
        for _ in range(5):
            assert sign_in(app, "operator", PASSWORD, code="000000").status_code == 401
        assert sign_in(app, "operator", PASSWORD, code=code_at(secret, NOW)).status_code == 429


def test_of_two_requests_with_one_code_one_comes_through(app: Flask, app_context: AppContext) -> None:
    with freeze_time(NOW), ThreadPoolExecutor(2) as pool:
        _, codes = switch_on(app_context, "operator", NOW - timedelta(minutes=5))
        both = [pool.submit(sign_in, app, "operator", PASSWORD, code=codes[0]) for _ in range(2)]
        assert sorted(one.result().status_code for one in both) == [201, 401]


def test_a_recovery_code_is_good_once_and_only_for_its_owner(app: Flask, app_context: AppContext) -> None:
    with freeze_time(NOW):
        _, codes = switch_on(app_context, "operator", NOW)
        switch_on(app_context, "handler", NOW)
        assert len(set(codes)) == 10
        assert sign_in(app, "handler", PASSWORD, code=codes[0]).status_code == 401
        assert sign_in(app, "operator", PASSWORD, code=codes[0].lower().replace("-", " ")).status_code == 201
        assert sign_in(app, "operator", PASSWORD, code=codes[0]).status_code == 401
        assert sign_in(app, "operator", PASSWORD, code=codes[1]).status_code == 201


def test_neither_the_secret_nor_a_recovery_code_stands_in_the_database(app_context: AppContext) -> None:
    secret, codes = switch_on(app_context, "operator", NOW)
    with app_context.snapshot() as ctx:
        factor = ctx.session.get_one(SecondFactor, staff_id(app_context, "operator"))
        assert secret.encode() not in factor.sealed and app_context.keys.open(factor.sealed) == secret
        kept = set(ctx.session.scalars(select(RecoveryCode.code_hash)))
        assert not kept & set(codes) and {len(one) for one in kept} == {64}


def test_a_role_that_must_have_it_reaches_its_account_and_nothing_else(
    app: Flask, call: Calls, app_context: AppContext
) -> None:
    with freeze_time(NOW):
        mine = app.extensions["hotline"]
        rules = replace(mine.rulebook.sign_in, second_factor_roles=frozenset({Role.OPERATOR}))
        mine.rulebook = replace(mine.rulebook, sign_in=rules)
        call.cast.tokens["me"] = sign_in(app, "operator", PASSWORD).get_json()["token"]
        assert call.refused("me", "GET", "/tickets", 403)["code"] == "second-factor-missing"
        call.ok("me", "GET", "/sessions/current")
        call.ok("operator", "GET", "/tickets")
        call.cast.tokens["other"] = sign_in(app, "dispatcher", PASSWORD).get_json()["token"]
        call.ok("other", "GET", "/tickets")
        switch_on(app_context, "operator", NOW)
        call.ok("me", "GET", "/tickets")


def test_the_log_of_tries_is_kept_for_six_months_and_then_goes(
    app: Flask, app_context: AppContext, tmp_path: Path
) -> None:
    with freeze_time(NOW):
        sign_in(app, "operator", "wrong")
        sign_in(app, "operator", PASSWORD)
    for days, left in ((183, 2), (185, 0)):
        cleanup.run(Run(app_context, NOW + timedelta(days=days)))
        with app_context.snapshot() as ctx:
            assert ctx.session.scalar(select(func.count()).select_from(SignInTry)) == left
    text = (resource("config") / "security.toml").read_text(encoding="utf-8")
    (tmp_path / "security.toml").write_text(text.replace("kept_days = 184", "kept_days = 30"), encoding="utf-8")
    with pytest.raises(BadSettings, match="六个月"):
        sign_in_from(tmp_path / "security.toml")


def test_the_hash_of_a_password_costs_what_owasp_asks_for() -> None:
    """Argon2id with 19 MiB and two passes at least, by its Password Storage Cheat Sheet."""
    assert IN_SERVICE.type is Type.ID and IN_SERVICE.memory_cost >= 19 * 1024 and IN_SERVICE.time_cost >= 2


def test_a_password_counts_every_character(app_context: AppContext, app: Flask) -> None:
    with app_context.transaction(NOW) as ctx:
        accounts.set_password(ctx.at(NOW), "operator", " Kupfer Lampe １２ ")
        assert ctx.session.scalar(select(Staff.password_hash).where(Staff.username == "operator")).startswith(
            "$argon2id$"
        )  # type: ignore[union-attr]
    assert sign_in(app, "operator", "Kupfer Lampe 12").status_code == 401
    assert sign_in(app, "operator", " Kupfer Lampe 12 ").status_code == 201
    assert sign_in(app, "operator", " kupfer lampe 12 ").status_code == 401
