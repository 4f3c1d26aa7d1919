"""What `hotline doctor` says: one line for each part of the service."""

import shutil
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from hotline.office import Office
from hotline.reading import health
from hotline.reading.health import Line
from hotline.records import migrate

LEAST_FREE = 1024**3


def examine(office: Office) -> Iterator[Line]:
    """Database, migrations, calendar, jobs, ladder, outbox, replica, disk; of a silent database that is said and no more."""
    try:
        current, head = migrate.current(office.database), migrate.head()
    except SQLAlchemyError as error:
        yield Line("database", False, f"数据库不能访问（{type(error).__name__}）")
        return
    yield Line("database", True, f"数据库可访问（{office.database.engine.dialect.name}）")
    yield Line("migrations", current == head, f"数据库版本 {current or '（空）'}，最新 {head}")
    if current == head:
        with office.reading() as work:
            yield health.calendar(work.session, work.rulebook, work.now)
            yield from health.scheduler(work.session, work.now)
            yield health.ladder(work.session, work.now)
            yield health.outbox(work.session, work.now)
    if office.replica is not None:
        yield health.replica(office.replica.standing())
    office.settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(office.settings.data).free
    yield Line("disk", free >= LEAST_FREE, f"磁盘剩余 {free / 1024**3:.1f} GB")
