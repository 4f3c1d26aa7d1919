"""Backups taken while others write, restored elsewhere and compared row by row; and every way in which a restore says no."""

import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import URL, make_url

from hotline.app_context import AppContext
from hotline.casework.intake.attachments import Upload, attach
from hotline.models.catalogue import metadata
from hotline.models.database import migrate
from hotline.models.tickets.attachments import Attachment
from hotline.models.tickets.tickets import Ticket
from hotline.operations.backup import NoBackup, back_up
from hotline.operations.backup_file import ATTACHMENTS, MANIFEST, SEAL, Manifest
from hotline.operations.restore import NotRestored, restore
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.security.keys import Keys
from tests.commands.command import hotline
from tests.conftest import settings_for
from tests.support.build import Builder
from tests.support.cast import Cast

NOW = datetime(2026, 3, 2, 9, tzinfo=ZONE)


@pytest.fixture
def elsewhere(engine_name: str, database_url: str, tmp_path: Path) -> Iterator[str]:
    """An empty database beside the one that is backed up."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'hotline.db'}"
        return
    server: URL = make_url(database_url)
    beside = server.set(database=f"{server.database}_elsewhere")
    engine = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{beside.database}"'))
    yield beside.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{beside.database}" WITH (FORCE)'))
    engine.dispose()


def told(url: str, data: Path, *arguments: str) -> str:
    done = hotline(*arguments, url=url, data=data)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(url: str, data: Path, *arguments: str) -> str:
    """The one line with which it says no."""
    done = hotline(*arguments, url=url, data=data)
    assert done.returncode == 1, done.stdout
    lines = [line for line in done.stderr.strip().splitlines() if "━" not in line and "%" not in line]
    assert len(lines) == 1, done.stderr
    return lines[0]


def said_nothing(what: str, done: int, total: int) -> None:
    assert what and 0 <= done <= total


def made_here(app_context: AppContext, file: Path) -> Manifest:
    return back_up(app_context, file, now=NOW, progress=said_nothing)


def not_restored(url: str, data: Path, file: Path) -> str:
    app_context = AppContext(settings_for(url, data))
    with pytest.raises(NotRestored) as refusal:
        restore(app_context, file, progress=said_nothing)
    app_context.database.dispose()
    return str(refusal.value)


def restored_here(url: str, data: Path, file: Path) -> Manifest:
    app_context = AppContext(settings_for(url, data))
    made = restore(app_context, file, progress=said_nothing)
    app_context.database.dispose()
    return made


def rows(url: str) -> dict[str, list[Any]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return found


def is_empty(url: str) -> bool:
    engine = create_engine(url)
    with suppress(sqlite3.OperationalError), engine.connect() as connection:
        names = engine.dialect.get_table_names(connection)
    engine.dispose()
    return names == []


def keep_file(app_context: AppContext, cast: Cast, number: str, content: bytes) -> str:
    known = {
        "store": app_context.store,
        "scanner": None,
    }
    with app_context.transaction(NOW) as ctx:
        return attach(ctx.by(cast.operator).at(NOW), number, Upload("说明.txt", content), **known).content_hash  # type: ignore[arg-type]


class Writers:
    """Three people who log calls and attach papers until they are told to stop; `numbers` holds what was acknowledged."""

    def __init__(self, app_context: AppContext, cast: Cast) -> None:
        self.app_context, self.cast, self.stopped = app_context, cast, threading.Event()
        self.numbers: list[str] = []
        self.threads = [threading.Thread(target=self._work, args=[n]) for n in range(3)]

    def _work(self, position: int) -> None:
        build = Builder(self.app_context, self.cast)
        while not self.stopped.is_set():
            number = build.ticket("handling", NOW)
            keep_file(self.app_context, self.cast, number, f"{position}:{number}".encode())
            self.numbers.append(number)

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def _backed_up_meanwhile(writers: Writers, database_url: str, data: Path, file: Path) -> list[str]:
    """What was acknowledged before the backup; a backup during which nobody came to write is taken again."""
    for _ in range(20):
        file.unlink(missing_ok=True)
        before = list(writers.numbers)
        told(database_url, data, "backup", str(file))
        if len(writers.numbers) > len(before):
            return before
    raise AssertionError("nobody wrote during any backup: it was no test")


def test_a_backup_taken_while_others_write_is_of_one_instant(
    app_context: AppContext, cast: Cast, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    file, data = tmp_path / "hotline.operations.backup", tmp_path / "elsewhere"
    with Writers(app_context, cast) as writers:
        while len(writers.numbers) < 6:
            writers.stopped.wait(0.01)
        before = _backed_up_meanwhile(writers, database_url, tmp_path, file)
    assert file.stat().st_mode & 0o077 == 0
    said = told(elsewhere, data, "restore", str(file))
    assert "张工单记录完整" in said
    assert "记录完整" in told(elsewhere, data, "timeline", "verify")
    other = AppContext(settings_for(elsewhere, data))
    with other.snapshot() as ctx:
        there = set(ctx.session.scalars(select(Ticket.number)))
        hashes = set(ctx.session.scalars(select(Attachment.content_hash)))
    other.database.dispose()
    assert set(before) <= there
    assert all(other.store.whole(digest) is not None for digest in hashes) and len(hashes) >= len(before)


def test_what_is_restored_is_the_same_row_by_row_and_people_go_on_working(
    app_context: AppContext, cast: Cast, build: Builder, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    file, data = tmp_path / "hotline.operations.backup", tmp_path / "elsewhere"
    number = build.ticket("closed", NOW)
    digest = keep_file(app_context, cast, number, "乱码和\t制表符\\N".encode())
    _past_a_gap_of_keys(app_context)
    assert len(made_here(app_context, file).attachments) == 1
    restored_here(elsewhere, data, file)
    assert rows(elsewhere) == rows(database_url)
    other = AppContext(settings_for(elsewhere, data))
    assert other.store.whole(digest) == app_context.store.read(digest)
    again = Builder(other, cast).ticket("handling", NOW + timedelta(days=1))
    other.database.dispose()
    assert again != number


def _past_a_gap_of_keys(app_context: AppContext) -> None:
    """The last key of a table is far ahead of how many rows it has."""
    with app_context.transaction() as ctx:
        row = {column.name: 0 for column in metadata.tables["search_words"].columns}
        ctx.session.execute(insert(metadata.tables["search_words"]), [{**row, "id": 10_000_000, "word": "很远"}])


@pytest.fixture
def backed_up(app_context: AppContext, cast: Cast, build: Builder, tmp_path: Path) -> Path:
    keep_file(app_context, cast, build.ticket("handling", NOW), b"paper")
    made_here(app_context, tmp_path / "whole")
    return tmp_path / "whole"


def rewritten(source: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """The same file with some members changed, or without them."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def sealed_anew(source: Path, target: Path, **changes: Any) -> Path:
    """The same file as another version of the program would have written it."""
    with zipfile.ZipFile(source) as old:
        known = {**json.loads(old.read(MANIFEST)), **changes}
    manifest = json.dumps(known)
    seal = Keys("secret-for-tests-only", "data-key-for-tests-only").digest("backup", manifest)
    return rewritten(source, target, {MANIFEST: manifest.encode(), SEAL: seal.encode()})


