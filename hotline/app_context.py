"""The application context: the database with its keys and the rules, opened for a transaction or for reading."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from hotline import clock
from hotline.casework.deadlines.rules_in_force import rulebook_of, rulebook_to_write
from hotline.channels.settings import channels_from
from hotline.context import Context
from hotline.models.database.replica import FAILED, Replica, has_replayed
from hotline.models.database.session import Database
from hotline.queries.public.public_sections import shelves_from
from hotline.rules.actors import SYSTEM, Actor
from hotline.rules.rulebook import Rulebook
from hotline.security.keys import Keys
from hotline.settings.environment import Settings
from hotline.settings.rulebook import rulebook_from
from hotline.storage.file_store import FileStore, Scanner
from hotline.text.lexicon import lexicon_from

log = structlog.get_logger()
Found = TypeVar("Found")


class AppContext:
    """What every edge needs; there is one in a process, and it keeps nothing that another process would have to know."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rulebook = rulebook_from(settings.config)
        self.channels = channels_from(settings.config)
        self.shelves = shelves_from(settings.config)
        self.store = FileStore(settings.data / "attachments")
        self.import_files = FileStore(settings.data / "imports")
        self.scanner = Scanner(settings.clamd) if settings.clamd else None
        self.keys = Keys(settings.secret_key, settings.data_key)
        self.database = Database(settings.database_url, self.keys, lexicon_from(settings.config))
        self.replica = Replica(settings.replica_url, self.database) if settings.replica_url else None

    @contextmanager
    def transaction(self, now: datetime | None = None, *, actor: Actor = SYSTEM) -> Iterator[Context]:
        """Open a transaction that is kept whole when the block ends, and not at all when it raises."""
        with self.database.transaction() as session:
            yield self._context(session, actor, now, rulebook_to_write)

    @contextmanager
    def snapshot(self, now: datetime | None = None, *, actor: Actor = SYSTEM) -> Iterator[Context]:
        """Open a snapshot for reading."""
        with self.database.snapshot() as session:
            yield self._context(session, actor, now)

    @contextmanager
    def autocommit(self) -> Iterator[Context]:
        """Open a session for one statement that reads; its rules are those of the configuration, without imported years."""
        with self.database.autocommit() as session:
            yield Context(session, SYSTEM, clock.now(), lambda: self.rulebook)

    def replica_read(self, read: Callable[[Context], Found], actor: Actor, *, after: int = 0) -> Found:
        """Return what `read` makes of a snapshot for lists and figures, some seconds old where there is a replica.

        All that was written up to the position `after` is in it. `read` changes nothing: where the replica fails half-way, it
        is done again on the primary.
        """
        if self.replica is not None and self.replica.standing().fault is None:
            try:
                with self.replica.database.snapshot() as session:
                    if has_replayed(session, after):
                        return read(self._context(session, actor, None))
            except FAILED as error:
                self.replica.leave()
                log.warning("replica failed", error=type(error).__name__, cause=type(error.__cause__).__name__)
        with self.snapshot(actor=actor) as ctx:
            return read(ctx)

    def _context(
        self,
        session: Session,
        actor: Actor,
        now: datetime | None,
        read: Callable[[Context, Rulebook], Rulebook] = rulebook_of,
    ) -> Context:
        configured = Context(session, SYSTEM, now or clock.now(), lambda: self.rulebook)
        return Context(session, actor, configured.now, lambda: read(configured, self.rulebook))
