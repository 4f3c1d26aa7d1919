"""The database: `transaction()` for actions, `snapshot()` for reading. The edges own the transaction, actions only flush."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from hotline.models.database.engine import connect_backoff, map_internal_errors, options_for, ping_idle
from hotline.security.keys import Keys
from hotline.text.lexicon import Lexicon

UNAVAILABLE = (OperationalError, InterfaceError, NoConnectionFree)
"""Not what was asked is at fault, the database is: a connection lost, a server that restarts, a disk that is full."""


class Database:
    """One engine. On SQLite a writing transaction begins with BEGIN IMMEDIATE, so that two writers queue, not collide.

    `keys` seal and chain the rows, by the words of `lexicon` articles are found; migrations need neither. `connecting`: what
    libpq is told besides, on PostgreSQL.
    """

    def __init__(
        self,
        url: str,
        keys: Keys | None = None,
        lexicon: Lexicon | None = None,
        *,
        pool_size: int = 5,
        connecting: Mapping[str, Any] | None = None,
    ) -> None:
        self.url = url
        self.info: dict[str, Any] = {"keys": keys, "lexicon": lexicon}
        self.engine = _engine(url, pool_size, connecting or {})
        self._writing = self.engine.execution_options(hotline_writes=True)
        # SQLite's driver begins a transaction in any case, and costs no way to a server.
        self._alone = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that commits when the block ends and leaves nothing behind when it raises."""
        with Session(self._writing, expire_on_commit=False, info=self.info) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for reading; what it changes is thrown away."""
        with Session(self.engine, expire_on_commit=False, autoflush=False, info=self.info) as session:
            yield session

    @contextmanager
    def autocommit(self) -> Iterator[Session]:
        """A session for one statement that reads: no transaction is begun and ended for it, which are two ways to the server."""
        with Session(self._alone, expire_on_commit=False, autoflush=False, info=self.info) as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def read_one_moment(session: Session) -> None:
    """Let all that a snapshot reads from here on be of one moment, however many statements that takes.

    On SQLite every snapshot is.
    """
    session.rollback()
    if session.get_bind().dialect.name != "sqlite":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def keys_of(session: Session) -> Keys:
    """The keys with which this session's rows are sealed and chained."""
    keys = session.info["keys"]
    assert isinstance(keys, Keys), "this database was opened without keys"
    return keys


def lexicon_of(session: Session) -> Lexicon:
    """The words by which articles are indexed and found in this session."""
    lexicon = session.info["lexicon"]
    assert isinstance(lexicon, Lexicon), "this database was opened without the words of the hotline"
    return lexicon


def _engine(url: str, pool_size: int, connecting: Mapping[str, Any]) -> Engine:
    """What a statement was given stands in no error's text: it may be a name or a telephone, and errors go into logs."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        options = options_for(parsed, connecting)
        engine = create_engine(parsed, connect_args=options, pool_size=pool_size, hide_parameters=True)
        connect_backoff(engine)
        ping_idle(engine)
        map_internal_errors(engine)
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "case_sensitive_like=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hotline_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
