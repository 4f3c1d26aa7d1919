"""A full disk: nothing more fits into any file of the server, until there is room again.

The room is taken away by the limit of a process on the size of its files, which needs no rights and no disk of its own: SQLite
meets it as a write that fails, in the middle of a transaction, PostgreSQL as a log of writes that cannot be written, and ends.
"""

import resource
from pathlib import Path

import psutil
import pytest

from hotline.app_context import AppContext
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.postgres import Postgres
from tests.faults.site import SILENT, People, Process, Site
from tests.faults.waiting import until
from tests.support.cast import Cast

OWING, ROOM = 600, 64 * 1024


def limit(process: Process, room: int) -> None:
    for one in (psutil.Process(process.popen.pid), *process.children()):
        one.rlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_full_disk_is_said_and_nothing_is_half_done(
    app_context: AppContext, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    owe_steps(app_context, OWING)
    with Site(database_url, tmp_path) as site:
        web = site.web()
        site.ready([web])
        with People(cast, [web]) as people:
            people.go_on(4)
            scheduler = site.scheduler()
            until(lambda: steps_fired(app_context), "the scheduler has begun", scheduler.said)
            for process in (web, scheduler):
                limit(process, ROOM)
            until(lambda: people.statuses()[SILENT] > 5, "the full disk is said", people.statuses)
            for process in (web, scheduler):
                limit(process, resource.RLIM_INFINITY)
            people.go_on(4)
            until(lambda: not steps_owed(app_context), "nothing is owed", lambda: steps_owed(app_context))
        assert [process.popen.poll() for process in site.processes] == [None] * 2
    check_everything(app_context, cast, people, OWING)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_full_disk_ends_postgresql_and_with_room_again_all_is_there(
    app_context: AppContext, cast: Cast, database_url: str, own_postgres: Postgres, tmp_path: Path
) -> None:
    """Whoever writes next, writes past the limit: its log of writes is one file of 16 MB after the other."""
    owe_steps(app_context, OWING)
    with Site(database_url, tmp_path) as site:
        web = site.web()
        site.ready([web])
        with People(cast, [web]) as people:
            people.go_on(4)
            (scheduler,) = site.schedulers(1)
            until(lambda: steps_fired(app_context), "the scheduler has begun", scheduler.said)
            own_postgres.fill_up(ROOM)
            until(own_postgres.has_ended, "PostgreSQL has ended", own_postgres.log)
            until(lambda: people.statuses()[SILENT] > 5, "the full disk is said", people.statuses)
            own_postgres.started()
            people.go_on(4)
            until(lambda: not steps_owed(app_context), "nothing is owed", lambda: steps_owed(app_context))
        assert [process.popen.poll() for process in site.processes] == [None] * 2
    check_everything(app_context, cast, people, OWING)


def test_a_file_that_does_not_fit_is_refused_whole(app_context: AppContext, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        with pytest.raises(OSError):
            app_context.store.keep(b"x" * 2 * ROOM)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in app_context.store.folder.rglob("*") if path.is_file()] == []
