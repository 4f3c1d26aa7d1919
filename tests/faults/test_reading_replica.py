"""Lists and figures from a standby: proved by holding its replay, where others see an older list than whoever did the deed.

The seconds of `hotline.models.database.replica` are set so that no test depends on how fast the machine is.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from hotline import clock
from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.commands.frame import hotline
from hotline.models.database import replica
from hotline.models.database.replica import UNREACHED, Fault, Replica
from hotline.models.database.session import Database
from hotline.operations.doctor import examine
from hotline.pages.replica_reads import WRITTEN
from hotline.settings.config_files import BadSettings
from hotline.settings.environment import Settings
from tests.conftest import prepare, settings_for
from tests.faults.postgres import Postgres
from tests.faults.waiting import until
from tests.pages.test_pages import CALL, Browser
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

PAUSED = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
LONG = 3600.0
METRICS = {"Authorization": "Bearer metrics-token-for-tests-only"}


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, Cast]]:
    server = Postgres()
    try:
        server.made().ask("CREATE DATABASE hotline")
        yield server, prepare(url_of(server), tmp_path_factory.mktemp("primary"))
    finally:
        server.removed()


class Pair:
    """A primary, the standby that follows it, and the application context of a process that knows both."""

    def __init__(self, primary: Postgres, standby: Postgres, cast: Cast, data: Path) -> None:
        self.primary, self.standby, self.cast, self.data = primary, standby, cast, data
        self.apps: list[Flask] = []
        self.app_context = AppContext(self.settings)
        self.build = Builder(self.app_context, cast)

    @property
    def settings(self) -> Settings:
        return replace(settings_for(url_of(self.primary), self.data), replica_url=url_of(self.standby))

    def process(self, settings: Settings | None = None) -> Flask:
        """A web process, which finds out by itself how the standby is."""
        app = create_app(settings or self.settings)
        app.testing = False
        self.apps.append(app)
        return app

    def caught_up(self) -> None:
        # Something is written first: where a page of the log has just been filled, nobody replays the next position yet.
        self.primary.ask("SELECT pg_logical_emit_message(true, 'here', '')")
        lsn = self.primary.ask("SELECT pg_current_wal_insert_lsn()")
        here = f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'"
        until(lambda: self.standby.ask(here), "the standby is as far", self.standby.log)

    def held(self) -> None:
        """All that was done so far is there, and nothing of what will be done."""
        self.caught_up()
        self.standby.ask("SELECT pg_wal_replay_pause()")
        until(lambda: self.standby.ask(PAUSED), "the replay is held", self.standby.log)

    def let_go(self) -> None:
        self.standby.ask("SELECT pg_wal_replay_resume()")
        self.caught_up()

    def made_anew(self) -> None:
        self.standby.kill()
        shutil.rmtree(self.standby.data)
        self.standby.copy_of(self.primary)

    def dispose(self) -> None:
        for app_context in (self.app_context, *(app.extensions["hotline"] for app in self.apps)):
            app_context.database.dispose()
            if app_context.replica is not None:
                app_context.replica.database.dispose()


def url_of(server: Postgres) -> str:
    return server.url("hotline").render_as_string(hide_password=False)


@pytest.fixture
def pair(primary: tuple[Postgres, Cast], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Asked anew for every list, and never too old, where a test does not say otherwise."""
    trust(monkeypatch, oldest=LONG, trusted=0, left_alone=0)
    server, cast = primary
    standby = Postgres()
    try:
        made = Pair(server, standby.copy_of(server), cast, tmp_path)
        yield made
        made.dispose()
    finally:
        standby.removed()


def trust(monkeypatch: pytest.MonkeyPatch, *, oldest: float, trusted: float, left_alone: float) -> None:
    monkeypatch.setattr(replica, "OLDEST", timedelta(seconds=oldest))
    monkeypatch.setattr(replica, "TRUSTED", trusted)
    monkeypatch.setattr(replica, "LEFT_ALONE", left_alone)


def logged(operator: Browser) -> str:
    found = re.search(r"QS\d+", operator.post("/operator", CALL, page="/operator").text)
    assert found
    return found.group()


def lists(browser: Browser, number: str) -> set[bool]:
    """Whether the ticket stands in the list and in its file."""
    return {number in browser.get(address).text for address in ("/tickets", "/exports/tickets/csv")}


def table_of(page: str) -> str:
    return page.split("<table", 1)[1].split("</table>", 1)[0]


def test_others_see_a_list_some_seconds_old_and_whoever_did_the_deed_sees_it_at_once(pair: Pair) -> None:
    app = pair.process()
    supervisor, operator = Browser(app, "supervisor"), Browser(app, "operator")
    pair.build.ticket("closed", clock.now())
    pair.held()
    call, period = Calls(app, pair.cast), "/statistics?from=2020-01-01&to=2100-01-01"
    before = call.ok("supervisor", "GET", period)
    table = table_of(supervisor.get(period).text)
    number = logged(operator)
    pair.build.ticket("closed", clock.now())
    assert number in operator.get("/tickets").text
    assert lists(supervisor, number) == {False}
    assert supervisor.get(f"/tickets/{number}").status_code == 200
    assert number in str(call.ok("supervisor", "GET", "/tickets"))
    assert call.ok("supervisor", "GET", period) == before and table_of(supervisor.get(period).text) == table
    assert number in Browser(app, "supervisor").get("/tickets").text

    pair.let_go()
    assert lists(supervisor, number) == {True} and call.ok("supervisor", "GET", period) != before
    assert table_of(supervisor.get(period).text) != table
    pair.held()
    other = pair.build.ticket("accepted", clock.now())
    assert number in operator.get("/tickets").text and other not in operator.get("/tickets").text
    env = {"HOTLINE_DATABASE_URL": url_of(pair.primary), "HOTLINE_REPLICA_URL": url_of(pair.standby)}
    env |= {"HOTLINE_SECRET_KEY": pair.settings.secret_key, "HOTLINE_DATA_KEY": pair.settings.data_key}
    done = CliRunner().invoke(hotline, ["export", "tickets", str(pair.data / "list.csv")], env=env)
    file = (pair.data / "list.csv").read_text(encoding="utf-8")
    assert done.exit_code == 0 and number in file and other not in file
    assert lists(Browser(pair.process(replace(pair.settings, replica_url="")), "supervisor"), other) == {True}