def test_each_way_of_saying_no_leaves_nothing_behind(
    backed_up: Path, database_url: str, elsewhere: str, tmp_path: Path, engine_name: str
) -> None:
    data = tmp_path / "elsewhere"
    with zipfile.ZipFile(backed_up) as archive:
        names = archive.namelist()
    paper = next(name for name in names if name.startswith(ATTACHMENTS))
    counts = {"counts": {"tickets": 7}} if engine_name == "postgresql" else {"counts": {"tickets": 2}}
    other = "postgresql" if engine_name == "sqlite" else "sqlite"
    part = "hotline.sqlite" if engine_name == "sqlite" else "tickets"
    cut = tmp_path / "cut"
    cut.write_bytes(backed_up.read_bytes()[:-100])
    bent = tmp_path / "bent"
    content = bytearray(backed_up.read_bytes())
    content[200:300] = bytes(100)
    bent.write_bytes(content)
    (tmp_path / "text").write_text("no backup")
    cases = {
        "不是备份文件，或已损坏": [tmp_path / "text", cut],
        "不完整": [rewritten(backed_up, tmp_path / "b", {paper: None})],
        "校验和不符": [rewritten(backed_up, tmp_path / "c", {paper: b"else", part: b"else"})],
        "已损坏": [bent],
        "签章不符": [rewritten(backed_up, tmp_path / "d", {SEAL: b"00"})],
        "比本程序新，请先升级程序": [
            sealed_anew(backed_up, tmp_path / "e", revision="9999"),
            sealed_anew(backed_up, tmp_path / "f", format=2),
        ],
        "太旧，本程序不能恢复": [
            sealed_anew(backed_up, tmp_path / f"old{revision}", revision=revision)
            for revision in migrate.OLD_REVISIONS[:-1]
        ],
        f"这是 {other} 的备份": [sealed_anew(backed_up, tmp_path / "g", engine=other)],
        "tickets应有": [sealed_anew(backed_up, tmp_path / "h", **counts)],
    }
    for sentence, files in cases.items():
        for file in files:
            assert sentence in not_restored(elsewhere, data, file), file
            assert is_empty(elsewhere) and not (data / "hotline.db.part").exists(), file
    assert "不是备份文件" in refused(elsewhere, data, "restore", str(cut))
    before = rows(database_url)
    assert "不是空的" in refused(database_url, tmp_path, "restore", str(backed_up))
    assert rows(database_url) == before
    assert restored_here(elsewhere, data, backed_up).counts["tickets"] == 1


