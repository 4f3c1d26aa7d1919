"""PostgreSQL taken back to the instant before a mishap: a base backup, the log of writes kept since, a target time."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from hotline.app_context import AppContext
from tests.conftest import prepare, settings_for
from tests.faults.holds import check_everything
from tests.faults.postgres import Postgres
from tests.faults.waiting import until
from tests.support.build import Builder

COUNT = "SELECT count(*) FROM tickets"
NOW = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


@pytest.fixture
def archiving() -> Iterator[Postgres]:
    """A server that keeps its log of writes in a folder beside its data."""
    server = Postgres(archive_mode="on", archive_command="mkdir -p ../archive && cp %p ../archive/%f")
    try:
        yield server.made()
    finally:
        server.removed()


def tickets_in(app_context: AppContext) -> int:
    with app_context.snapshot() as ctx:
        return int(ctx.session.execute(text(COUNT)).scalar_one())


def test_a_mishap_is_undone_to_the_second(archiving: Postgres, tmp_path: Path) -> None:
    archiving.ask("CREATE DATABASE hotline")
    url = archiving.url("hotline").render_as_string(hide_password=False)
    cast, app_context = prepare(url, tmp_path), AppContext(settings_for(url, tmp_path))
    Builder(app_context, cast).ticket("closed", NOW)
    taken = archiving.folder / "base"
    source = f"host=127.0.0.1 port={archiving.port} user=postgres"
    archiving.run("pg_basebackup", "-D", str(taken), "-d", source, "-c", "fast", "--no-sync")
    Builder(app_context, cast).ticket("handling", NOW)
    before = archiving.ask("SELECT clock_timestamp()")
    with app_context.transaction() as ctx:
        ctx.session.execute(text("UPDATE tickets SET title = '误改', timeline_length = 0"))
    archiving.ask("SELECT pg_switch_wal()")
    last = "SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 16777216)"
    until(lambda: archiving.ask(last), "the log is kept", archiving.log)
    app_context.database.dispose()
    archiving.kill()

    archiving.settings |= {
        "restore_command": f"cp {archiving.folder}/archive/%f %p",
        "recovery_target_time": before.isoformat(" "),
        "recovery_target_action": "promote",
        "archive_mode": "off",
    }
    (taken / "recovery.signal").touch()
    archiving.data = taken
    archiving.started()
    until(lambda: not archiving.ask("SELECT pg_is_in_recovery()"), "the recovery has ended", archiving.log)
    assert tickets_in(app_context) == 2
    check_everything(app_context, cast)
    Builder(app_context, cast).ticket("handling", NOW)
    assert tickets_in(app_context) == 3
    app_context.database.dispose()
