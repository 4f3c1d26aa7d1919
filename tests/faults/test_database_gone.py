"""Connections cut, and PostgreSQL itself killed in the middle of everything: who asks meanwhile is told to come again."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from hotline.office import Office
from tests.cast import Cast
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.postgres import Postgres
from tests.faults.site import People, Site, Web
from tests.faults.waiting import until

OWING = 600
pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


def asked(web: Web, path: str) -> tuple[int, str, str | None]:
    """(the status, the page, when to come again)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{web.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers["Retry-After"]
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers["Retry-After"]


def test_people_and_schedulers_go_on_when_the_database_is_there_again(
    office: Office, cast: Cast, database_url: str, own_postgres: Postgres, tmp_path: Path
) -> None:
    owe_steps(office, OWING)
    database = make_url(database_url).database or ""
    with Site(database_url, tmp_path) as site:
        webs = [site.web(), site.web()]
        site.ready(webs)
        with People(cast, webs) as people:
            schedulers = [site.scheduler(), site.scheduler()]
            people.go_on(4)
            until(lambda: steps_fired(office), "a scheduler has begun", schedulers[0].said)
            assert own_postgres.cut_connections(database) > 0
            people.go_on(6)
            own_postgres.kill()
            _all_say_come_again(webs[0])
            own_postgres.started()
            people.go_on(6)
            until(lambda: not steps_owed(office), "nothing is owed", lambda: steps_owed(office))
        assert [process.popen.poll() for process in site.processes] == [None] * 4, "a process did not live through it"
        assert people.statuses()[503] > 0, "nobody noticed: it was no test"
    check_everything(office, cast, people, OWING)


def _all_say_come_again(web: Web) -> None:
    assert asked(web, "/healthz")[0] == 200
    status, page, again = asked(web, "/policies")
    assert (status, again) == (503, "5") and "数据库暂时不能访问" in page and "</html>" in page
    status, page, again = asked(web, "/api/v1/public/knowledge/articles")
    assert (status, again) == (503, "5") and "database-silent" in page
    assert asked(web, "/readyz")[0] == 503
