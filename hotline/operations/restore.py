"""A backup becomes an empty service again: read through before anything is touched, kept only when everything was verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from hotline.app_context import AppContext
from hotline.casework.tickets import timeline
from hotline.models.database import migrate
from hotline.models.database.migrate import NotMigrated
from hotline.models.database.restore import SnapshotMismatch, is_empty, restored
from hotline.operations import backup_file
from hotline.operations.backup import Progress
from hotline.operations.backup_file import BadBackup, Manifest, Reading


class NotRestored(Exception):
    """Nothing was restored; the sentence says why, and the database is as empty as before."""


def restore(app_context: AppContext, path: Path, *, progress: Progress) -> Manifest:
    """Put everything back.

    Refuse (`NotRestored`) a database that is not empty, a damaged file, a newer schema or one that is too old, other keys.
    """
    with _refusing(), backup_file.reading(path, app_context.keys) as file:
        manifest = file.manifest
        _check(app_context, manifest)
        _read_through(file, progress)
        rows = sum(manifest.counts.values())

        def filled(done: int) -> None:
            progress("恢复数据库", done, rows)

        parts = (app_context.database, manifest.revision, manifest.counts, file.part, filled)
        with restored(*parts) as session:
            _verify(session, manifest, progress)
            # Before the database is kept: files that no row speaks of yet do no harm, rows without their files would.
            _put_back(app_context, file, progress)
    return manifest


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (BadBackup, NotMigrated, SnapshotMismatch) as error:
        raise NotRestored(str(error)) from None
    except OSError as error:
        raise NotRestored(f"不能恢复：{error.strerror or error}。") from None


def _check(app_context: AppContext, manifest: Manifest) -> None:
    engine = app_context.database.engine.dialect.name
    if manifest.engine != engine:
        raise NotRestored(f"这是 {manifest.engine} 的备份，不能恢复到 {engine}。")
    if migrate.is_too_old(manifest.revision):
        raise NotRestored(
            f"备份的数据库版本 {manifest.revision} 太旧，本程序不能恢复："
            f"请用当时的程序恢复，升级到 {migrate.LAST_OLD} 后重新备份。"
        )
    if migrate.is_later(manifest.revision):
        raise NotRestored(f"备份的数据库版本 {manifest.revision} 比本程序新，请先升级程序。")
    if not is_empty(app_context.database):
        raise NotRestored("目标数据库不是空的，请新建一个空的数据库再恢复。")


def _read_through(file: Reading, progress: Progress) -> None:
    done = 0

    def read(count: int) -> None:
        nonlocal done
        done += count
        progress("核对备份文件", done, file.size)

    try:
        file.check(read)
    except backup_file.BROKEN:
        raise BadBackup("备份文件已损坏。") from None


def _verify(session: Session, manifest: Manifest, progress: Progress) -> None:
    for checked, broken in timeline.verify(session):
        if broken is not None:
            raise SnapshotMismatch(f"工单 {broken.number} 第{broken.sequence}条记录：{broken.what}，未恢复。")
        progress("核验工单记录", checked, manifest.counts["tickets"])


def _put_back(app_context: AppContext, file: Reading, progress: Progress) -> None:
    for done, digest in enumerate(file.manifest.attachments, start=1):
        app_context.store.keep(file.attachment(digest))
        if app_context.store.whole(digest) is None:
            raise SnapshotMismatch(f"附件文件夹中已有的 {digest} 内容不符，未恢复。")
        progress("恢复附件", done, len(file.manifest.attachments))
