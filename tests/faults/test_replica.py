"""The primary dies, its standby is promoted: the servers find it by themselves, and nothing acknowledged is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.app_context import AppContext
from tests.conftest import prepare, settings_for
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.postgres import Postgres
from tests.faults.site import People, Site
from tests.faults.waiting import until

OWING = 300
FOLLOWING = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


@pytest.fixture
def pair() -> Iterator[tuple[Postgres, Postgres]]:
    """A primary that acknowledges only what its standby has written down as well."""
    primary, standby = Postgres(), Postgres()
    try:
        primary.made()
        standby.copy_of(primary)
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.ask("SELECT pg_reload_conf()")
        until(lambda: primary.ask(FOLLOWING), "the standby follows", standby.log)
        yield primary, standby
    finally:
        primary.removed()
        standby.removed()


def test_the_servers_go_on_with_the_promoted_standby(pair: tuple[Postgres, Postgres], tmp_path: Path) -> None:
    primary, standby = pair
    primary.ask("CREATE DATABASE hotline")
    hosts = "&".join(f"host=127.0.0.1:{server.port}" for server in pair)
    url = f"postgresql+psycopg://postgres@/hotline?{hosts}&target_session_attrs=read-write"
    cast, app_context = prepare(url, tmp_path), AppContext(settings_for(url, tmp_path))
    owe_steps(app_context, OWING)
    with Site(url, tmp_path) as site:
        webs = [site.web(), site.web()]
        site.ready(webs)
        with People(cast, webs) as people:
            people.go_on(6)
            schedulers = site.schedulers(2)
            until(lambda: steps_fired(app_context), "a scheduler has begun", schedulers[0].said)
            primary.kill()
            standby.run("pg_ctl", "promote", "-D", str(standby.data))
            people.go_on(10)
            until(lambda: not steps_owed(app_context), "nothing is owed", lambda: steps_owed(app_context))
        assert [process.popen.poll() for process in site.processes] == [None] * 4, "a process did not live through it"
        assert people.statuses()[503] > 0, "nobody noticed: it was no test"
    check_everything(app_context, cast, people, OWING)
    app_context.database.dispose()