def test_a_backup_of_the_last_old_revision_is_restored_at_its_successor(
    app_context: AppContext, build: Builder, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    number = build.ticket("handling", NOW)
    migrate.downgrade(database_url, migrate.SUCCESSOR)
    with app_context.transaction() as ctx:
        ctx.session.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": migrate.LAST_OLD})
    assert made_here(app_context, tmp_path / "old").revision == migrate.LAST_OLD
    migrate.upgrade(database_url)
    restored_here(elsewhere, tmp_path / "elsewhere", tmp_path / "old")
    assert rows(elsewhere) == rows(database_url)
    other = AppContext(settings_for(elsewhere, tmp_path / "elsewhere"))
    assert migrate.current(other.database) == migrate.head()
    with other.snapshot() as ctx:
        assert ctx.session.scalars(select(Ticket.number)).all() == [number]
    other.database.dispose()


def test_a_broken_timeline_is_not_restored(
    app_context: AppContext, build: Builder, elsewhere: str, tmp_path: Path
) -> None:
    """A backup of what was tampered with is made, for evidence; it does not become a service again."""
    build.ticket("handling", NOW)
    with app_context.transaction() as ctx:
        ctx.session.execute(text("UPDATE tickets SET timeline_length = timeline_length + 1"))
    made_here(app_context, tmp_path / "tampered")
    assert "末尾的记录缺失，未恢复" in not_restored(elsewhere, tmp_path / "elsewhere", tmp_path / "tampered")
    assert is_empty(elsewhere)


def test_what_a_backup_cannot_hold_is_said(app_context: AppContext, cast: Cast, build: Builder, tmp_path: Path) -> None:
    keep_file(app_context, cast, build.ticket("handling", NOW), b"paper")
    made_here(app_context, tmp_path / "whole")
    for file, sentence in ((tmp_path / "whole", "已经存在"), (tmp_path / "nowhere" / "file", "不能写入")):
        with pytest.raises(NoBackup, match=sentence):
            made_here(app_context, file)
    shutil.rmtree(app_context.store.folder)
    assert len(made_here(app_context, tmp_path / "without").missing) == 1
    said = refused(app_context.settings.database_url, tmp_path, "backup", str(tmp_path / "told"))
    assert "1个附件原文件缺失" in said and (tmp_path / "told").exists()
    assert list(tmp_path.glob(".hotline-backup-*")) == []


def test_an_empty_database_is_no_backup(empty_url: str, tmp_path: Path) -> None:
    app_context = AppContext(settings_for(empty_url, tmp_path))
    with pytest.raises(NoBackup, match="数据库是空的"):
        made_here(app_context, tmp_path / "file")
    app_context.database.dispose()
    assert not (tmp_path / "file").exists()
