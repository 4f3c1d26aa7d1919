"""Web servers and schedulers killed with signal 9 while people work, two of each at once."""

import signal
from pathlib import Path

import psutil
import pytest

from hotline.app_context import AppContext
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.site import People, Site
from tests.faults.waiting import until
from tests.support.cast import Cast

OWING = 600


def test_nothing_acknowledged_is_lost_when_processes_are_killed(
    app_context: AppContext, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    owe_steps(app_context, OWING)
    with Site(database_url, tmp_path) as site:
        webs = [site.web(workers=2), site.web()]
        site.ready(webs)
        with People(cast, webs) as people:
            people.go_on(6)
            schedulers = [site.scheduler(), site.scheduler()]
            until(lambda: steps_fired(app_context), "a scheduler has begun", schedulers[0].said)
            schedulers[0].kill()
            webs[0].children()[0].send_signal(signal.SIGKILL)
            people.go_on(6)
            webs[1].kill()
            people.go_on(6)
            again = site.web(webs[1].port)
            schedulers[1].kill()
            site.scheduler()
            site.ready([webs[0], again])
            people.go_on(6)
            until(lambda: not steps_owed(app_context), "nothing is owed", lambda: steps_owed(app_context))
        assert webs[0].popen.poll() is None, "the death of a worker took the server down"
        assert people.statuses()[0] > 0, "nobody noticed: it was no test"
    check_everything(app_context, cast, people, OWING)


def _lives(process: psutil.Process) -> bool:
    """Whoever has ended may still stand in the list, until somebody asks how it ended."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_workers_do_not_outlive_their_server(database_url: str, tmp_path: Path) -> None:
    """Else a server that is started again would find its address taken, by a program of before."""
    with Site(database_url, tmp_path) as site:
        web = site.web(workers=2)
        site.ready([web])
        workers = web.children()
        web.kill()
        until(lambda: not any(_lives(worker) for worker in workers), "the workers are gone")
        site.ready([site.web(web.port)])


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_server_that_is_still_starting_can_be_stopped(database_url: str, tmp_path: Path) -> None:
    """A worker that only loads does not swallow the signal: nobody has to wait until it is killed."""
    with Site(database_url, tmp_path) as site:
        web = site.web(workers=2)
        until(lambda: len(web.children()) == 2, "both workers are there", web.said)
        assert not web.answers()
        web.stop()
        assert web.popen.returncode == 0
        assert "refused to gracefully stop" not in web.said()
