"""A backup of everything the service keeps, taken while it serves: the database at one instant, and the attachments."""

import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import hotline
from hotline.app_context import AppContext
from hotline.models.database import snapshot
from hotline.models.database.snapshot import Snapshot
from hotline.operations import backup_file
from hotline.operations.backup_file import Manifest, Writing
from hotline.storage.file_store import FileStore

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""


class NoBackup(Exception):
    """No backup was made; the sentence says why, and no file is left."""


def back_up(app_context: AppContext, path: Path, *, now: datetime, progress: Progress) -> Manifest:
    """Writes the file, whole or not at all; refuses (`NoBackup`) a file that is there already.

    The rows come first: a file is kept before its row is committed and never deleted, so what the rows speak of is there. What is
    lost or damaged all the same is named as missing.
    """
    if path.exists():
        raise NoBackup(f"{path} 已经存在，请换一个文件名。")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".hotline-backup-") as folder:
            half_done = Path(folder) / path.name
            with backup_file.writing(half_done) as file:
                manifest = _write(app_context, file, Path(folder), now, progress)
            with half_done.open("rb") as written:
                os.fsync(written.fileno())
            # Refuses, unlike a renaming, a file that has come there meanwhile.
            path.hardlink_to(half_done)
    except OSError as error:
        raise NoBackup(f"不能写入 {path}：{error.strerror}。") from None
    return manifest


def _write(app_context: AppContext, file: Writing, folder: Path, now: datetime, progress: Progress) -> Manifest:
    def copied(done: int, total: int) -> None:
        progress("备份数据库", done, total)

    with snapshot.taken(app_context.database, folder, copied) as taken:
        if taken.revision is None:
            raise NoBackup("数据库是空的，没有可以备份的内容。")
        for name, chunks in taken.parts:
            file.add_part(name, chunks)
    kept = _keep_attachments(app_context.store, file, taken, progress)
    manifest = Manifest(
        format=backup_file.FORMAT,
        version=hotline.__version__,
        made_at=now.isoformat(),
        engine=app_context.database.engine.dialect.name,
        revision=taken.revision,
        counts=dict(taken.counts),
        parts=file.parts,
        attachments=kept,
        missing=sorted(set(taken.attachments) - set(kept)),
    )
    file.close_with(manifest, app_context.keys)
    return manifest


def _keep_attachments(store: FileStore, file: Writing, taken: Snapshot, progress: Progress) -> list[str]:
    kept = []
    for done, digest in enumerate(taken.attachments, start=1):
        content = store.whole(digest)
        if content is not None:
            file.add_attachment(digest, content)
            kept.append(digest)
        progress("备份附件", done, len(taken.attachments))
    return kept
