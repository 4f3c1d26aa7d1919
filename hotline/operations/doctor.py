"""What `hotline doctor` says: one line for each part of the service."""

import shutil
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hotline import clock
from hotline.app_context import AppContext
from hotline.models.database import migrate
from hotline.models.tickets.attachments import Attachment
from hotline.queries.dashboards import health
from hotline.queries.dashboards.health import Line
from hotline.storage.file_store import FileStore

LEAST_FREE = 1024**3


def examine(app_context: AppContext) -> Iterator[Line]:
    """Database, migrations, calendar, jobs, ladder, rules, outbox, replica; this host: its clock, the shared folder, the disk.

    When the database does not answer, that is said and no more.
    """
    try:
        current = migrate.current(app_context.database)
    except SQLAlchemyError as error:
        yield Line("database", False, f"数据库不能访问（{type(error).__name__}）")
        return
    yield Line("database", True, f"数据库可访问（{app_context.database.engine.dialect.name}）")
    serves = migrate.serves(current)
    yield Line("migrations", serves, f"数据库版本 {current or '（空）'}，本程序 {migrate.head()}")
    if serves:
        with app_context.snapshot() as ctx:
            yield health.calendar(ctx)
            yield from health.scheduler(ctx)
            yield health.ladder(ctx)
            yield health.rules(ctx)
            yield health.outbox(ctx)
            if not app_context.database.is_sqlite:
                yield health.host_clock(ctx.at(clock.now()))
            yield _latest_attachment(ctx.session, app_context.store)
    if app_context.replica is not None:
        yield health.replica(app_context.replica.standing())
    app_context.settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(app_context.settings.data).free
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
