"""Connections cut, and PostgreSQL itself killed in the middle of everything: who asks meanwhile is told to come again."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from hotline.app_context import AppContext
from tests.faults.asking import ask
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.postgres import Postgres
from tests.faults.site import People, Site, Web
from tests.faults.waiting import until
from tests.support.cast import Cast

OWING = 600
pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


def test_people_and_schedulers_go_on_when_the_database_is_there_again(
    app_context: AppContext, cast: Cast, database_url: str, own_postgres: Postgres, tmp_path: Path
) -> None:
    owe_steps(app_context, OWING)
    database = make_url(database_url).database or ""
    with Site(database_url, tmp_path) as site:
        webs = [site.web(), site.web()]
        site.ready(webs)
        with People(cast, webs) as people:
            schedulers = site.schedulers(2)
            people.go_on(4)
            until(lambda: steps_fired(app_context), "a scheduler has begun", schedulers[0].said)
            assert own_postgres.cut_connections(database) > 0
            people.go_on(6)
            own_postgres.kill()
            _all_say_come_again(webs[0])
            own_postgres.started()
            people.go_on(6)
            until(lambda: not steps_owed(app_context), "nothing is owed", lambda: steps_owed(app_context))
        assert [process.popen.poll() for process in site.processes] == [None] * 4, "a process did not live through it"
        assert people.statuses()[503] > 0, "nobody noticed: it was no test"
    check_everything(app_context, cast, people, OWING)


def _all_say_come_again(web: Web) -> None:
    assert ask(web, "/healthz").status == 200
    page = ask(web, "/policies")
    text = page.content.decode()
    assert (page.status, page.again) == (503, "5") and "数据库暂时不能访问" in text and "</html>" in text
    answer = ask(web, "/api/v1/public/knowledge/articles")
    assert (answer.status, answer.again) == (503, "5") and b"database-silent" in answer.content
    assert ask(web, "/readyz").status == 503
