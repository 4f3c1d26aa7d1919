"""What `hotline doctor` says: one line for each part of the service."""

import shutil
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hotline import clock
from hotline.app_context import Office
from hotline.models.database import migrate
from hotline.models.tickets.attachments import Attachment
from hotline.queries.dashboards import health
from hotline.queries.dashboards.health import Line
from hotline.storage.file_store import FileStore

LEAST_FREE = 1024**3


def examine(office: Office) -> Iterator[Line]:
    """Database, migrations, calendar, jobs, ladder, outbox, replica, and this host: its clock, the shared folder, the disk.

    When the database does not answer, that is said and no more.
    """
    try:
        current = migrate.current(office.database)
    except SQLAlchemyError as error:
        yield Line("database", False, f"数据库不能访问（{type(error).__name__}）")
        return
    yield Line("database", True, f"数据库可访问（{office.database.engine.dialect.name}）")
    serves = migrate.serves(current)
    yield Line("migrations", serves, f"数据库版本 {current or '（空）'}，本程序 {migrate.head()}")
    if serves:
        with office.reading() as work:
            yield health.calendar(work.session, work.rulebook, work.now)
            yield from health.scheduler(work.session, work.now)
            yield health.ladder(work.session, work.now)
            yield health.outbox(work.session, work.now)
            if not office.database.is_sqlite:
                yield health.host_clock(work.session, clock.now())
            yield _latest_attachment(work.session, office.store)
    if office.replica is not None:
        yield health.replica(office.replica.standing())
    office.settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(office.settings.data).free
    yield Line("disk", free >= LEAST_FREE, f"磁盘剩余 {free / 1024**3:.1f} GB")


def _latest_attachment(session: Session, store: FileStore) -> Line:
    """Whether this host reads what any host has kept last: all of them need the same folder."""
    digest = session.scalar(select(Attachment.content_hash).order_by(Attachment.id.desc()).limit(1))
    if digest is None:
        return Line("attachments", True, "还没有附件")
    try:
        there = store.whole(digest) is not None
    except OSError:
        there = False
    said = "最近的附件在本机可以读取" if there else "最近的附件在本机读不到：各主机的 HOTLINE_DATA 须是同一个共享目录"
    return Line("attachments", there, said)