def test_a_standby_too_far_behind_is_not_read_from(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    app = pair.process()
    supervisor = Browser(app, "supervisor")
    pair.held()
    number = pair.build.ticket("accepted", clock.now())
    assert lists(supervisor, number) == {False}
    trust(monkeypatch, oldest=0, trusted=0, left_alone=0)
    assert lists(supervisor, number) == {True}
    assert said(pair) == (False, "只读副本落后超过5秒，列表和统计改从主库读取")
    figures = app.test_client().get("/metrics", headers=METRICS).text
    assert "hotline_replica_used 0.0" in figures and "hotline_replica_lag_seconds" in figures
    pair.let_go()
    assert said(pair) == (True, "只读副本跟得上，落后0.0秒")
    figures = app.test_client().get("/metrics", headers=METRICS).text
    assert "hotline_replica_used 1.0" in figures and "hotline_replica_lag_seconds 0.0" in figures


def said(pair: Pair) -> tuple[bool, str]:
    """What the doctor says of the replica."""
    line = next(line for line in examine(pair.app_context) if line.name == "replica")
    return line.well, line.sentence


def ready(app: Flask) -> tuple[int, list[bool]]:
    """(the status, whether the replica is well)."""
    answer = app.test_client().get("/readyz")
    return answer.status_code, [line["well"] for line in answer.json["checks"] if line["name"] == "replica"]


def test_a_standby_that_is_killed_costs_nobody_a_list_and_is_left_alone_for_a_while(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = pair.process()
    supervisor = Browser(app, "supervisor")
    pair.caught_up()
    number = pair.build.ticket("accepted", clock.now())
    trust(monkeypatch, oldest=LONG, trusted=LONG, left_alone=LONG)
    assert ready(app) == (200, [True])
    pair.standby.kill()
    assert lists(supervisor, number) == {True} and ready(app) == (200, [False])
    pair.standby.started()
    pair.held()
    later = pair.build.ticket("accepted", clock.now())
    assert lists(supervisor, later) == {True}, "it was asked again at once"
    another = Browser(pair.process(), "supervisor")
    pair.let_go()
    pair.held()
    last = pair.build.ticket("accepted", clock.now())
    assert lists(another, later) == {True} and lists(another, last) == {False}


def test_a_standby_that_was_promoted_is_none_until_it_is_made_anew(pair: Pair) -> None:
    app = pair.process()
    supervisor = Browser(app, "supervisor")
    pair.caught_up()
    assert ready(app) == (200, [True])
    pair.standby.run("pg_ctl", "promote", "-w", "-D", str(pair.standby.data))
    number = pair.build.ticket("accepted", clock.now())
    assert lists(supervisor, number) == {True} and ready(app) == (200, [False])
    assert said(pair) == (False, "只读副本已提升为主库，列表和统计改从主库读取")
    pair.made_anew()
    pair.held()
    later = pair.build.ticket("accepted", clock.now())
    assert lists(supervisor, number) == {True} and lists(supervisor, later) == {False}


def test_another_database_is_no_replica(pair: Pair, own_postgres: Postgres) -> None:
    url = own_postgres.url().render_as_string(hide_password=False)
    app_context = AppContext(replace(pair.settings, replica_url=url))
    assert app_context.replica is not None and app_context.replica.standing().fault == Fault.FOREIGN
    app_context.replica.database.dispose()
    app_context.database.dispose()


def test_where_the_primary_does_not_say_how_far_it_is_no_standby_is_as_far(pair: Pair) -> None:
    assert pair.app_context.replica is not None and 0 < pair.app_context.replica.position() < UNREACHED
    gone = Database("postgresql+psycopg://postgres@127.0.0.1:1/hotline")
    assert Replica(url_of(pair.standby), gone).position() == UNREACHED


def test_without_a_replica_nothing_is_kept_and_sqlite_has_none(pair: Pair) -> None:
    for replica_url, kept in (("", False), (pair.settings.replica_url, True)):
        operator = Browser(pair.process(replace(pair.settings, replica_url=replica_url)), "operator")
        logged(operator)
        with operator.client.session_transaction() as browser:
            assert (WRITTEN in browser) == kept
    keys = {"HOTLINE_SECRET_KEY": pair.settings.secret_key, "HOTLINE_DATA_KEY": pair.settings.data_key}
    assert Settings.from_environment(keys).replica_url == ""
    with pytest.raises(BadSettings, match="SQLite 没有只读副本"):
        Settings.from_environment({**keys, "HOTLINE_REPLICA_URL": pair.settings.replica_url})
